from django.contrib.auth.models import User
from django.core.management.base import CommandError

from accounts import invitations, second_factor
from accounts.management.account_command import AccountCommand


class Command(AccountCommand):
    help = (
        "For whoever lost phone and recovery codes: takes the second factor away, and makes an invitation to a new one."
    )

    def answer(self, user: User) -> str:
        if not second_factor.reset(user):
            raise CommandError(f"{user} has no second factor yet.")
        return f"{user} sets up a new second factor with this link: {invitations.invite(user)}"
