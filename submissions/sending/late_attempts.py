"""Evidence for an extension: what came too late is noted, without what it said."""

from submissions.models import Draft, LateAttempt
from submissions.text.canonical import sha256_of
from submissions.text.content import Contents
from themes.intake import DatabaseClock
from themes.models import Consultation


def note_late_attempt(
    *, consultation: Consultation, contents: Contents, draft: Draft, waited: float | None = None
) -> LateAttempt:
    """Writes down that a sending came too late: when by PostgreSQL's clock, how many bytes, and their SHA-256.

    Args:
        waited: seconds for which it had stood on our side before it was handled.
        draft: what was sent from it again, unchanged, is the same attempt, and the first moment stays.
    """
    ordered = sorted(contents.items(), key=lambda item: item[0].number)
    parts = (part for _theme, content in ordered for part in content.parts() if part)
    whole = "\n\n".join(parts).encode()
    facts = {
        "consultation": consultation,
        "arrived_at": DatabaseClock(),
        "byte_count": len(whole),
        "waited_ms": None if waited is None else round(waited * 1000),
    }
    attempt, _is_new = LateAttempt.objects.get_or_create(draft=draft, sha256=sha256_of(whole), defaults=facts)
    attempt.refresh_from_db()
    return attempt
