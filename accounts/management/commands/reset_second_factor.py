from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from accounts import invitations, second_factor


class Command(BaseCommand):
    help = (
        "For whoever lost phone and recovery codes: takes the second factor away, and makes an invitation to a new one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        if not second_factor.reset(user):
            raise CommandError(f"{username} has no second factor yet.")
        self.stdout.write(f"{username} sets up a new second factor with this link: {invitations.invite(user)}")
