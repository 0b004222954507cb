"""The trail, to be read and searched: who saw contacts, and every change that PostgreSQL's triggers wrote down."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.permissions import ContactsMixin
from submissions.admin.trail_words import TrailWords
from submissions.models import Change, Checkpoint, ContactView
from submissions.queries import trail
from submissions.queries.trail import TrailRows, event_models
from wsis.read_only import ReadOnlyMixin
from wsis.typography import left_to_right, short_datetime


@admin.register(ContactView)
class ContactViewAdmin(ContactsMixin):
    list_display = ["when", "seen_by", "where", "what", "people"]
    list_filter = ["where", "seen_by"]
    list_select_related = ["seen_by"]
    search_fields = ["what", "seen_by__username"]
    date_hierarchy = "seen_at"
    show_full_result_count = False

    @admin.display(description=gettext_lazy("when (UTC)"), ordering="seen_at")
    def when(self, row: ContactView) -> str:
        return left_to_right(f"{row.seen_at:%Y-%m-%d %H:%M:%S}")


class TrailFilter(admin.SimpleListFilter):
    """A filter that narrows which of the trail's rows are found."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def narrow(self, rows: TrailRows) -> TrailRows:
        raise NotImplementedError


class OfFilter(TrailFilter):
    """Of which table."""

    title = gettext_lazy("of what")
    parameter_name = "of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        models = {
            model.pgh_tracked_model._meta.label: str(model.pgh_tracked_model._meta.verbose_name)
            for model in event_models()
        }
        return sorted(models.items(), key=lambda choice: choice[1])

    def narrow(self, rows: TrailRows) -> TrailRows:
        return rows.narrowed(of=self.value() or "")


class WhoFilter(TrailFilter):
    """By which colleague; or by nobody's hand."""

    title = gettext_lazy("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = User.objects.filter(is_staff=True).order_by("username").values_list("pk", "username")
        return [*((str(pk), name) for pk, name in people), ("nobody", _("Worker, command or SQL"))]

    def narrow(self, rows: TrailRows) -> TrailRows:
        return rows.narrowed(who=self.value() or "")


class WhenFilter(TrailFilter):
    """Narrows a search through hundreds of thousands of changes to those that it is about."""

    title = gettext_lazy("when")
    parameter_name = "when"
    SPANS: ClassVar[dict[str, timedelta]] = {
        "day": timedelta(days=1),
        "week": timedelta(days=7),
        "month": timedelta(days=30),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("day", _("In the last 24 hours")),
            ("week", _("In the last 7 days")),
            ("month", _("In the last 30 days")),
        ]

    def narrow(self, rows: TrailRows) -> TrailRows:
        span = self.SPANS.get(self.value() or "")
        return rows.narrowed(since=timezone.now() - span) if span else rows


class TrailList(ChangeList):
    """Shows what TrailRows finds: Django's own query would build every row before it leaves any out."""

    def get_results(self, request: HttpRequest) -> None:
        rows = TrailRows(words=tuple(self.query.split()))
        for spec in self.filter_specs:
            rows = cast(TrailFilter, spec).narrow(rows)
        paginator: Any = Paginator(cast(Any, rows), self.list_per_page)
        try:
            page = paginator.page(self.page_num)
        except InvalidPage as refusal:
            raise IncorrectLookupParameters from refusal
        self.paginator = paginator
        if rows.has_more:
            sentence = _("Only the newest %(n)d are listed. More words, or another filter, find older ones.")
            messages.info(request, sentence % {"n": trail.MAX_FOUND})
        self.result_count, self.full_result_count, self.show_full_result_count = paginator.count, None, False
        self.show_admin_actions, self.can_show_all = False, False
        self.multi_page = paginator.num_pages > 1
        self.result_list = cast(Any, page.object_list)
        ids: list[Any] = [(row.pgh_context or {}).get("user") for row in page.object_list]
        words = TrailWords()
        for row, pk in zip(page.object_list, ids, strict=True):
            row.who, row.words = words.name_of(User, pk), words


@admin.register(Change)
class ChangeAdmin(ContactsMixin):
    """Also what a bulk update, the worker or plain SQL changed: those come from no page, and from nobody by name."""

    list_display = ["when", "sentence", "what_changed", "page"]
    list_display_links = None
    list_filter = [OfFilter, WhoFilter, WhenFilter]
    search_fields = ["pgh_data"]  # there is a search; queries/trail.py says in what
    search_help_text = gettext_lazy("A reference, a name, or any other value; or who did it")
    ordering = ["-pgh_created_at"]
    list_per_page = 50
    show_full_result_count = False

    # They would be counted by Django's own query.
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["css/admin.css"]}

    # A change belongs to no row that could be opened.
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_view_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Its default manager has no rows, so that nothing counts or dumps all tables by mistake.
        shown: QuerySet[Any] = Change.objects.order_by("-pgh_created_at")
        return shown

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """By its filters and its search alone: others would be taken, and change nothing."""
        return lookup in {one.parameter_name for one in (OfFilter, WhoFilter, WhenFilter)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TrailList

    @admin.display(description=gettext_lazy("when (UTC)"))
    def when(self, row: Any) -> str:
        return left_to_right(f"{row.pgh_created_at:%Y-%m-%d %H:%M:%S}")

    @admin.display(description=gettext_lazy("what happened"))
    def sentence(self, row: Any) -> SafeString:
        """Who did what to which row; of a deadline, from when to when and why."""
        who, data = row.who or _("Worker, command or SQL"), row.pgh_data or {}
        what = row.words.what(row)
        if row.pgh_obj_model == "themes.Extension" and row.pgh_label == "insert":
            who = row.words.name_of(User, data["announced_by_id"]) or who
            words = _("%(who)s moved the deadline from %(before)s to %(after)s. %(reason)s")
            before, after = (
                short_datetime(datetime.fromisoformat(data[one])) for one in ("previous_cutoff", "new_cutoff")
            )
            return format_html("{}", words % {"who": who, "before": before, "after": after, "reason": data["reason"]})
        sentences = {
            "insert": _("%(who)s made %(what)s"),
            "update": _("%(who)s changed %(what)s"),
            "delete": _("%(who)s removed %(what)s"),
        }
        words = sentences.get(row.pgh_label, "%(who)s %(what)s")
        return format_html(words.replace("%(who)s", "{0}").replace("%(what)s", "{1}"), who, what)

    @admin.display(description=gettext_lazy("values"))
    def what_changed(self, row: Any) -> SafeString:
        """Of a change the values before and after, of a new or removed row all of them."""
        changed: SafeString = row.words.changed(row)
        return changed

    @admin.display(description=gettext_lazy("page"))
    def page(self, row: Any) -> SafeString | str:
        return format_html("<code>{}</code>", row.url) if row.url else "–"


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyMixin):
    """What went away by mail: `manage.py verify_trail --checkpoint` compares with it."""

    list_display = ["day", "link", "sha256"]
