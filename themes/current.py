"""Which consultation a page is about that was asked for none."""

from datetime import datetime

from themes import intake
from themes.intake import Intake
from themes.models import Consultation


def current_consultation(moment: datetime) -> Consultation | None:
    """The one that is open, of several the one that closes first; else the last that closed; else the next to open."""
    for state, order in ((Intake.OPEN, "closes_at"), (Intake.CLOSED, "-closes_at"), (Intake.UPCOMING, "opens_at")):
        found = Consultation.objects.filter(intake.IS_PUBLIC, intake.is_in(state, moment)).order_by(order, "pk").first()
        if found is not None:
            return found
    return None
