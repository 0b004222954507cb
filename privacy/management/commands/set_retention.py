from typing import Any

from django.core.management.base import BaseCommand

from privacy import retention


class Command(BaseCommand):
    help = "Writes the periods of the settings (…_KEPT_DAYS) into the database, as its owner. `prepare` runs it."

    def handle(self, *args: Any, **options: Any) -> None:
        retention.set_periods()
