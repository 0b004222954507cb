"""The list of what was published, to be filtered and searched; and one text, or all that one sender said by name."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publication import find
from publication.find import Filters, UnknownFilter, read_filters
from publication.models import Licence, Publication, PublishedText
from publication.pages.round import published_page, rendered
from publication.words import parts_of
from submissions.models import StakeholderGroup, country_name, language_name
from submissions.public.visit import Visit
from submissions.search.matching import Matcher
from submissions.search.snippets import first_place
from submissions.text.numbers import parse_number
from submissions.text.regions import countries_in, region_label
from themes import rounds
from themes.models import Theme

PAGE_SIZE = 20
EXCERPT_CHARACTERS = 420
# So many names of a text that many sent are named; how many there are is said.
MAX_SENDERS_NAMED = 100
EVERYTHING = Filters()
# What was found is marked where it stands in so many characters of a field: strangers search as often as they like.
MAX_MARKED = 5_000


@dataclass(frozen=True)
class Card:
    """A text as a list shows it."""

    row: PublishedText
    theme: Theme
    found_in: SafeString | None = None

    @property
    def sender(self) -> str:
        return self.row.name or _("Published without a name")

    @property
    def group(self) -> str:
        return str(StakeholderGroup(self.row.stakeholder_group).label) if self.row.stakeholder_group else ""

    @property
    def country(self) -> str:
        return country_name(self.row.country) if self.row.country else ""

    @property
    def language(self) -> str:
        return language_name(self.row.language)

    @property
    def facts(self) -> list[str]:
        """What is known of it, for a line."""
        n, senders = self.row.words, self.row.sender_count
        facts = [
            self.group,
            self.country,
            self.language,
            ngettext("%(n)d word", "%(n)d words", n) % {"n": n} if n else "",
            _("Received after the deadline") if self.row.is_late else "",
        ]
        if senders > 1:
            same = ngettext("the same words from %(n)d sender", "the same words from %(n)d senders", senders)
            facts.append(same % {"n": senders})
        return [fact for fact in facts if fact]

    @property
    def excerpt(self) -> str:
        text = self.row.text or "\n".join(one.wording or one.reason for one in self.row.proposals.all())
        return text if len(text) <= EXCERPT_CHARACTERS else text[:EXCERPT_CHARACTERS].rstrip() + " …"

    @property
    def title(self) -> str:
        """Who, on what: for the page's title and its heading."""
        return f"{self.sender} · {self.theme.sign}. {self.theme.title}"


@published_page
def contributions(visit: Visit, published: tuple[Publication, ...]) -> HttpResponse:
    consultation, version = visit.consultation, rounds.version()
    try:
        filters = read_filters(visit.request.GET, consultation)
    except UnknownFilter as refusal:
        raise Http404 from refusal
    rows = find.find(consultation, filters)
    total = find.count(consultation.pk, filters, version)
    # Counted before (find.py), and a page's rows are found by their ids.
    paginator = Paginator(range(total), PAGE_SIZE)
    try:
        page = paginator.page(parse_number(visit.request.GET.get("page", "1")) or 0)
    except EmptyPage as refusal:
        raise Http404 from refusal
    pks = _ids(rows, total, first=(page.number - 1) * PAGE_SIZE)
    texts = PublishedText.objects.filter(pk__in=pks).prefetch_related("proposals")
    by_pk = {row.pk: row for row in texts}
    return rendered(
        visit,
        "contributions.html",
        filters=filters,
        cards=cards_of([by_pk[pk] for pk in pks if pk in by_pk], visit, filters),
        page=page,
        total=total,
        choices=_choices(visit, filters),
        chips=_chips(visit, filters),
        published=published,
        address=filters.address() + ("&" if filters else ""),
    )


def _ids(rows: QuerySet[PublishedText], total: int, *, first: int) -> list[int]:
    """Of one page, out of an index alone and from the nearer end: the last of a hundred thousand costs no more."""
    last = min(first + PAGE_SIZE, total)
    if first <= total / 2:
        return list(rows.values_list("pk", flat=True)[first:last])
    return list(rows.reverse().values_list("pk", flat=True)[total - last : total - first])[::-1]


def cards_of(rows: list[PublishedText], visit: Visit, filters: Filters = EVERYTHING) -> list[Card]:
    """With where the search found it, if there was one."""
    themes = {theme.pk: theme for theme in visit.themes}
    terms = filters.terms.wanted if filters.words else []
    fields = [[part[:MAX_MARKED] for part in parts_of(row)] for row in rows]
    places = Matcher(terms).places_in_each(fields, terms) if terms else ([] for _row in rows)
    found = [first_place(texts, spans) if spans else None for texts, spans in zip(fields, places, strict=True)]
    return [Card(row, themes[row.theme_id], place) for row, place in zip(rows, found, strict=True)]


def _choices(visit: Visit, filters: Filters) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Of each filter its parameter, its name, and the values that something is published of."""
    known = find.facets(visit.consultation.pk, rounds.version())
    areas, groups, countries, languages = (
        known.get(name, {}) for name in ("areas", "groups", "countries", "languages")
    )
    regions = [name for name, codes in countries_in().items() if not codes.isdisjoint(countries)]
    every: dict[str, tuple[str, list[tuple[str, Any]]]] = {
        "area": (_("Area"), [(str(one.number), str(one)) for one in visit.themes if str(one.number) in areas]),
        "group": (_("Stakeholder group"), [choice for choice in StakeholderGroup.choices if choice[0] in groups]),
        "region": (_("Region"), [(name, region_label(name)) for name in regions]),
        "language": (_("Language"), [(code, language_name(code)) for code in sorted(languages)]),
    }
    chosen = {name: str(getattr(filters, name) or "") for name in every}
    return [
        (name, title, [(value, str(words), value == chosen[name]) for value, words in options])
        for name, (title, options) in every.items()
        if len(options) > 1 or chosen[name]
    ]


def _chips(visit: Visit, filters: Filters) -> list[tuple[str, str]]:
    """Each filter in force in words, and the address without it."""
    themes = {theme.number: theme for theme in visit.themes}
    words = {
        "area": str(themes[filters.area]) if filters.area is not None else "",
        "paragraph": _("Paragraph %(n)s") % {"n": filters.paragraph} if filters.paragraph is not None else "",
        "group": str(dict(StakeholderGroup.choices).get(filters.group, "")),
        "region": region_label(filters.region) if filters.region else "",
        "language": language_name(filters.language) if filters.language else "",
        "words": f"“{filters.words}”" if filters.words else "",
    }
    return [(text, find.without(filters, name).address()) for name, text in words.items() if text]


@published_page
def contribution(visit: Visit, published: tuple[Publication, ...], public_id: str) -> HttpResponse:
    """By the id of a text, or of all that one sender said by name. What was taken off says since when."""
    rows = PublishedText.objects.filter(consultation=visit.consultation).select_related("publication")
    row = rows.filter(public_id=public_id).prefetch_related("proposals").first()
    if row is None:
        return _sender(visit, public_id)
    if not row.is_shown:
        return _gone(visit, row)
    [card] = cards_of([row], visit)
    twins = rows.filter(digest=row.digest, is_shown=True).exclude(pk=row.pk)
    named = twins.filter(is_named=True).order_by("name", "public_id")
    return rendered(
        visit,
        "contribution.html",
        card=card,
        publication=row.publication,
        licence=Licence(row.publication.licence),
        also_named=[(one.name, one.public_id) for one in named[:MAX_SENDERS_NAMED]],
        also_count=row.sender_count - 1,
        others=rows.filter(sender_id=row.sender_id, is_shown=True).count() - 1 if row.sender_id else 0,
    )


def _sender(visit: Visit, sender_id: str) -> HttpResponse:
    rows = PublishedText.objects.filter(consultation=visit.consultation, sender_id=sender_id, is_shown=True)
    ordered = rows.select_related("publication").prefetch_related("proposals")
    texts = list(ordered.order_by("theme_number", "public_id"))
    if not texts:
        raise Http404
    licences = dict.fromkeys(Licence(one.publication.licence) for one in texts)
    return rendered(visit, "sender.html", cards=cards_of(texts, visit), licences=list(licences))


def _gone(visit: Visit, row: PublishedText) -> HttpResponse:
    """410, or 503 for the seconds in which it is drawn anew.

    Of a text without a name no date is said: two that went together would be one person's.
    """
    if not row.publication.is_public and row.publication.withdrawn_at is None:
        # Confirmed, and not published yet.
        raise Http404
    withdrawn = row.publication if row.publication.withdrawn_at is not None else None
    # A text that is drawn anew, because something of it was blacked out, is back within seconds.
    is_back_soon = row.is_due and withdrawn is None
    removed_at = row.removed_at if row.is_named else None
    status = 503 if is_back_soon else 410
    shown = {"withdrawn": withdrawn, "is_back_soon": is_back_soon, "removed_at": removed_at}
    response = rendered(visit, "gone.html", status=status, **shown)
    if is_back_soon:
        response["Retry-After"] = "10"
    return response
