"""System checks: what must be true before this may serve the public. `manage.py check --deploy` runs them all."""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def one_transaction_per_write(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ATOMIC_REQUESTS"]:
        return [
            Error(
                "ATOMIC_REQUESTS is on: a sending that PostgreSQL refuses at COMMIT would be shown as accepted.",
                hint="Leave it off. submissions/sending/submit.py opens the one transaction that a sending needs.",
                id="wsis.E001",
            )
        ]
    return []


@register(Tags.security)
def exports_are_not_public(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    exports = Path(settings.STORAGES["default"].get("OPTIONS", {}).get("location", "/")).resolve()
    static = Path(settings.STATIC_ROOT).resolve()
    if exports == static or static in exports.parents:
        return [
            Error(
                "Exports would be written under the folder of static files, which anybody can read.",
                hint="Set EXPORTS_DIR to a folder outside STATIC_DIR.",
                id="wsis.E002",
            )
        ]
    return []


@register(Tags.database)
def database_is_postgresql(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        return [
            Error(
                "The database is not PostgreSQL: the cutoff is decided by a trigger that only PostgreSQL has.",
                hint="Set DATABASE_URL to postgres://…, or leave it empty for the embedded one.",
                id="wsis.E003",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def public_address_is_https(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.IS_HTTPS:
        return [
            Error(
                f"PUBLIC_URL is {settings.PUBLIC_URL}: drafts and passwords would cross the network in clear.",
                hint="Set PUBLIC_URL to the https:// address that the proxy serves.",
                id="wsis.E004",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def workspace_wants_a_second_factor(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.SECOND_FACTOR:
        return [
            Error(
                "A password alone opens the workspace, with every name and address in it.",
                hint="Set SECOND_FACTOR=true, or leave it out: it is on wherever the public is.",
                id="wsis.E006",
            )
        ]
    return []


@register(Tags.security)
def sign_on_is_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.OIDC_ISSUER:
        return []
    issuer = urlsplit(settings.OIDC_ISSUER)
    is_safe = issuer.scheme == "https" or (issuer.scheme == "http" and issuer.hostname in {"127.0.0.1", "localhost"})
    wanting = {
        "an https:// address in OIDC_ISSUER": is_safe,
        "OIDC_CLIENT_ID": settings.OIDC_RP_CLIENT_ID,
        "OIDC_CLIENT_SECRET": settings.OIDC_RP_CLIENT_SECRET,
        "OIDC_GROUPS, or nobody gets in": settings.OIDC_GROUPS,
    }
    return [
        Error(
            f"Single sign-on is set up by half: it wants {name}.",
            hint="See OIDC_ISSUER in .env.example; leave it empty for passwords.",
            id="wsis.E008",
        )
        for name, is_there in wanting.items()
        if not is_there
    ]


@register(Tags.security)
def time_stamps_are_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if any("@" in urlsplit(authority).netloc for authority in settings.TIMESTAMP_AUTHORITIES):
        # The register's page names them.
        return [Error("TIMESTAMP_AUTHORITIES holds a name or a password.", id="wsis.E010")]
    if not settings.TIMESTAMP_AUTHORITIES or os.access(settings.TIMESTAMP_ROOTS, os.R_OK):
        return []
    return [
        Error(
            "Time stamps are set up by half: TIMESTAMP_ROOTS names no file that can be read.",
            hint="Set it to the authorities' certificates, or leave TIMESTAMP_AUTHORITIES empty.",
            id="wsis.E009",
        )
    ]


@register(Tags.security, deploy=True)
def breached_passwords_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.BREACH_LIST and os.access(settings.BREACH_LIST, os.R_OK):
        return []
    return [
        checks.Warning(
            "No file of breached passwords can be read: of those, only the most common are refused.",
            hint="Set BREACH_LIST to a file as haveibeenpwned.com/Passwords offers it.",
            id="wsis.W002",
        )
    ]


@register(Tags.security, deploy=True)
def mail_leaves_the_machine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return [
            Error(
                "Receipts are not sent by SMTP, so stakeholders would get none.",
                hint="Set EMAIL_URL to smtp+tls://user:password@host:587 or the like.",
                id="wsis.E005",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def mail_has_a_sender(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    if host in {"", "localhost", "127.0.0.1", "[127.0.0.1]"}:
        return [
            Error(
                f"Mail would come from {settings.DEFAULT_FROM_EMAIL or 'nobody'}, which mail servers refuse.",
                hint="Set MAIL_FROM to an address that exists, or PUBLIC_URL to the public address.",
                id="wsis.E007",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def somebody_can_be_asked(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.CONTACT_EMAIL in {"", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}:
        return [
            checks.Warning(
                "CONTACT_EMAIL is not set: people are told to write to the address that mails come from.",
                hint="Set it to an address that the secretariat reads.",
                id="wsis.W001",
            )
        ]
    return []
