from typing import Any

from django.core.management.base import BaseCommand

from submissions.mail.bounces import MAX_BYTES, note_bounce


class Command(BaseCommand):
    help = "Reads a mail from standard input; if it reports that one of ours was lost, that is written down."

    def handle(self, *args: Any, **options: Any) -> None:
        import sys  # noqa: PLC0415 - the stream of this call, not of the import

        mail = note_bounce(sys.stdin.buffer.read(MAX_BYTES))
        self.stdout.write(f"Came back: {mail.message_id}" if mail else "No report of a mail of ours.")
