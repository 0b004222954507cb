"""The draft on paper and back: printed or as a file to circulate; a filled file read, checked, and only then kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from submissions.admission.links import intake_for
from submissions.contents import Content, ProposedWording, fitted, too_long
from submissions.drafts import desk, keys
from submissions.drafts.models import Draft, DraftContribution
from submissions.forms import LONGEST_KEPT, MOST_ROWS, OfflineForm
from submissions.pages import download, grouped, other_draft, own_page, put_away_page, see_other, texts_in, unavailable
from submissions.papers import plain, word
from submissions.papers.lines import CannotRead
from submissions.papers.paper import Paper, draft_paper, template_paper
from submissions.papers.splitting import MOST_UNPLACED
from submissions.papers.uploading import read_upload
from themes import intake
from themes.intake import Intake
from themes.models import Consultation, Theme
from wsis.uploads import was_refused


@put_away_page
@require_safe
def whole(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole draft on one page, to be read through, printed, or taken along. Readable after the cutoff too."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
    rows = desk.rows_of(draft)
    return render(
        request,
        "submissions/whole.html",
        {
            "consultation": consultation,
            "at": at,
            "is_open": intake_for(request, consultation, at) is Intake.OPEN,
            "draft": draft,
            "respondent": draft,
            "groups": grouped(consultation.themes.all(), rows),
            "contributions": texts_in({row.theme: row.content for row in rows.values() if not row.content.is_empty}),
            "kept_until": intake.desk_kept_until(consultation),
        },
    )


@put_away_page
@require_safe
def draft_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
    if draft is None:
        return see_other("submissions:whole", slug=slug)
    return _file(draft_paper(draft), f"{slug}-draft", kind)


@require_safe
def template_file(request: HttpRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """The empty template, with every heading in one of the site's languages."""
    consultation = get_object_or_404(Consultation, slug=slug)
    with translation.override(language):
        return _file(template_paper(consultation), f"{slug}-template-{language}", kind)


def _file(paper: Paper, name: str, kind: str) -> HttpResponse:
    if kind == "txt":
        return download(plain.write(paper), f"{name}.txt", plain.CONTENT_TYPE)
    return download(word.write(paper), f"{name}.docx", word.CONTENT_TYPE)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def offline(request: HttpRequest, slug: str) -> HttpResponse:
    """Templates to download, and the filled one to upload or paste. What is read is shown; nothing is stored yet."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
    is_posted = request.method == "POST"
    form = OfflineForm(request.POST, request.FILES) if is_posted else OfflineForm()
    if is_posted:
        is_valid = form.is_valid()
        if was_refused(request):
            # Without it the form would ask for a file, as if there had been none.
            form.errors.pop("file", None)
            form.add_error("file", _("This file is larger than 4 MB. Remove its pictures, or paste your text."))
        elif is_valid:
            try:
                split = read_upload(form.cleaned_data["file"], form.cleaned_data["pasted"], consultation)
            except CannotRead as refusal:
                form.add_error("file" if form.cleaned_data["file"] else "pasted", str(refusal))
            else:
                if split.contents or split.unplaced:
                    return _check_page(request, consultation, draft, split.contents, split.unplaced)
                form.add_error(None, _("Nothing is written in it yet, besides the template’s own words."))
    return render(
        request,
        "submissions/offline.html",
        {
            "consultation": consultation,
            "at": at,
            "state": intake_for(request, consultation, at).value,
            "form": form,
            "draft": draft,
        },
        status=422 if form.errors else 200,
    )


@dataclass(frozen=True)
class Found:
    """A theme in the file, beside what the draft holds. `payload` carries it through the page to the next step."""

    theme: Theme
    content: Content
    stored: Content
    version: int
    is_same: bool
    is_too_long: bool

    @property
    def payload(self) -> str:
        return json.dumps({"text": self.content.text, "proposals": [asdict(row) for row in self.content.proposals]})


def _found(theme: Theme, content: Content, row: DraftContribution | None) -> Found:
    stored = row.content if row else Content()
    return Found(
        theme,
        content,
        stored,
        version=row.version if row else 0,
        is_same=(stored.text, stored.proposals) == (content.text, content.proposals),
        is_too_long=bool(too_long({theme: content})),
    )


def _check_page(
    request: HttpRequest,
    consultation: Consultation,
    draft: Draft | None,
    contents: dict[Theme, Content],
    unplaced: list[str],
    *,
    has_changed: bool = False,
    too_much: Sequence[Theme] = (),
) -> HttpResponse:
    rows = desk.rows_of(draft)
    return render(
        request,
        "submissions/offline_check.html",
        {
            "consultation": consultation,
            "at": timezone.now(),
            "found": [_found(theme, content, rows.get(theme.pk)) for theme, content in contents.items()],
            "unplaced": unplaced,
            "themes": consultation.themes.all(),
            "draft": draft,
            "has_changed": has_changed,
            "too_much": too_much,
        },
        status=409 if has_changed else 422 if too_much else 200,
    )


@own_page
@require_POST
def store(request: HttpRequest, slug: str) -> HttpResponse:
    """Keeps on the draft what was checked, theme by theme as it was chosen."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    themes = {theme.number: theme for theme in consultation.themes.all()}
    contents = {
        theme: content
        for number, theme in themes.items()
        if (content := _carried(request.POST.get(f"found-{number}", ""))) is not None
    }
    pieces = [piece for piece in request.POST.getlist("unplaced")[:MOST_UNPLACED] if _is_storable(piece)]
    places = request.POST.getlist("place")
    draft = keys.open_draft(request, consultation)
    if keys.is_of_another(request, draft):
        return other_draft(request, consultation, contents, at=at, more=pieces)
    rows = desk.rows_of(draft)
    wanted = {theme: _chosen(request, theme, content, rows.get(theme.pk)) for theme, content in contents.items()}
    placed = _place(themes, pieces, places, rows, wanted)
    is_new = draft is None
    stale, too_much = set(), {theme for theme, one in wanted.items() if _is_too_much(one.content)}
    # All of it or, where the server fails, nothing: half a file on a draft would be nobody's.
    with transaction.atomic():
        draft = draft or desk.start_draft(consultation, at=at)
        for theme, one in wanted.items():
            try:
                if theme not in too_much:
                    desk.save_content(draft, theme, one.content, at=at, seen=one.seen, is_left_out=one.is_left_out)
            except desk.Stale:
                stale.add(theme)
    again = stale | too_much
    response: HttpResponse
    if again:
        # As the file has it, and the pieces that were put there as such: to be decided on anew.
        back = {theme: content for theme, content in contents.items() if theme in again}
        loose = [piece for piece, theme in zip(pieces, placed, strict=True) if theme is None or theme in again]
        response = _check_page(
            request, consultation, draft, back, loose, has_changed=bool(stale), too_much=sorted(too_much, key=_number)
        )
    elif intake_for(request, consultation, at) is not Intake.OPEN:
        # Kept all the same, as everything that is typed too late is.
        response = unavailable(request, consultation, desk.contents_of(draft), at=at, status=409)
    else:
        response = see_other("submissions:whole", slug=slug)
    if is_new:
        keys.hand_over(response, draft)
    return response


def _number(theme: Theme) -> int:
    return theme.number


def _is_storable(text: str) -> bool:
    """Whether PostgreSQL takes it: neither NUL nor half a sign, which no browser sends."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _is_too_much(content: Content) -> bool:
    """Whether even a draft does not hold it, as its own page would say."""
    texts = [content.text, *(part for row in content.proposals for part in (row.wording, row.reason))]
    return len(content.proposals) > MOST_ROWS or any(len(text) > LONGEST_KEPT for text in texts)


def _carried(payload: str) -> Content | None:
    """What the page carried from the file. A visitor may have changed it; it is theirs to write."""
    try:
        said: Any = json.loads(payload)
        rows = tuple(
            fitted(ProposedWording(*(str(row.get(name, "")) for name in ("paragraph", "wording", "reason"))))
            for row in said["proposals"]
        )
        content = Content(str(said["text"]), rows).normalised()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    parts = [content.text, *(part for row in rows for part in (row.paragraph, row.wording, row.reason))]
    return content if not content.is_empty and all(map(_is_storable, parts)) else None


@dataclass(frozen=True)
class Wanted:
    """What is to stand on a theme, the version it was decided on, and whether it is put in again where it was left
    out: not by what says the same."""

    content: Content
    seen: int | None
    is_left_out: bool | None


def _chosen(request: HttpRequest, theme: Theme, content: Content, row: DraftContribution | None) -> Wanted:
    said = request.POST.get(f"version-{theme.number}", "")
    seen = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
    stored = row.content if row else Content()
    match request.POST.get(f"choice-{theme.number}", "replace"):
        case "keep":
            return Wanted(stored, None, None)
        case "after":
            return Wanted(_after(stored, content), seen, False)
        case _:
            is_same = (stored.text, stored.proposals) == (content.text, content.proposals)
            return Wanted(content, seen, None if is_same else False)


def _after(first: Content, second: Content) -> Content:
    text = "\n\n".join(part for part in (first.text, second.text) if part.strip())
    return Content(text, (*first.proposals, *second.proposals))


def _place(
    themes: dict[int, Theme],
    pieces: list[str],
    places: list[str],
    rows: dict[int, DraftContribution],
    wanted: dict[Theme, Wanted],
) -> list[Theme | None]:
    """Puts what had no place where the visitor said, after what is to stand there. Returns where each piece went."""
    placed: list[Theme | None] = []
    for piece, place in zip_longest(pieces, places[: len(pieces)], fillvalue=""):
        theme = themes.get(int(place)) if place.isascii() and place.isdigit() and len(place) < 6 else None
        placed.append(theme)
        if theme is None:
            continue
        row = rows.get(theme.pk)
        there = wanted.get(theme) or Wanted(
            row.content if row else Content(), row.version if row else 0, is_left_out=False
        )
        wanted[theme] = Wanted(_after(there.content, Content(piece)), there.seen, is_left_out=False)
    return placed
