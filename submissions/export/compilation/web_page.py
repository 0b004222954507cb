"""A compilation as one web page that needs nothing beside it: to read, to search, to print."""

import json
from collections.abc import Iterator
from itertools import chain

from django.utils.html import escape
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from submissions.documents.docx_writer import UNWRITABLE
from submissions.export.compilation.blocks import Chapter, Heading, Paragraph, Style, Table, TitlePage
from submissions.export.sink import Sink

TAGS = {Style.PASSAGE: "blockquote"}
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; margin: 2em 0 .5em; }
section { border-top: 1px solid; margin-top: 3rem; }
section h1 { font-size: 1.6rem; margin-top: 1rem; }
h2 { font-size: 1.3rem; }
h3 { font-size: 1rem; }
p, blockquote { margin: .5em 0; overflow-wrap: anywhere; }
blockquote { border-inline-start: .25rem solid; padding-inline-start: 1rem; margin-inline: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .9rem; }
th, td { border: 1px solid; padding: .25rem .5rem; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
.numbers :is(th, td):not(:first-child) { text-align: end; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
.wide table { min-width: 60rem; }
.list-point { padding-inline-start: 1.5rem; text-indent: -1rem; }
.footnote-text, .remark { font-size: .9rem; }
.question { font-style: italic; }
@page { margin: 2cm; @bottom-center { content: counter(page) " / " counter(pages); } }
@page wide { size: landscape; }
@media print {
  body { max-width: none; margin: 0; padding: 0; }
  section { break-before: page; border: 0; }
  h1, h2, h3 { break-after: avoid; }
  thead { display: table-header-group; }
  .wide { page: wide; overflow: visible; }
  .wide table { min-width: 0; }
}
"""


def write_web_page(title_page: TitlePage, chapters: list[Chapter], sink: Sink) -> None:
    for piece in _page(title_page, chapters):
        sink.write(piece.encode())


def _page(front: TitlePage, chapters: list[Chapter]) -> Iterator[str]:
    running_head = f"@page {{ @top-center {{ content: {json.dumps(front.title, ensure_ascii=False)}; }} }}".replace(
        "<", r"\3c "
    )
    yield (
        f'<!doctype html>\n<html lang="{get_language()}" dir="{"rtl" if get_language_bidi() else "ltr"}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(front.title)}: {escape(front.subtitle)}</title>\n<style>{STYLE}{running_head}</style>\n"
        f'</head>\n<body>\n<header>\n<h1 dir="auto">{escape(front.title)}</h1>\n<p>{escape(front.subtitle)}</p>\n<dl>\n'
    )
    for label, value in front.facts:
        yield f'<dt>{escape(label)}</dt><dd dir="auto">{escape(value)}</dd>\n'
    yield "</dl>\n"
    yield from (f"<p>{escape(remark)}</p>\n" for remark in front.remarks)
    yield from chain.from_iterable(map(_table, front.tables))
    yield f'</header>\n<nav aria-label="{escape(_("Contents"))}">\n<h2>{escape(_("Contents"))}</h2>\n<ul>\n'
    yield from (f'<li><a href="#{one.anchor}" dir="auto">{escape(one.title)}</a></li>\n' for one in chapters)
    yield "</ul>\n</nav>\n<main>\n"
    for chapter in chapters:
        wide = ' class="wide" tabindex="0"' if chapter.is_wide else ""
        yield f'<section id="{chapter.anchor}"{wide}>\n<h1 dir="auto">{escape(chapter.title)}</h1>\n'
        for block in chapter.blocks:
            if isinstance(block, Table):
                yield from _table(block)
            elif isinstance(block, Heading):
                yield f'<h{block.level} dir="auto">{_lines(block.text)}</h{block.level}>\n'
            else:
                yield _paragraph(block)
        yield "</section>\n"
    yield "</main>\n</body>\n</html>\n"


def _lines(text: str) -> str:
    return escape(UNWRITABLE.sub("\ufffd", text)).replace("\n", "<br>\n")


def _paragraph(paragraph: Paragraph) -> str:
    name = paragraph.style.lower().replace(" ", "-")
    tag = TAGS.get(paragraph.style, "p")
    return f'<{tag} class="{name}" dir="auto">{_lines(paragraph.text)}</{tag}>\n'


def _table(table: Table) -> Iterator[str]:
    numbers = ' class="numbers"' if table.has_numbers else ""
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.header)
    yield f"<table{numbers}>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n"
    for first, *others in table.rows:
        head = f'<th scope="row" dir="auto">{_lines(first)}</th>'
        cells = "".join(f'<td dir="auto">{_lines(cell)}</td>' for cell in others)
        yield f"<tr>{head}{cells}</tr>\n"
    yield "</tbody>\n</table>\n"
