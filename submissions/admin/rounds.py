"""What submissions add to the pages of a consultation: the tags of the round before, the record on the check list."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from submissions.models import Record, Tag
from submissions.queries.tags import as_tree
from themes.models import Consultation
from themes.publication import Check
from themes.signals import round_copied, steps_after_closing


@receiver(round_copied, dispatch_uid="submissions.code_frame")
def copy_code_frame(sender: Any, *, previous: Consultation, new: Consultation, **kwargs: Any) -> None:
    rows = list(as_tree(Tag.objects.filter(consultation=previous)))

    def copied(one: Tag, parent: Tag | None) -> Tag:
        return Tag(consultation=new, name=one.name, colour=one.colour, description=one.description, parent=parent)

    above = {one.pk: copied(one, None) for one in rows if one.parent_id is None}
    Tag.objects.bulk_create(above.values())
    Tag.objects.bulk_create(copied(one, above[one.parent_id]) for one in rows if one.parent_id is not None)


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
