from django.contrib.auth.models import User

from accounts import invitations
from accounts.management.account_command import AccountCommand


class Command(AccountCommand):
    help = "Makes the link with which an account sets up its second factor: good once, and for three days."

    def answer(self, user: User) -> str:
        return invitations.invite(user)
