from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from submissions import demo
from submissions.models import Submission
from themes import intake
from themes.intake import Intake
from themes.models import Consultation


class Command(BaseCommand):
    help = "Fills an install with made-up submissions. Never on one that has received real ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=300, help="how many submissions (300)")
        parser.add_argument("--consultation", default="elements-paper", help="the consultation's address")

    def handle(self, *args: Any, count: int, consultation: str, **options: Any) -> None:
        try:
            found = Consultation.objects.filter(slug=consultation).first()
        except OperationalError as error:
            raise CommandError("The database does not answer. Start the install with `make run` first.") from error
        if found is None:
            raise CommandError(f"There is no consultation at /{consultation}/. `manage.py seed` makes one.")
        at = timezone.now()
        if intake.intake_at(found, at) is not Intake.OPEN:
            raise CommandError(f"{found} is not open, and nothing can be added to it.")
        real = Submission.objects.filter(consultation=found).exclude(email__endswith="@example.org").count()
        if real:
            raise CommandError(f"{found} has received {real} submissions that are not made up. Nothing was added.")
        count_added = demo.fill(found, count=count, at=at, seed=20 + Submission.objects.count())
        self.stdout.write(f"Added {count_added} made-up submissions to {found}.")
