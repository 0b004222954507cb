"""What was read from a file, piece by piece, each to be put where it belongs, and only then kept on the draft.

Nothing is stored between the two pages: the form carries every piece. Nothing that would take a text away is chosen
beforehand, and what nobody has chosen is asked for again.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from submissions.documents.blocks import Omission, Omitted
from submissions.documents.omissions import sentence_of
from submissions.documents.parser import MAX_PIECES, ParsedDocument, Piece
from submissions.drafts import saving
from submissions.edit_conflict import EditConflict
from submissions.forms import MAX_PROPOSALS
from submissions.public.area_state import AreaState
from submissions.public.responses import see_other
from submissions.public.visit import Visit, public_view
from submissions.text.content import MAX_DRAFT_THEME_CHARACTERS, Content, ProposedWording, fit_paragraph, too_long
from submissions.text.numbers import parse_number
from submissions.text.storable import is_storable
from themes.models import Theme

NOWHERE = "none"  # the piece is to be left out
REPLACE, AFTER, KEEP = "replace", "after", "keep"


@dataclass(frozen=True)
class PlacedPiece:
    """A piece, and where it is to go.

    Attributes:
        n: its place on the page, from 1.
        place: a theme's number, NOWHERE, or empty while nobody has said.
        target: what is to stand on that area; of its first piece alone.
    """

    piece: Piece
    n: int
    place: str
    target: "Target | None" = None

    @property
    def rows(self) -> str:
        """As JSON, to be carried through the page."""
        return json.dumps([asdict(row) for row in self.piece.content.proposals])


@dataclass(frozen=True)
class Target:
    """What the file has for an area, beside what the draft holds there.

    Attributes:
        choice: REPLACE, AFTER, KEEP, or empty while nobody has said.
    """

    area: AreaState
    content: Content
    choice: str

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
    def is_asked(self) -> bool:
        """Whether somebody has to say which of two texts is to stand."""
        return self.area.is_written and not self.is_same

    @property
    def is_too_long(self) -> bool:
        return bool(too_long({self.theme: self.content}))


@dataclass(frozen=True)
class LeftOut:
    """What of a file is in no piece; the page carries it, so that it stays named however often the page comes back.

    Attributes:
        ours: lines of the file that are the template's own, or areas' headings without text.
        omitted: what is no text.
    """

    ours: Sequence[str] = ()
    omitted: Sequence[Omitted] = ()

    @property
    def sentences(self) -> list[str]:
        return [sentence_of(one) for one in self.omitted]

    @property
    def carried(self) -> str:
        return json.dumps({"ours": list(self.ours), "omitted": [asdict(one) for one in self.omitted]})

    @classmethod
    def from_carried(cls, carried: str) -> "LeftOut":
        """Nothing of what no page of ours has written."""
        try:
            values: Any = json.loads(carried)
            omitted = [
                Omitted(Omission(one["what"]), int(one["count"]), str(one["beside"])) for one in values["omitted"]
            ]
            left_out = cls([str(line) for line in values["ours"]], omitted)
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            return cls()
        texts = (*left_out.ours, *(one.beside for one in left_out.omitted))
        return left_out if all(map(is_storable, texts)) else cls()


def pieces_of(parsed: ParsedDocument) -> list[PlacedPiece]:
    """Under an area's own heading a piece is where it belongs; where any other goes, only its author can say."""
    return [
        PlacedPiece(piece, n, str(piece.theme.number) if piece.is_sure and piece.theme else "")
        for n, piece in enumerate(parsed.pieces, start=1)
    ]


def _targets(visit: Visit, pieces: Sequence[PlacedPiece], *, anew: Collection[Theme] = ()) -> dict[Theme, Target]:
    """By the area on which pieces are to stand.

    Args:
        anew: areas of which the choice is asked again.
    """
    contents: dict[Theme, Content] = {}
    headed = {one.piece.theme for one in pieces if one.piece.is_sure}
    for one in pieces:
        if (theme := _theme_at(visit, one.place)) is not None:
            contents[theme] = contents.get(theme, Content()).followed_by(one.piece.content_under(theme))
    return {
        theme: Target(
            visit.areas[theme],
            content.normalised(),
            "" if theme in anew else _choice(visit, theme, content, is_added=theme not in headed),
        )
        for theme, content in contents.items()
    }


def _choice(visit: Visit, theme: Theme, content: Content, *, is_added: bool) -> str:
    """What was chosen; beforehand only what takes nothing away: a text that has all of the draft's in it, or a piece
    that is put below the draft's text.

    Args:
        is_added: whether nothing of it stood under the area's own heading.
    """
    chosen = visit.request.POST.get(f"choice-{theme.number}", "")
    if chosen in {REPLACE, AFTER, KEEP}:
        return chosen
    stored = visit.areas[theme].content
    has_all = stored.text.strip() in content.text and set(stored.proposals) <= set(content.proposals)
    return REPLACE if has_all else AFTER if is_added else ""


def check_page(
    visit: Visit,
    pieces: Sequence[PlacedPiece],
    *,
    status: int = 200,
    anew: Collection[Theme] = (),
    has_changed: bool = False,
    too_large: Sequence[Theme] = (),
    left_out: LeftOut | None = None,
) -> HttpResponse:
    """
    Args:
        anew: areas of which the choice is asked again.
        left_out: of a file that was just read; else it is what the page carried.
    """
    targets = _targets(visit, pieces, anew=anew)
    shown = []
    for one in pieces:
        theme = _theme_at(visit, one.place)
        shown.append(replace(one, target=targets.pop(theme, None) if theme is not None else None))
    return visit.render(
        "offline_check.html",
        status=status,
        pieces=shown,
        # Nothing is missing on a page that nobody has answered yet.
        missing=_missing(shown) if status == 422 and not too_large else [],
        has_changed=has_changed,
        too_large=too_large,
        left_out=left_out or LeftOut.from_carried(visit.request.POST.get("left-out", "")),
        nowhere=NOWHERE,
    )


def _missing(pieces: Sequence[PlacedPiece]) -> list[PlacedPiece]:
    """Those of which something is still to be said: where it goes, or which text is to stand there."""
    return [one for one in pieces if not one.place or (one.target and one.target.is_asked and not one.target.choice)]


@public_view("POST", has_typing=True)
def keep(visit: Visit) -> HttpResponse:
    """Keeps on the draft what was checked, each piece where it was put."""
    pieces = _carried(visit)
    if visit.chosen_language:
        return check_page(visit, pieces)
    targets = _targets(visit, pieces)
    if any(not one.place for one in pieces) or any(one.is_asked and not one.choice for one in targets.values()):
        return check_page(visit, pieces, status=422)
    too_large = {theme for theme, target in targets.items() if _is_too_much(_to_store(target))}
    conflicts, full = _save(visit, {theme: target for theme, target in targets.items() if theme not in too_large})
    too_large |= full
    if again := conflicts | too_large:
        # Only these, to be decided on anew.
        back = [one for one in pieces if _theme_at(visit, one.place) in again]
        ordered = [theme for theme in visit.themes if theme in too_large]
        status = 409 if conflicts else 422
        return check_page(visit, back, status=status, anew=conflicts, has_changed=bool(conflicts), too_large=ordered)
    if not visit.is_open:
        # Kept all the same, as everything that is typed too late is.
        return visit.unavailable()
    return see_other("submissions:whole", slug=visit.slug)


def _to_store(target: Target) -> Content:
    return target.stored.followed_by(target.content) if target.choice == AFTER else target.content


def _save(visit: Visit, targets: Mapping[Theme, Target]) -> tuple[set[Theme], set[Theme]]:
    """Returns the themes on which a colleague saved meanwhile, and those that the draft has no room for: nothing was
    changed on either."""
    conflicts, full = set(), set()
    # All of it or, where the server fails, nothing: half a file on a draft would be nobody's.
    with transaction.atomic():
        draft = visit.draft_to_write()
        for theme, target in targets.items():
            if target.choice == KEEP and target.is_asked:
                continue
            try:
                saving.save_content(
                    draft,
                    theme,
                    _to_store(target),
                    at=visit.at,
                    version=_shown_version(visit.request, theme),
                    # What changes puts an area in again that was left out.
                    is_left_out=None if target.is_same else False,
                )
            except EditConflict:
                conflicts.add(theme)
            except saving.DraftFullError:
                full.add(theme)
    visit.reload()
    return conflicts, full


def _theme_at(visit: Visit, place: str) -> Theme | None:
    number = parse_number(place)
    return next((theme for theme in visit.themes if theme.number == number), None)


def _carried(visit: Visit) -> list[PlacedPiece]:
    """What the page carried from the file. A visitor may have changed it; it is theirs to write."""
    posted, pieces = visit.request.POST, []
    # A sure piece for each area comes on top of those that are asked about.
    for n in range(1, MAX_PIECES + len(visit.themes) + 1):
        heading, text = posted.get(f"piece-{n}-heading", ""), posted.get(f"piece-{n}-text", "")
        content = Content(text, _rows_in(posted.get(f"piece-{n}-rows", ""))).normalised()
        if (not heading.strip() and content.is_empty) or not all(map(is_storable, [heading, *content.parts()])):
            continue
        theme = _theme_at(visit, posted.get(f"piece-{n}-theme", ""))
        is_sure = theme is not None and posted.get(f"piece-{n}-sure", "") == "1"
        place = posted.get(f"place-{n}", "")
        is_place = place == NOWHERE or _theme_at(visit, place) is not None
        pieces.append(PlacedPiece(Piece(heading, content, theme, is_sure), n, place if is_place else ""))
    return pieces


def _rows_in(carried: str) -> tuple[ProposedWording, ...]:
    try:
        rows: Any = json.loads(carried or "[]")
        return tuple(
            fit_paragraph(ProposedWording(*(str(row.get(name, "")) for name in ("paragraph", "wording", "reason"))))
            for row in rows
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ()


def _is_too_much(content: Content) -> bool:
    """Whether even a draft does not hold it, as its own page would say."""
    return len(content.proposals) > MAX_PROPOSALS or content.stored_characters > MAX_DRAFT_THEME_CHARACTERS


def _shown_version(request: HttpRequest, theme: Theme) -> int:
    return parse_number(request.POST.get(f"version-{theme.number}", "")) or 0
