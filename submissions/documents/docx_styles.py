"""What a .docx says about its paragraphs beside their words: headings, bold, hidden and struck text, and lists."""

from dataclasses import dataclass
from functools import cache

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_STYLE_DEPTH = 20  # styles that rest on each other; more is a circle
MAX_LEVELS = 9
_OFF = {"0", "false", "off", "none"}
# In the place of signs from a font of symbols, which say nothing without it; by the level of the list.
_BULLETS = "•◦▪"
_PRIVATE = ("\ue000", "\uf8ff")


def value(parent: etree._Element | None, name: str) -> str | None:
    """The `w:val` of a child; None where there is no such child."""
    child = parent.find(W + name) if parent is not None else None
    return None if child is None else child.get(W + "val", "")


def switch(properties: etree._Element | None, name: str) -> bool | None:
    """Whether a property is on; None where nothing is said of it."""
    text = value(properties, name)
    return None if text is None else text.lower() not in _OFF


def number(text: str | None, default: int, most: int = 32_767) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdecimal() and len(text) < 10 else default


@dataclass(frozen=True)
class Look:
    """What a style, a paragraph or a run says of itself, None where it says nothing.

    Attributes:
        level: of a heading, 1 for the highest; 0 for body text.
        list_id: of the list it belongs to ("0" for none), and `list_level` in it, 0 for the outermost.
    """

    level: int | None = None
    is_bold: bool | None = None
    is_struck: bool | None = None
    is_hidden: bool | None = None
    list_id: str | None = None
    list_level: int | None = None

    def over(self, below: "Look") -> "Look":
        """This one, and what is said `below` where it says nothing itself."""
        rest = vars(below)
        return Look(**{name: rest[name] if value is None else value for name, value in vars(self).items()})


def look_of(element: etree._Element | None, run: etree._Element | None) -> Look:
    """Of `w:pPr`, and of the `w:rPr` beside it; either may be None."""
    outline = value(element, "outlineLvl")
    listed = element.find(W + "numPr") if element is not None else None
    struck, struck_twice = switch(run, "strike"), switch(run, "dstrike")
    return Look(
        # Nine levels, from 0; the tenth is body text.
        level=None if outline is None else (number(outline, 9) + 1) % 10,
        is_bold=switch(run, "b"),
        is_struck=struck if struck is None and struck_twice is None else bool(struck or struck_twice),
        is_hidden=switch(run, "vanish"),
        list_id=value(listed, "numId"),
        list_level=None if (level := value(listed, "ilvl")) is None else number(level, 0, MAX_LEVELS - 1),
    )


class Styles:
    """The document's styles, each with what it takes from those on which it rests."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles = {} if root is None else {style.get(W + "styleId", ""): style for style in root.iter(W + "style")}
        self.look = cache(self._look)

    def _look(self, name: str | None, depth: int = 0) -> Look:
        """Of the style with this id. In a German Word the id of a heading is another word; its name is not."""
        style = self._styles.get(name or "")
        if style is None or depth > MAX_STYLE_DEPTH:
            return Look()
        look = look_of(style.find(W + "pPr"), style.find(W + "rPr"))
        title = (value(style, "name") or "").lower()
        if title.startswith("heading ") and title[8:].isdecimal() and len(title) < 11:
            look = Look(level=int(title[8:])).over(look)
        elif title == "title":
            look = Look(level=1).over(look)
        return look.over(self._look(value(style, "basedOn"), depth + 1))


@dataclass(frozen=True)
class _Level:
    form: str
    text: str
    start: int


class Lists:
    """The numbers and bullets that the program writes by itself before the points of a list, counted as they come."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._counted: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        for kind in root.iter(W + "abstractNum"):
            self._levels[kind.get(W + "abstractNumId", "")] = {
                number(level.get(W + "ilvl"), 0, MAX_LEVELS - 1): _Level(
                    value(level, "numFmt") or "decimal",
                    (value(level, "lvlText") or "")[:40],
                    number(value(level, "start"), 1),
                )
                for level in kind.iter(W + "lvl")
            }
        for one in root.iter(W + "num"):
            starts = {
                number(override.get(W + "ilvl"), 0, MAX_LEVELS - 1): number(start, 1)
                for override in one.iter(W + "lvlOverride")
                if (start := value(override, "startOverride")) is not None
            }
            self._lists[one.get(W + "numId", "")] = value(one, "abstractNumId") or "", starts

    def label(self, list_id: str, level: int) -> str:
        """What stands before the next point of this list: "2.", "(a)", "•". Counts it."""
        kind, starts = self._lists.get(list_id, ("", {}))
        levels = self._levels.get(kind, {})
        shape = levels.get(level, _Level("bullet", "•", 1))
        counted = self._counted.setdefault(kind, [None] * MAX_LEVELS)
        if list_id not in self._begun:
            self._begun.add(list_id)
            for at, start in starts.items():
                counted[at] = start - 1
        before = counted[level]
        counted[level] = shape.start if before is None else before + 1
        counted[level + 1 :] = [None] * (MAX_LEVELS - level - 1)
        if shape.form == "bullet":
            sign = shape.text.strip()
            is_readable = sign and not any(_PRIVATE[0] <= one <= _PRIVATE[1] for one in sign) and sign != "o"
            return sign if is_readable else _BULLETS[level % len(_BULLETS)]
        if shape.form == "none":
            return ""
        text = shape.text
        for at in range(MAX_LEVELS):
            if f"%{at + 1}" in text:
                above = levels.get(at, shape)
                so_far = counted[at]
                text = text.replace(f"%{at + 1}", _in_form(above.start if so_far is None else so_far, above.form))
        return text.strip()


_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def roman(n: int) -> str:
    """In small letters, as endnotes are numbered; in digits where there are none."""
    if not 0 < n < 4000:
        return str(n)
    letters = ""
    for worth, sign in _ROMAN:
        count, n = divmod(n, worth)
        letters += sign * count
    return letters


def _in_form(n: int, form: str) -> str:
    """A number as a list writes it. What only some languages count with is written in digits."""
    if form.endswith("Roman"):
        return roman(n).upper() if form.startswith("upper") else roman(n)
    if form in {"lowerLetter", "upperLetter"} and 0 < n <= 780:
        # After z comes aa, then bb.
        letters = chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        return letters.upper() if form.startswith("upper") else letters
    return f"{n:02}" if form == "decimalZero" else str(n)
