"""One import path for each model: `from accounts.models import ...`."""

from accounts.models.colleague import ROLES, Colleague
from accounts.models.identity import OrganisationIdentity
from accounts.models.invitation import Invitation
from accounts.models.second_factor import AuthenticatorApp, RecoveryCode, RecoveryCodes
from accounts.models.security_event import SecurityEvent
from accounts.models.session import WorkspaceSession

__all__ = [
    "ROLES",
    "AuthenticatorApp",
    "Colleague",
    "Invitation",
    "OrganisationIdentity",
    "RecoveryCode",
    "RecoveryCodes",
    "SecurityEvent",
    "WorkspaceSession",
]
