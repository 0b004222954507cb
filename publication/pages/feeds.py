"""Atom: what is new on a round, or on one of its areas; and the site map for search engines."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from publication.models import PublishedText
from publication.pages.cards import Card
from themes import intake, rounds
from themes.models import Consultation, Theme
from wsis.shared_pages import shared_page

MAX_ENTRIES = 50


def kept(view: Any) -> Any:
    """The same for everybody, and drawn anew when something is not public as it was. Without the date of the last
    publication: a cache would take it for how long nothing changes."""

    def undated(request: HttpRequest, **address: Any) -> HttpResponse:
        response: HttpResponse = view(request, **address)
        del response["Last-Modified"]
        return response

    return shared_page(state=rounds.version)(undated)


SITEMAP_PAGE = 10_000  # addresses; the protocol takes 50,000


class ContributionsFeed(Feed):  # type: ignore[type-arg]
    """The newest texts, the last publication first; those of one publication are of one moment, in no order."""

    feed_type = Atom1Feed

    def get_object(
        self, request: HttpRequest, *args: Any, slug: str, number: int | None = None, **kwargs: Any
    ) -> tuple[Consultation, Theme | None]:
        consultation = rounds.consultation_at(slug)
        if consultation is None or consultation.public_since is None or not _texts(consultation).exists():
            raise Http404
        themes = {theme.number: theme for theme in consultation.themes.all()}
        if number is not None and number not in themes:
            raise Http404
        return consultation, themes[number] if number is not None else None

    def title(self, obj: tuple[Consultation, Theme | None]) -> str:
        consultation, theme = obj
        return f"{consultation.title}: {theme.title}" if theme is not None else consultation.title

    def subtitle(self, obj: tuple[Consultation, Theme | None]) -> str:
        return _("Published contributions")

    def link(self, obj: tuple[Consultation, Theme | None]) -> str:
        return settings.PUBLIC_URL + reverse("publication:contributions", args=[obj[0].slug])

    def items(self, obj: tuple[Consultation, Theme | None]) -> QuerySet[PublishedText]:
        consultation, theme = obj
        rows = _texts(consultation).select_related("publication", "consultation", "theme").prefetch_related("proposals")
        rows = rows.filter(theme=theme) if theme is not None else rows
        return rows.order_by("-publication", "public_id")[:MAX_ENTRIES]

    def item_title(self, item: PublishedText) -> str:
        return Card(item, item.theme).title

    def item_description(self, item: PublishedText) -> str:
        return Card(item, item.theme).excerpt

    def item_link(self, item: PublishedText) -> str:
        return settings.PUBLIC_URL + reverse("publication:contribution", args=[item.consultation.slug, item.public_id])

    def item_guid(self, item: PublishedText) -> str:
        return self.item_link(item)

    def item_pubdate(self, item: PublishedText) -> datetime | None:
        return item.publication.published_at

    def item_updateddate(self, item: PublishedText) -> datetime | None:
        moments = [item.changed_at, item.publication.published_at]
        return max((moment for moment in moments if moment is not None), default=None)

    def item_author_name(self, item: PublishedText) -> str:
        return Card(item, item.theme).sender


def _texts(consultation: Consultation) -> QuerySet[PublishedText]:
    return PublishedText.objects.filter(consultation=consultation, is_shown=True, is_campaign_lead=True)


class RoundSitemap(Sitemap):  # type: ignore[type-arg]
    """The public rounds' own pages."""

    def items(self) -> list[Consultation]:
        return list(Consultation.objects.filter(intake.IS_PUBLIC).order_by("pk"))

    def location(self, item: Consultation) -> str:
        return reverse("submissions:consultation", args=[item.slug])


class TextSitemap(Sitemap):  # type: ignore[type-arg]
    """Every published text, in an order that says nothing."""

    limit = SITEMAP_PAGE

    def items(self) -> QuerySet[PublishedText]:
        rows = PublishedText.objects.filter(is_shown=True, is_lead=True).select_related("consultation")
        return rows.order_by("public_id")

    def location(self, item: PublishedText) -> str:
        return reverse("publication:contribution", args=[item.consultation.slug, item.public_id])


SITEMAPS = {"rounds": RoundSitemap, "texts": TextSitemap}
