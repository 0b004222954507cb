"""A published text as the lists show it. What is drawn of one is kept in the process, until its row changes."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from publication.find import Filters
from publication.models import PublishedText
from publication.words import parts_of
from submissions.models import StakeholderGroup, country_name, language_name
from submissions.public.visit import Visit
from submissions.search.matching import Matcher
from submissions.search.snippets import snippet
from themes.models import Theme

EXCERPT_CHARACTERS = 420
# What was found is marked where it stands in so many characters of a field: strangers search as often as they like.
MAX_MARKED = 5_000
MAX_KEPT = 4_000  # cards of some two kilobytes, in each process


@dataclass(frozen=True)
class Card:
    """A text as a list shows it."""

    row: PublishedText
    theme: Theme

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
        if (nearly := self.row.campaign_senders - senders) > 0:
            alike = ngettext("nearly the same from %(n)d other", "nearly the same from %(n)d others", nearly)
            facts.append(alike % {"n": nearly})
        return [fact for fact in facts if fact]

    @property
    def excerpt(self) -> str:
        text = self.row.text or "\n".join(one.wording or one.reason for one in self.row.proposals.all())
        return text if len(text) <= EXCERPT_CHARACTERS else text[:EXCERPT_CHARACTERS].rstrip() + " …"

    @property
    def title(self) -> str:
        """Who, on what: for the page's title and its heading."""
        return f"{self.sender} · {self.theme.sign}. {self.theme.title}"


def cards_of(rows: Sequence[PublishedText], visit: Visit) -> list[Card]:
    themes = {theme.pk: theme for theme in visit.themes}
    return [Card(row, themes[row.theme_id]) for row in rows]


def drawn_cards(pks: Sequence[int], visit: Visit) -> list[SafeString]:
    """Each as a list has it, in the order of `pks`, without those that are gone meanwhile."""
    return [format_html("{}{}", head, body) for head, body in _drawn(pks, visit).values()]


def found_cards(pks: Sequence[int], visit: Visit, filters: Filters) -> list[SafeString]:
    """The same with where a search found it in the place of the beginning."""
    cards, terms = _read(pks, visit), filters.terms.wanted
    fields = [[part[:MAX_MARKED] for part in parts_of(card.row)] for card in cards.values()]
    places = dict(zip(cards, zip(fields, Matcher(terms).first_in_each(fields, terms), strict=True), strict=True))
    found = []
    for pk, (head, body) in _drawn(list(cards), visit).items():
        texts, place = places[pk]
        found.append(format_html("{}{}", head, _body(cards[pk], snippet(texts, place)) if place else body))
    return found


def _drawn(pks: Sequence[int], visit: Visit) -> dict[int, tuple[SafeString, SafeString]]:
    """Head and body of each. They are kept with the round's row, which is read anew when a title changes
    (themes/fragments.py), by the number of the transaction that last wrote the text's: whatever is held back or drawn
    anew has another, so that nothing that is kept is ever out of date."""
    kept: dict[Hashable, tuple[SafeString, SafeString]] = visit.consultation.__dict__.setdefault("_cards", {})
    written = RawSQL("publication_publishedtext.xmin::text", [], output_field=TextField())
    rows = PublishedText.objects.filter(pk__in=pks, is_shown=True).annotate(written=written)
    known = dict(rows.values_list("pk", "written"))
    keys = {pk: (pk, known[pk], get_language()) for pk in pks if pk in known}
    drawn = {pk: parts for pk, key in keys.items() if (parts := kept.get(key)) is not None}
    missing = [pk for pk in keys if pk not in drawn]
    fresh = {pk: _draw(card, visit) for pk, card in _read(missing, visit).items()} if missing else {}
    if len(kept) + len(fresh) > MAX_KEPT:
        kept.clear()
    kept.update({keys[pk]: parts for pk, parts in fresh.items()})
    drawn |= fresh
    return {pk: drawn[pk] for pk in keys if pk in drawn}


def _read(pks: Sequence[int], visit: Visit) -> dict[int, Card]:
    rows = PublishedText.objects.filter(pk__in=pks, is_shown=True).prefetch_related("proposals").in_bulk()
    return {card.row.pk: card for card in cards_of([rows[pk] for pk in pks if pk in rows], visit)}


def _draw(card: Card, visit: Visit) -> tuple[SafeString, SafeString]:
    head = render_to_string("publication/card.html", {"card": card, "consultation": visit.consultation})
    return head, _body(card, linebreaksbr(card.excerpt, autoescape=True))


def _body(card: Card, words: SafeString) -> SafeString:
    return format_html('<blockquote lang="{}" dir="auto">{}</blockquote>', card.row.language, words)
