"""A filled template on its way back: read, checked on a page, and only then kept on the draft."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from submissions.documents.blocks import UnreadableFile
from submissions.documents.parser import MAX_UNPLACED
from submissions.documents.upload import read_upload
from submissions.drafts import saving
from submissions.edit_conflict import EditConflict
from submissions.forms import MAX_PROPOSALS, OfflineForm
from submissions.public.area_state import AreaState
from submissions.public.responses import see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view
from submissions.text.content import (
    MAX_DRAFT_THEME_CHARACTERS,
    Content,
    ProposedWording,
    fit_paragraph,
    too_long,
)
from submissions.text.numbers import parse_number
from themes.models import Theme
from wsis.uploads import was_refused


@public_view(*GET_OR_POST, has_typing=True)
def offline(visit: Visit) -> HttpResponse:
    """Templates to download, and the filled one to upload or paste. What is read is shown; nothing is stored yet."""
    if visit.chosen_language and not visit.request.FILES:
        return visit.render("offline.html", form=OfflineForm(initial=visit.typed))
    form = OfflineForm(visit.request.POST, visit.request.FILES) if visit.is_post else OfflineForm()
    if visit.is_post:
        is_valid = form.is_valid()
        if was_refused(visit.request):
            # Without it the form would ask for a file, as if there had been none.
            form.errors.pop("file", None)
            form.add_error("file", _("This file is larger than 4 MB. Remove its pictures, or paste your text."))
        elif is_valid:
            file = form.cleaned_data["file"]
            try:
                parsed = read_upload(file, form.cleaned_data["pasted"], visit.consultation)
            except UnreadableFile as refusal:
                form.add_error("file" if file else "pasted", str(refusal))
            else:
                if parsed.contents or parsed.unplaced:
                    return _check_page(visit, parsed.contents, parsed.unplaced)
                form.add_error(None, _("Nothing is written in it yet, besides the template’s own words."))
    return visit.render("offline.html", status=422 if form.errors else 200, form=form)


@dataclass(frozen=True)
class FoundText:
    """What the file has on a theme, beside what the draft holds. `payload` carries it through the page."""

    area: AreaState
    content: Content

    @property
    def theme(self) -> Theme:
        return self.area.theme

    @property
    def stored(self) -> Content:
        return self.area.content

    @property
    def is_same(self) -> bool:
        return self.content.says_the_same(self.stored)

    @property
    def is_too_long(self) -> bool:
        return bool(too_long({self.theme: self.content}))

    @property
    def payload(self) -> str:
        return json.dumps({"text": self.content.text, "proposals": [asdict(row) for row in self.content.proposals]})


def _check_page(
    visit: Visit,
    contents: dict[Theme, Content],
    unplaced: list[str],
    *,
    has_changed: bool = False,
    too_large: Sequence[Theme] = (),
) -> HttpResponse:
    return visit.render(
        "offline_check.html",
        status=409 if has_changed else 422 if too_large else 200,
        found=[FoundText(visit.areas[theme], content) for theme, content in contents.items()],
        unplaced=unplaced,
        has_changed=has_changed,
        too_large=too_large,
    )


@dataclass
class Choice:
    """What is to stand on a theme.

    Attributes:
        version: which one it was decided on.
        is_left_out: False puts it in again where it was left out; None leaves that as it is.
    """

    content: Content
    version: int
    is_left_out: bool | None


@public_view("POST", has_typing=True)
def keep(visit: Visit) -> HttpResponse:
    """Keeps on the draft what was checked, theme by theme as it was chosen."""
    contents, pieces = _carried(visit)
    if visit.is_of_another_draft:
        return visit.other_draft(contents, more=[piece for piece, _theme in pieces])
    if visit.chosen_language:
        return _check_page(visit, contents, [piece for piece, _theme in pieces])
    choices = {theme: choice for theme, content in contents.items() if (choice := _choice(visit, theme, content))}
    _place(visit, pieces, choices)
    too_large = {theme for theme, choice in choices.items() if _is_too_much(choice.content)}
    conflicts, full = _save(visit, {theme: choice for theme, choice in choices.items() if theme not in too_large})
    too_large |= full
    again = conflicts | too_large
    if again:
        # As the file has it, and the pieces that were put there as such: to be decided on anew.
        back = {theme: content for theme, content in contents.items() if theme in again}
        loose = [piece for piece, theme in pieces if theme is None or theme in again]
        ordered = [theme for theme in visit.themes if theme in too_large]
        return _check_page(visit, back, loose, has_changed=bool(conflicts), too_large=ordered)
    if not visit.is_open:
        # Kept all the same, as everything that is typed too late is.
        return visit.unavailable()
    return see_other("submissions:whole", slug=visit.slug)


def _save(visit: Visit, choices: dict[Theme, Choice]) -> tuple[set[Theme], set[Theme]]:
    """Returns the themes on which a colleague saved meanwhile, and those that the draft has no room for: nothing was
    changed on either."""
    conflicts, full = set(), set()
    # All of it or, where the server fails, nothing: half a file on a draft would be nobody's.
    with transaction.atomic():
        draft = visit.draft_to_write()
        for theme, choice in choices.items():
            try:
                saving.save_content(
                    draft, theme, choice.content, at=visit.at, version=choice.version, is_left_out=choice.is_left_out
                )
            except EditConflict:
                conflicts.add(theme)
            except saving.DraftFullError:
                full.add(theme)
    visit.reload()
    return conflicts, full


def _carried(visit: Visit) -> tuple[dict[Theme, Content], list[tuple[str, Theme | None]]]:
    """What the page carried from the file: by theme, and the loose pieces, each with where it is to go."""
    request = visit.request
    contents = {
        theme: content
        for theme in visit.themes
        if (content := _content_in(request.POST.get(f"found-{theme.number}", ""))) is not None
    }
    by_number = {theme.number: theme for theme in visit.themes}
    places = request.POST.getlist("place")
    pieces = []
    # Each piece keeps its own place, also beside one that cannot be stored.
    for n, piece in enumerate(request.POST.getlist("unplaced")[:MAX_UNPLACED]):
        if _is_storable(piece):
            number = parse_number(places[n]) if n < len(places) else None
            pieces.append((piece, by_number.get(number) if number is not None else None))
    return contents, pieces


def _content_in(payload: str) -> Content | None:
    """A visitor may have changed it; it is theirs to write."""
    try:
        data: Any = json.loads(payload)
        rows = tuple(
            fit_paragraph(ProposedWording(*(str(row.get(name, "")) for name in ("paragraph", "wording", "reason"))))
            for row in data["proposals"]
        )
        content = Content(str(data["text"]), rows).normalised()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return content if not content.is_empty and all(map(_is_storable, content.parts())) else None


def _is_storable(text: str) -> bool:
    """Whether PostgreSQL takes it: neither NUL nor half a sign, which no browser sends."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _is_too_much(content: Content) -> bool:
    """Whether even a draft does not hold it, as its own page would say."""
    return len(content.proposals) > MAX_PROPOSALS or content.stored_characters > MAX_DRAFT_THEME_CHARACTERS


def _choice(visit: Visit, theme: Theme, content: Content) -> Choice | None:
    """What the visitor chose for a theme; None where the draft is to stay as it is, whatever it says by now."""
    stored, version = visit.areas[theme].content, _shown_version(visit.request, theme)
    match visit.request.POST.get(f"choice-{theme.number}", "replace"):
        case "keep":
            return None
        case "after":
            return Choice(stored.followed_by(content), version, is_left_out=False)
        case _:
            return Choice(content, version, is_left_out=None if content.says_the_same(stored) else False)


def _shown_version(request: HttpRequest, theme: Theme) -> int:
    return parse_number(request.POST.get(f"version-{theme.number}", "")) or 0


def _place(visit: Visit, pieces: list[tuple[str, Theme | None]], choices: dict[Theme, Choice]) -> None:
    """Puts what had no place where the visitor said, after what is to stand there."""
    for piece, theme in pieces:
        if theme is None:
            continue
        area = visit.areas[theme]
        choice = choices.setdefault(theme, Choice(area.content, area.version, is_left_out=False))
        choice.content = choice.content.followed_by(Content(piece))
        choice.is_left_out = False
