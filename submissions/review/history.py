"""What was done with a submission, on the history page that Django's admin has for it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from submissions.models import Submission


def note_on_history(submissions: Iterable[Submission], by: Any, message: str) -> None:
    kind = ContentType.objects.get_for_model(Submission)
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                user_id=by.pk,
                content_type=kind,
                object_id=str(one.pk),
                object_repr=one.reference,
                action_flag=CHANGE,
                change_message=message,
            )
            for one in submissions
        ],
        batch_size=1000,
    )
