"""The list of what was published, to be filtered and searched; and one text, or all that one sender said by name."""

from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from publication import find
from publication.find import Filters, UnknownFilter, read_filters
from publication.models import Licence, Publication, PublishedText
from publication.pages.cards import cards_of, drawn_cards, found_cards
from publication.pages.round import published_page, rendered
from submissions.models import StakeholderGroup, language_name
from submissions.public.visit import Visit
from submissions.text.numbers import parse_number
from submissions.text.regions import countries_in, region_label
from themes import rounds
from themes.fragments import fragment

PAGE_SIZE = 20
# So many names of a text that many sent are named; how many there are is said.
MAX_SENDERS_NAMED = 100


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
    cards = found_cards(pks, visit, filters) if filters.words else drawn_cards(pks, visit)
    return rendered(
        visit,
        "contributions.html",
        filters=filters,
        cards=cards,
        page=page,
        total=total,
        choices=_choices_drawn(visit, filters),
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


def _choices_drawn(visit: Visit, filters: Filters) -> SafeString:
    """The same for everybody who has chosen the same, until something is published or held back."""
    key = ("choices", filters.area, filters.group, filters.region, filters.language)
    return fragment(
        visit.consultation,
        key,
        lambda: render_to_string("publication/choices.html", {"choices": _choices(visit, filters)}),
    )


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
    alike = PublishedText.objects.none()
    if row.campaign is not None:
        near = rows.filter(campaign=row.campaign, theme=row.theme_id, is_shown=True, is_lead=True)
        near = near.exclude(digest=row.digest).prefetch_related("proposals")
        alike = near.order_by("-sender_count", "public_id")[:MAX_SENDERS_NAMED]
    return rendered(
        visit,
        "contribution.html",
        card=card,
        publication=row.publication,
        licence=Licence(row.publication.licence),
        also_named=[(one.name, one.public_id) for one in named[:MAX_SENDERS_NAMED]],
        also_count=row.sender_count - 1,
        alike=cards_of(list(alike), visit),
        alike_count=row.campaign_senders - row.sender_count,
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
