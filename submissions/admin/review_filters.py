"""The filters of the lists by what the desk itself made of what came in."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.filters import OfSubmission
from submissions.models import Flag, PublicationDecision, Redaction
from submissions.publication.redacting import cleared_before
from submissions.respondent import Consent
from submissions.review.models import Review, Tag, is_new, reviewed


class ReviewFilter(OfSubmission):
    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Review.State.choices, ("changed", _("Changed since it was read"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case None:
                return queryset
            case Review.State.NEW:
                return queryset.filter(is_new(self.reference))
            case "changed":
                read = Review.objects.filter(reference=OuterRef(self.reference), read_version__gt=0)
                return queryset.filter(Exists(read.filter(read_version__lt=OuterRef(f"{self.way}version"))))
            case state:
                return queryset.filter(reviewed(self.reference, state=state))


class AssigneeFilter(OfSubmission):
    title = gettext_lazy("assigned to")
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        busy = Review.objects.exclude(assignee=None).order_by().values("assignee")
        people = get_user_model()._default_manager.filter(pk__in=busy).order_by("username")
        return [
            ("me", _("Me")),
            ("nobody", _("Nobody")),
            *((str(one.pk), one.get_username()) for one in people if one.pk != request.user.pk),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case None:
                return queryset
            case "nobody":
                return queryset.filter(~reviewed(self.reference, assignee__isnull=False))
            case who if who != "me" and not who.isdecimal():
                raise IncorrectLookupParameters
            case who:
                return queryset.filter(reviewed(self.reference, assignee=request.user.pk if who == "me" else int(who)))


class TagFilter(OfSubmission):
    title = gettext_lazy("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(tag.pk), tag.name) for tag in Tag.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return queryset.filter(reviewed(self.reference, tags=int(value))) if value.isdecimal() else queryset


class FlagFilter(OfSubmission):
    """Flags that nobody has dismissed."""

    title = gettext_lazy("flag")
    parameter_name = "flag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("any", _("Any")), ("none", _("None")), *Flag.Kind.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        raised = Flag.objects.filter(reference=OuterRef(self.reference), dismissed_at__isnull=True)
        match self.value():
            case None:
                return queryset
            case "any":
                return queryset.filter(Exists(raised))
            case "none":
                return queryset.filter(~Exists(raised))
            case kind:
                return queryset.filter(Exists(raised.filter(kind=kind)))


class PublicationFilter(OfSubmission):
    """Of contributions: what is decided about their publication."""

    title = gettext_lazy("publication")
    parameter_name = "publication"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("To be published, not decided")),
            ("again", _("Cleared, and sent again since")),
            *PublicationDecision.Decision.choices,
            ("bars", _("With a passage blacked out")),
            ("none", _("Not to be published")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        here = {"reference": OuterRef(self.reference), "theme": OuterRef("theme")}
        is_none = Q(own_consent=Consent.NONE) | Q(own_consent="", submission__consent=Consent.NONE)
        match self.value():
            case None:
                return queryset
            case "none":
                return queryset.filter(is_none)
            case "bars":
                return queryset.filter(Exists(Redaction.objects.filter(**here)))
            case "open":
                undecided = ~Exists(PublicationDecision.objects.filter(**here)) | Q(cleared_before())
                return queryset.filter(~is_none, undecided)
            case "again":
                return queryset.filter(~is_none, cleared_before())
            case decision:
                decided = Exists(PublicationDecision.objects.filter(**here, decision=decision))
                return queryset.filter(decided, ~cleared_before())
