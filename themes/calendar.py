"""The cutoff as a calendar entry (RFC 5545), which every calendar shows in its owner's own time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from themes.models import Consultation
from themes.templatetags.deadline import cutoff_in_words

CONTENT_TYPE = "text/calendar; charset=utf-8"
REMIND_BEFORE = timedelta(days=1)


def deadline_entry(consultation: Consultation, *, url: str, at: datetime) -> bytes:
    """One event at the instant of the cutoff. Imported again after an extension, it replaces the one before.

    Args:
        url: of the consultation's page.
        at: when it is asked for; the entry's own stamp.
    """
    event = Event()
    event.add("uid", f"{consultation.slug}-cutoff@{settings.PUBLIC_URL.partition('//')[2]}")
    event.add("sequence", consultation.extensions.count())
    event.add("dtstamp", at)
    event.add("dtstart", consultation.closes_at)
    event.add("summary", _("Deadline: %(title)s") % {"title": consultation.title})
    when = cutoff_in_words(consultation.closes_at, consultation.time_zone)
    event.add("description", _("Input is taken until %(when)s.") % {"when": when} + f"\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMIND_BEFORE)
    alarm.add("description", _("One day left: %(title)s") % {"title": consultation.title})
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//WSIS+20 consultation//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    entry: bytes = calendar.to_ical()
    return entry
