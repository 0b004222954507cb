import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from privacy import disclosure, erasure
from privacy.models import PersonalDataRequest


class Command(BaseCommand):
    help = (
        "Answers a person's request: prints what is held, or carries out what two colleagues approved in the workspace."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--held-about", metavar="WHOM", help="a reference or an e-mail address: prints JSON")
        which.add_argument("--carry-out", metavar="REQUEST", type=int, help="the number of an approved request")
        which.add_argument(
            "--repeat", action="store_true", help="every request that was carried out, after a restore from a backup"
        )

    def handle(self, *args: Any, held_about: str | None, carry_out: int | None, repeat: bool, **options: Any) -> None:
        if held_about is not None:
            references = disclosure.references_of(held_about) if "@" in held_about else [held_about.upper()]
            held = [disclosure.held_about(reference) for reference in references]
            self.stdout.write(json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
            return
        requests = PersonalDataRequest.objects.order_by("pk")
        chosen = requests.filter(done_at__isnull=False) if carry_out is None else requests.filter(pk=carry_out)
        if carry_out is not None and not chosen.exists():
            raise CommandError(f"There is no request {carry_out}.")
        for request in chosen:
            self._carry_out(request)

    def _carry_out(self, request: PersonalDataRequest) -> None:
        try:
            changed = erasure.carry_out(request)
        except (erasure.NotApproved, erasure.NothingThere) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Request {request.pk}, {request}: {changed} versions changed.")
