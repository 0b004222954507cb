"""The filters by what the secretariat did with what came in: its review, its tags, its decisions."""

from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.models import Campaign, Consent, Contribution, Flag, PublicationDecision, Redaction, Review, Tag
from submissions.queries.filters import Choices, ListFilter, UnknownFilter, Viewer
from submissions.queries.publication import cleared_before
from submissions.queries.reviews import is_new, is_sent_again, reviewed
from submissions.queries.tags import as_tree, with_those_under
from wsis.typography import short_datetime


class ReviewFilter(ListFilter):
    title = gettext_lazy("review")
    parameter = "review"

    def choices(self, viewer: Viewer) -> Choices:
        others = [("unfinished", _("New or in review")), ("changed", _("Changed since it was read"))]
        return [*Review.State.choices, *others]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        reference = f"{path}reference"
        match value:
            case None:
                return rows
            case Review.State.NEW:
                return rows.filter(is_new(reference))
            case "unfinished":
                return rows.filter(~reviewed(reference, state__in=Review.FINISHED))
            case "changed":
                return rows.filter(is_sent_again(path))
            case state:
                return rows.filter(reviewed(reference, state=state))


class AssigneeFilter(ListFilter):
    title = gettext_lazy("assigned to")
    parameter = "assignee"

    def choices(self, viewer: Viewer) -> Choices:
        busy = Review.objects.exclude(assignee=None).order_by().values("assignee")
        people = get_user_model()._default_manager.filter(pk__in=busy).order_by("username")
        others = [(str(user.pk), user.get_username()) for user in people if user.pk != viewer.user.pk]
        return [("me", _("Me")), ("nobody", _("Nobody")), *others]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        reference = f"{path}reference"
        match value:
            case None:
                return rows
            case "nobody":
                return rows.filter(~reviewed(reference, assignee__isnull=False))
            case "me":
                return rows.filter(reviewed(reference, assignee=viewer.user.pk))
            case pk if pk.isdecimal():
                return rows.filter(reviewed(reference, assignee=int(pk)))
            case _:
                raise UnknownFilter(value)


class TagFilter(ListFilter):
    """A tag, or one that stands under it."""

    title = gettext_lazy("tag")
    parameter = "tag"

    def choices(self, viewer: Viewer) -> Choices:
        return [(str(tag.pk), tag.path) for tag in as_tree(Tag.objects.all())]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        if not (value or "").isdecimal():
            return rows
        return rows.filter(reviewed(f"{path}reference", tags__in=with_those_under(int(value or 0)).values("pk")))


class FlagFilter(ListFilter):
    """Flags that nobody has dismissed."""

    title = gettext_lazy("flag")
    parameter = "flag"

    def choices(self, viewer: Viewer) -> Choices:
        return [("any", _("Any")), ("none", _("None")), *Flag.Kind.choices]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        flags = Flag.objects.filter(reference=OuterRef(f"{path}reference"), dismissed_at__isnull=True)
        match value:
            case None:
                return rows
            case "any":
                return rows.filter(Exists(flags))
            case "none":
                return rows.filter(~Exists(flags))
            case kind:
                return rows.filter(Exists(flags.filter(kind=kind)))


class CampaignFilter(ListFilter):
    """What is near-identical to each other, as the worker grouped it; the largest groups can be chosen."""

    title = gettext_lazy("near-identical texts")
    parameter = "campaign"
    SHOWN: ClassVar[int] = 10

    def choices(self, viewer: Viewer) -> Choices:
        campaigns = Campaign.objects.order_by("-submissions", "group")[: self.SHOWN]
        words = _("%(n)d submissions, first on %(when)s")
        return [
            (str(one.group), words % {"n": one.submissions, "when": short_datetime(one.first_at)}) for one in campaigns
        ]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        if not (value or "").isdecimal():
            return rows
        texts = Contribution.objects.filter(fingerprint__group=int(value or 0))
        return rows.filter(**{f"{path}pk__in": texts.values("submission")})


class PublicationFilter(ListFilter):
    """Of contributions: what is decided about their publication."""

    title = gettext_lazy("publication")
    parameter = "publication"

    def choices(self, viewer: Viewer) -> Choices:
        return [
            ("open", _("To be published, not decided")),
            ("again", _("Cleared, and sent again since")),
            *PublicationDecision.Decision.choices,
            ("bars", _("With a passage blacked out")),
            ("none", _("Not to be published")),
        ]

    def apply(self, rows: QuerySet[Any], value: str | None, path: str, viewer: Viewer) -> QuerySet[Any]:
        here = {"reference": OuterRef(f"{path}reference"), "theme": OuterRef("theme")}
        is_none = Q(own_consent=Consent.NONE) | Q(own_consent="", submission__consent=Consent.NONE)
        match value:
            case None:
                return rows
            case "none":
                return rows.filter(is_none)
            case "bars":
                return rows.filter(Exists(Redaction.objects.filter(**here)))
            case "open":
                undecided = ~Exists(PublicationDecision.objects.filter(**here)) | Q(cleared_before())
                return rows.filter(~is_none, undecided)
            case "again":
                return rows.filter(~is_none, cleared_before())
            case decision:
                decided = Exists(PublicationDecision.objects.filter(**here, decision=decision))
                return rows.filter(decided, ~cleared_before())
