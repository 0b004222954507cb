from typing import Any

from django.core.management.base import BaseCommand, CommandError

from submissions.mail.incoming import MAX_BYTES, Outcome, receive


class Command(BaseCommand):
    help = (
        "Reads a mail to the address that ours come from, on standard input: notes a report of one that did not "
        "arrive, and passes on what a person wrote."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        import sys  # noqa: PLC0415 - the stream of this call, not of the import

        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        outcome = Outcome.LEFT if len(raw) > MAX_BYTES else receive(raw)
        if outcome is Outcome.LEFT:
            # The mail server that pipes it here says so to its sender, or keeps it.
            raise CommandError("Not taken: it is too large, or CONTACT_EMAIL names nobody to pass it on to.")
        self.stdout.write(outcome.value)
