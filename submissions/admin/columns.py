"""Columns that the lists of submissions and of contributions have in common: what the workspace made of each."""

from typing import Any

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from submissions.admin.tags import tags_in_colour
from submissions.models import Admission, Flag, Review, Submission, Tag, Way


class ReviewColumnsMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """`path` leads from a row to its submission: empty, or ending in __."""

    path = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        reference = OuterRef(f"{self.path}reference")
        review = Review.objects.filter(reference=reference)
        tags = Tag.objects.filter(reviews__reference=reference).order_by("name")
        flags = Flag.objects.filter(reference=reference, dismissed_at__isnull=True).order_by("kind")
        admission = Admission.objects.filter(submission=OuterRef(f"{self.path}pk"))
        shown: QuerySet[Any] = super().get_queryset(request)
        annotated: QuerySet[Any] = shown.annotate(
            review_state=Subquery(review.values("state")),
            read_version=Subquery(review.values("read_version")),
            assigned_to=Subquery(review.values("assignee__username")),
            tagged=ArraySubquery(tags.values(one=JSONObject(name="name", colour="colour"))),
            flagged=ArraySubquery(flags.values("kind")),
            came_in=Subquery(admission.values(one=JSONObject(way="way", is_late="is_late"))),
        )
        return annotated

    @admin.display(description=gettext_lazy("review"), ordering="review_state")
    def review(self, row: Any) -> SafeString:
        return self.state(row)

    @admin.display(description=gettext_lazy("assigned to"), ordering="assigned_to")
    def assignee(self, row: Any) -> str:
        return row.assigned_to or "–"

    @admin.display(description=gettext_lazy("tags and flags"))
    def marks(self, row: Any) -> SafeString | str:
        """How many, with their names for whoever points at them or comes by with the keyboard."""
        # That it came in late is told by the way it came in.
        tags, flags = len(row.tagged), len(set(row.flagged) - {Flag.Kind.LATE}) + bool(row.came_in)
        counted = [
            *([ngettext("%(n)d tag", "%(n)d tags", tags) % {"n": tags}] if tags else []),
            *([ngettext("%(n)d flag", "%(n)d flags", flags) % {"n": flags}] if flags else []),
        ]
        if not counted:
            return "–"
        return format_html(
            '<span class="fold" tabindex="0">{}<span class="fold-text">{} {}</span></span>',
            " · ".join(counted),
            self.shown_tags(row),
            self.flags(row),
        )

    def state(self, row: Any) -> SafeString:
        state = Review.State(row.review_state or Review.State.NEW)
        words = str(state.label)
        version = row.version if not self.path else row.submission.version
        if row.review_state and 0 < row.read_version < version and state != Review.State.NEW:
            words = _("%(state)s, changed since") % {"state": words}
        return format_html('<span class="review review-{}">{}</span>', state.value, words)

    def shown_tags(self, row: Any) -> SafeString:
        return tags_in_colour((tag["colour"], tag["name"]) for tag in row.tagged)

    def flags(self, row: Any) -> SafeString:
        """How it came in stands first: what is late, or was entered here, is told everywhere."""
        admission = [came_in_words(row.came_in["way"], is_late=row.came_in["is_late"])] if row.came_in else []
        kinds = [str(Flag.Kind(kind).label) for kind in row.flagged if kind != Flag.Kind.LATE]
        return format_html_join(" ", '<span class="flag">{}</span>', ((words,) for words in [*admission, *kinds]))


def about_sender(name: str, submission: Submission) -> SafeString:
    """Who it is from, and below it, quietly, the group and the country: a line each."""
    quiet = " · ".join(part for part in (submission.get_stakeholder_group_display(), submission.country_name) if part)
    line = '<div class="{} one-line" title="{}"><bdi dir="auto">{}</bdi></div>'
    return format_html(line + line, "", name, name, "quiet", quiet, quiet)


def came_in_words(way: str, *, is_late: bool) -> str:
    words = str(Way(way).label)
    return _("Late: %(way)s") % {"way": words} if is_late else words
