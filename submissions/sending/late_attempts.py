"""Evidence for an extension: what came too late is noted, without what it said."""

from submissions.models import LateAttempt
from submissions.text.canonical import sha256_of
from submissions.text.content import Contents
from themes.intake import DatabaseClock
from themes.models import Consultation


def note_late_attempt(*, consultation: Consultation, contents: Contents) -> LateAttempt:
    """Writes down that a sending came too late: when by PostgreSQL's clock, how many bytes, and their SHA-256."""
    ordered = sorted(contents.items(), key=lambda item: item[0].number)
    parts = (part for _theme, content in ordered for part in content.parts() if part)
    whole = "\n\n".join(parts).encode()
    attempt = LateAttempt.objects.create(
        consultation=consultation, arrived_at=DatabaseClock(), byte_count=len(whole), sha256=sha256_of(whole)
    )
    attempt.refresh_from_db()
    return attempt
