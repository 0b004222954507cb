"""What submissions add to the pages of a consultation: the tags of the round before, the record on the check list."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from submissions.models import Record, Tag
from themes.models import Consultation
from themes.publication import Check
from themes.signals import round_copied, steps_after_closing


@receiver(round_copied, dispatch_uid="submissions.code_frame")
def copy_code_frame(sender: Any, *, previous: Consultation, new: Consultation, **kwargs: Any) -> None:
    rows = Tag.objects.filter(consultation=previous).order_by("name")
    Tag.objects.bulk_create(
        Tag(consultation=new, name=one.name, colour=one.colour, description=one.description) for one in rows
    )


@receiver(steps_after_closing, dispatch_uid="submissions.record")
def record_steps(sender: Any, *, consultation: Consultation, **kwargs: Any) -> list[Check]:
    closed_at = consultation.closed_at
    record = closed_at and Record.objects.filter(consultation=consultation, closed_at=closed_at).first()
    return [
        Check(_("Its record is written."), bool(record and record.written_at), is_wanted=False),
        Check(
            _("Its record is verified (manage.py verify_record)."),
            bool(record and record.verified_at),
            is_wanted=False,
        ),
    ]
