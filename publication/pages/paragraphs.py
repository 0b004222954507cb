"""The document's paragraphs for which wording was proposed, and what was proposed for one."""

from django.core.paginator import EmptyPage, Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from publication.models import Publication, PublishedProposal
from publication.pages.cards import cards_of
from publication.pages.round import published_page, rendered
from submissions.public.visit import Visit
from submissions.text.numbers import parse_number

PAGE_SIZE = 20
PARAGRAPHS_SIZE = 300


@published_page
def paragraphs(visit: Visit, published: tuple[Publication, ...]) -> HttpResponse:
    """In the document's order, each with how many rows; what names no paragraph by its number stands last."""
    shown = PublishedProposal.objects.filter(
        published__consultation=visit.consultation, published__is_shown=True, published__is_lead=True
    )
    rows = shown.values("number").annotate(n=Count("pk")).order_by("number").values_list("number", "n")
    paginator = Paginator(rows, PARAGRAPHS_SIZE)
    page = paginator.get_page(parse_number(visit.request.GET.get("page", "1")) or 1)
    return rendered(visit, "paragraphs.html", rows=list(page.object_list), page=page)


@published_page
def paragraph(visit: Visit, published: tuple[Publication, ...], number: int | None = None) -> HttpResponse:
    """The wording proposed for one paragraph, side by side; without a number, what names none."""
    rows = PublishedProposal.objects.filter(
        published__consultation=visit.consultation,
        published__is_shown=True,
        published__is_lead=True,
        number=number,
    )
    ordered = rows.order_by("-published__is_named", "published__name", "published__public_id", "position")
    paginator = Paginator(ordered.select_related("published"), PAGE_SIZE)
    try:
        page = paginator.page(parse_number(visit.request.GET.get("page", "1")) or 0)
    except EmptyPage as refusal:
        raise Http404 from refusal
    if not page.object_list:
        raise Http404
    proposals = list(page.object_list)
    cards = cards_of([one.published for one in proposals], visit)
    return rendered(
        visit,
        "paragraph.html",
        number=number,
        heading=_("Without a paragraph’s number") if number is None else _("Paragraph %(n)s") % {"n": number},
        rows=list(zip(proposals, cards, strict=True)),
        page=page,
        total=paginator.count,
    )
