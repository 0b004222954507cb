"""The outage rule, as it is published: what an outage gives back to those who could not send.

If the site could not be reached for more than ten minutes in the last 72 hours before the cutoff, the cutoff is
extended by at least the time lost, in full hours. The secretariat sees the gaps and decides; the history is public.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from themes import intake
from themes.models import Consultation
from wsis import heartbeat
from wsis.models import Heartbeat

LAST_HOURS = timedelta(hours=72)
TOLERATED = timedelta(minutes=10)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Outage:
    """From when to when the web server was not alive while intake was open, to the minute."""

    began_at: datetime
    ended_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ended_at - self.began_at


def outages(consultation: Consultation, *, at: datetime) -> list[Outage]:
    """The gaps in the web server's heartbeats while intake was open, up to `at`."""
    since, until = intake.open_until(consultation, at)
    return [Outage(*gap) for gap in heartbeat.gaps(Heartbeat.Part.WEB, since=since, until=until)]


def justified_extension(found: list[Outage], *, last_hours_from: datetime) -> timedelta:
    """What the rule gives back for `found`: full hours, or nothing."""
    lost = sum(
        (max(outage.ended_at - max(outage.began_at, last_hours_from), timedelta(0)) for outage in found),
        timedelta(0),
    )
    return -(-lost // HOUR) * HOUR if lost > TOLERATED else timedelta(0)
