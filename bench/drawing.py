"""Draws figures of bench/journey.py as bars, for docs/performance.md.

    python -m bench.drawing before.json after.json docs/pictures

Each file is what `python -m bench.journey --json FILE` kept. A picture for each figure: before, after, and what was
measured beside it in the same run as after.
"""

import json
import re
import sys
from html import escape
from pathlib import Path

# The figure, what stands beside it, and what is to be reached.
FIGURES = {
    "whole journeys": ("whole journeys, pretalx", "10 × pretalx"),
    "sending, 3 texts": ("same rows, 3 texts, bare", "half of bare"),
    "sending, 15 texts": ("same rows, 15 texts, bare", "half of bare"),
    "first page, of a stranger": ("a small template, bare", "1,000"),
    "area page, with a draft": ("a small template, bare", "500"),
    "about you": ("a small template, bare", "500"),
    "check page": ("a small template, bare", "400"),
}
WIDTH, BAR, GAP, LEFT = 640, 22, 10, 150


def picture(title: str, rows: list[tuple[str, float, str]], aim: str) -> str:
    """Bars of one length a unit, the longest as wide as there is room."""
    most = max(value for _name, value, _colour in rows)
    height = 46 + len(rows) * (BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
        'font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="8" y="22" font-weight="bold">{escape(title)}, a second</text>',
        f'<text x="{WIDTH - 8}" y="22" text-anchor="end" fill="#555">to reach: {escape(aim)}</text>',
    ]
    for number, (name, value, colour) in enumerate(rows):
        top = 38 + number * (BAR + GAP)
        length = round((WIDTH - LEFT - 80) * value / most)
        parts += [
            f'<text x="{LEFT - 8}" y="{top + 16}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{top}" width="{max(1, length)}" height="{BAR}" fill="{colour}"/>',
            f'<text x="{LEFT + length + 8}" y="{top + 16}">{value:,.1f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    before, after = (json.loads(Path(name).read_text()) for name in sys.argv[1:3])
    folder = Path(sys.argv[3])
    for figure, (beside, aim) in FIGURES.items():
        rows = [
            ("before", before[figure]["a second"], "#9aa5b1"),
            ("now", after[figure]["a second"], "#1b5e9b"),
            (beside.rpartition(", ")[2] if "," in beside else beside, after[beside]["a second"], "#c9832b"),
        ]
        name = re.sub("[^a-z0-9]+", "-", figure)
        (folder / f"pace-{name}.svg").write_text(picture(figure.capitalize(), rows, aim), encoding="utf-8")


if __name__ == "__main__":
    main()
