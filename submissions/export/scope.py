"""Which of the chosen submissions' texts an export holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from submissions.models import Contribution, Submission
from themes.models import Theme


@dataclass(frozen=True)
class Scope:
    """All of them, or only those on some areas, or only those of a list of contributions.

    Attributes:
        themes: none for all.
        texts: of the list; None where the list was of submissions.
    """

    themes: Sequence[Theme] = ()
    texts: QuerySet[Contribution] | None = None

    def texts_of(self, submissions: QuerySet[Submission], **on: Any) -> QuerySet[Contribution]:
        """Those that these submissions say, as far as they match `on`."""
        rows = Contribution.objects.filter(submission__in=submissions.values("pk"), **on)
        if self.themes:
            rows = rows.filter(theme__in=self.themes)
        return rows if self.texts is None else rows.filter(pk__in=self.texts.order_by().values("pk"))
