"""What a text on a theme has in common, on a draft and in what was sent."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import models

from submissions.text.content import Content, ProposedWording

# As a column beside the text's own: its rows of proposed wording, as JSON. Every page of a drafter and every save
# begins with it; Django's own way of asking takes eight times the processor time, and a statement more.
PROPOSED = """(
    SELECT jsonb_agg(jsonb_build_array(p.paragraph, p.wording, p.reason) ORDER BY p.position)
    FROM {proposals} p WHERE p.contribution_id = c.id
) AS proposed"""


class ThemeText(models.Model):
    """Its model has `text`, `words`, `own_consent` and `proposals`."""

    # In memory alone: its rows as JSON, where they were read with it; None where there are none.
    proposed: str | None = ""
    text: Any
    words: Any
    own_consent: Any
    proposals: Any

    class Meta:
        abstract = True

    @property
    def content(self) -> Content:
        if self.proposed == "":
            rows = tuple(ProposedWording(row.paragraph, row.wording, row.reason) for row in self.proposals.all())
        else:
            rows = tuple(ProposedWording(*parts) for parts in json.loads(self.proposed or "[]"))
        return Content(self.text, rows, self.own_consent, self.words)


def prefetched(row: models.Model, related: str, found: Sequence[models.Model]) -> None:
    """As `prefetch_related` leaves it: `row.<related>.all()` is what was found, and asks the database no more."""
    rows = getattr(row, related).all()
    rows._result_cache, rows._prefetch_done = list(found), True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[related] = rows
