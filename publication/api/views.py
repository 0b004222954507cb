"""The addresses of the interface for programs."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Query, Schema
from ninja.decorators import decorate_view
from ninja.renderers import JSONRenderer
from pydantic import Field

from publication import find
from publication.api import schemas
from publication.find import Filters, UnknownFilter
from publication.models import PublishedProposal, PublishedText
from publication.models.published import ID_LENGTH
from publication.pages.round import last_public, publications_of
from themes import rounds
from themes.fields import column
from themes.models import Consultation
from themes.publication import is_public
from wsis.shared_pages import shared_page

DEFAULT_LIMIT, MAX_LIMIT = 50, 200  # rows of a page


class Utf8(JSONRenderer):
    """Texts are in six languages, most of which would be thrice as long in escapes."""

    media_type = "application/json; charset=utf-8"
    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Utf8(),
    title="Published contributions",
    version="1",
    description=(
        "What stakeholders wrote to a consultation, as far as they allow it to be published. For reading, without a "
        "key. Every answer has an ETag; lists hold whole texts, and `next` leads to their next page."
    ),
    urls_namespace="api",
    docs_url=None,  # its page would load scripts from elsewhere
    openapi_extra={"info": {"license": {"name": "The licence of each publication is in its round"}}},
)
View = Callable[..., HttpResponse]
Slug = Annotated[str, Field(pattern=r"^[-\w]{1,50}$")]
PublicId = Annotated[str, Field(pattern=rf"^[0-9a-z]{{{ID_LENGTH}}}$")]
REFUSALS = {404: schemas.NotFound, 422: schemas.Invalid}


def _open_to_all(view: View) -> View:
    """Any page on the web may read it."""

    @wraps(view)
    def opened(request: HttpRequest, **address: Any) -> HttpResponse:
        response = view(request, **address)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        return response

    return opened


def endpoint(path: str, answer: Any) -> Callable[[Callable[..., Any]], Any]:
    """A GET address, the same for everybody, kept until something that is published changes."""

    def decorate(operation: Callable[..., Any]) -> Any:
        kept = decorate_view(_open_to_all, shared_page(state=rounds.version))(operation)
        return api.get(path, response={200: answer, **REFUSALS}, url_name=operation.__name__)(kept)

    return decorate


class Asked(Schema):
    """The filters of the list of contributions, as on its page."""

    area: int | None = Field(None, ge=0, le=999_999_999, description="The area's number.")
    paragraph: int | None = Field(None, ge=0, le=999_999_999, description="With wording for this paragraph.")
    group: str = Field("", max_length=20, description="A stakeholder group's code.")
    region: str = Field("", max_length=20, description="A region after UN M49 by its English name, or LDC, LLDC, SIDS.")
    language: str = Field("", max_length=8, description="ISO 639.")
    q: str = Field("", max_length=find.MAX_SEARCH_CHARACTERS, description="Words, as in the page's search.")


class Cursor(Schema):
    after: str = Field("", pattern=rf"^([0-9a-z]{{{ID_LENGTH}}})?$", description="From `next`.")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)


def _round(slug: str) -> Consultation:
    found = rounds.consultation_at(slug)
    if found is None or not is_public(found):
        raise Http404("There is no such round.")
    return found


def _texts(row: Any, name: str) -> schemas.Texts:
    """What a translated field says, by language."""
    every = {code: getattr(row, column(name, code)) for code, _language in settings.LANGUAGES}
    return {code: text for code, text in every.items() if text}


def _address(name: str, *args: Any, **query: Any) -> str:
    return settings.PUBLIC_URL + reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")


@endpoint("/rounds", list[schemas.Round])
def list_rounds(request: HttpRequest) -> list[dict[str, Any]]:
    """All public rounds, the latest first."""
    return [_round_of(one) for one in rounds.consultations() if is_public(one)]


def _round_of(consultation: Consultation) -> dict[str, Any]:
    published = publications_of(consultation.pk, rounds.version())
    last = last_public(published)
    promised = [one.respond_by for one in published if one.respond_by is not None]
    return {
        "slug": consultation.slug,
        "title": _texts(consultation, "title"),
        "url": _address("submissions:consultation", consultation.slug),
        "opens_at": consultation.opens_at,
        "closes_at": consultation.closes_at,
        "is_published": last is not None,
        "licence": last.licence if last is not None else None,
        "respond_by": max(promised) if promised else None,
    }


@endpoint("/rounds/{slug}", schemas.Round)
def one_round(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """One round."""
    return _round_of(_round(slug))


@endpoint("/rounds/{slug}/areas", list[schemas.Area])
def list_areas(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:
    """Its areas and general questions, in their order."""
    consultation = _round(slug)
    counts = find.facets(consultation.pk, rounds.version()).get("areas", {})
    return [
        {
            "number": theme.number,
            "sign": theme.sign,
            "title": _texts(theme, "title"),
            "prompt": _texts(theme, "prompt"),
            "contributions": counts.get(str(theme.number), 0),
        }
        for theme in consultation.themes.all()
    ]


@endpoint("/rounds/{slug}/documents", list[schemas.Document])
def list_documents(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:
    """What it is on."""
    consultation = _round(slug)
    return [
        {
            "title": _texts(consultation, "document_title"),
            "url": _texts(consultation, "document_url"),
            "published_at": consultation.published_at,
        }
    ]


@endpoint("/rounds/{slug}/contributions", schemas.Contributions)
def list_contributions(request: HttpRequest, slug: Slug, asked: Query[Asked], cursor: Query[Cursor]) -> dict[str, Any]:
    """Published texts, whole."""
    consultation = _round(slug)
    filters = _filters(consultation, asked)
    rows = find.find(consultation, filters, each=True)
    page = list(_after(rows, cursor).select_related("publication").prefetch_related("proposals"))
    query = {name: value for name, value in asked.dict().items() if value not in {None, ""}} | {"limit": cursor.limit}
    more = page[cursor.limit :] and page[cursor.limit - 1].public_id
    return {
        "total": find.count(consultation.pk, filters, rounds.version(), each=True),
        "items": [_contribution(row, slug) for row in page[: cursor.limit]],
        "next": _address("api:list_contributions", slug, **query, after=more) if more else None,
    }


def _filters(consultation: Consultation, asked: Asked) -> Filters:
    given = {name: str(value) for name, value in asked.dict().items() if value is not None}
    try:
        return find.read_filters(given, consultation)
    except UnknownFilter as refusal:
        raise Http404("There is no such area, group, region or language.") from refusal


def _after(rows: Any, cursor: Cursor) -> Any:
    """One more than is shown: it tells whether there is a next page. By their ids, which say nothing."""
    return rows.filter(public_id__gt=cursor.after).order_by("public_id")[: cursor.limit + 1]


def _contribution(row: PublishedText, slug: str) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "url": _address("publication:contribution", slug, row.public_id),
        "area": row.theme_number,
        "is_named": row.is_named,
        "sender": row.sender_id or None,
        "name": row.name or None,
        "stakeholder_group": row.stakeholder_group or None,
        "country": row.country or None,
        "language": row.language,
        "is_late": row.is_late,
        "text": row.text,
        "words": row.words,
        "senders": row.sender_count,
        "campaign_senders": row.campaign_senders,
        "publication": row.publication.number,
        "licence": row.publication.licence,
        "proposals": [_proposal(one) for one in row.proposals.all()],
    }


def _proposal(one: PublishedProposal) -> dict[str, Any]:
    return {"paragraph": one.paragraph, "number": one.number, "wording": one.wording, "reason": one.reason}


@endpoint("/rounds/{slug}/contributions/{public_id}", schemas.Contribution)
def one_contribution(request: HttpRequest, slug: Slug, public_id: PublicId) -> dict[str, Any]:
    """One published text. 404 for what was never published, and for what is not public any more."""
    rows = PublishedText.objects.filter(consultation=_round(slug), public_id=public_id, is_shown=True)
    row = rows.select_related("publication").prefetch_related("proposals").first()
    if row is None:
        raise Http404("There is no such contribution, or it is not public any more.")
    return _contribution(row, slug)


@endpoint("/rounds/{slug}/proposals", schemas.Proposals)
def list_proposals(
    request: HttpRequest,
    slug: Slug,
    cursor: Query[Cursor],
    paragraph: Annotated[int | None, Field(ge=0, le=999_999_999, description="Only for this paragraph.")] = None,
) -> dict[str, Any]:
    """Proposed wording, all rows of a text on one page."""
    consultation = _round(slug)
    of_number = {} if paragraph is None else {"number": paragraph}
    having = PublishedProposal.objects.filter(published__consultation=consultation, published__is_shown=True)
    rows = find.find(consultation, Filters(), each=True).filter(pk__in=having.filter(**of_number).values("published"))
    page = list(_after(rows, cursor).prefetch_related("proposals"))
    query = {"limit": cursor.limit} | ({} if paragraph is None else {"paragraph": paragraph})
    more = page[cursor.limit :] and page[cursor.limit - 1].public_id
    return {
        "items": [
            {**_proposal(one), "contribution": row.public_id, "name": row.name or None, "language": row.language}
            for row in page[: cursor.limit]
            for one in row.proposals.all()
            if paragraph is None or one.number == paragraph
        ],
        "next": _address("api:list_proposals", slug, **query, after=more) if more else None,
    }
