"""What people really type, in six languages: is it found, and is what was found what is marked?"""

import re

import pytest

from submissions.models import Contribution
from submissions.search import index
from submissions.search.find import contribution_places, find
from submissions.search.index import index_new
from submissions.search.matching import Matcher
from submissions.search.snippets import snippets_of
from submissions.search.terms import MAX_TERMS, parse
from submissions.text.content import Content, ProposedWording
from tests.factories import send

pytestmark = pytest.mark.django_db(transaction=True)

EN = "Public libraries should be connected. They are the first places where people learn."
FR = "Les bibliothèques numériques doivent être accessibles à tous, dans les langues des régions."
ES = "Las bibliotecas públicas necesitan conexiones asequibles para las comunidades rurales."
RU = "Цифровые технологии должны служить людям в отдалённых регионах и городских библиотеках."
AR = "يجب أن تكون المكتبات العامة والمدارس متصلة بالإنترنت في جميع المناطق الريفية."
ZH = "公共图书馆应当接入互联网，并为农村地区的居民提供数字技能培训。"
SYMBOLS = "Recalling A/RES/70/125, the government/academia divide remains.Networks follow."
SOFT = (
    "The co\u00adop\u00ader\u00ada\u00adtion of net\u00adworks, e-mail: info@example.org, "
    "see www.un.org/wsis20 for 3.5% and 1,200."
)

# Typed, written, whether it is found.
CASES = [
    # English
    ("library", EN, True),
    ("LIBRARIES", EN, True),
    ("connecting", EN, True),
    ("place", EN, True),
    ("learning", EN, True),
    ("peoples", EN, True),
    ("the", EN, True),
    ('"first places"', EN, True),
    ('"first place"', EN, False),  # as it is written
    ('"the first"', EN, True),
    ('"places first"', EN, False),
    ("“first places”", EN, True),
    ("librar*", EN, True),
    ("librar", EN, False),  # no word, and no form of one
    ("libraries -school", EN, True),
    ("libraries -learning", EN, False),
    ('libraries -"first places"', EN, False),
    ("-libraries", EN, False),
    ("-schools", EN, True),
    ("school OR library", EN, True),
    ("school OR museum", EN, False),
    ("school OR library museum", EN, False),
    ("school OR library people", EN, True),
    ("school | library", EN, True),
    ("school library", EN, False),
    ("OR library OR", EN, True),
    # French
    ("bibliothèque", FR, True),
    ("bibliotheque", FR, True),
    ("numérique", FR, True),
    ("NUMERIQUE", FR, True),
    ("accessible", FR, True),
    ("région", FR, True),
    ("langue", FR, True),
    ("library", FR, False),
    ('"bibliothèques numériques"', FR, True),
    ('"bibliotheques numeriques"', FR, True),
    # Spanish
    ("biblioteca", ES, True),
    ("conexión", ES, True),
    ("conexion", ES, True),
    ("asequible", ES, True),
    ("comunidad", ES, True),
    ("rural", ES, True),
    # Russian
    ("технология", RU, True),
    ("технологий", RU, True),
    ("цифровой", RU, True),
    ("цифровая", RU, True),
    ("отдаленный", RU, True),  # written with ё
    ("библиотека", RU, True),
    ("регионы", RU, True),
    ("городской", RU, True),
    ("музей", RU, False),
    # Arabic
    ("مكتبات", AR, True),
    ("المكتبات", AR, True),
    ("مدارس", AR, True),
    ("المدارس", AR, True),
    ("عامة", AR, True),
    ("العامة", AR, True),
    ("الإنترنت", AR, True),
    ("الانترنت", AR, True),
    ("مدرسة", AR, False),  # no dictionary knows what is broken within
    ("مكتبة", AR, True),
    ("بالمكتبات", AR, True),
    ("والمكتبات", AR, True),
    ("متاحف", AR, False),
    # Chinese
    ("图书馆", ZH, True),
    ("互联网", ZH, True),
    ("数字技能", ZH, True),
    ("馆图", ZH, False),
    ("农村 居民", ZH, True),
    ("-农村", ZH, False),
    # What a parser for web pages takes for files, hosts, tags and numbers
    ("government", SYMBOLS, True),
    ("academia", SYMBOLS, True),
    ("government/academia", SYMBOLS, True),
    ("academia/government", SYMBOLS, False),
    ("networks", SYMBOLS, True),  # after a full stop without a blank
    ("remains", SYMBOLS, True),
    ("A/RES/70/125", SYMBOLS, True),
    ("a/res/70/125", SYMBOLS, True),
    ("70/125", SYMBOLS, True),
    ("RES/70", SYMBOLS, True),
    ("70/126", SYMBOLS, False),
    ("cooperation", SOFT, True),
    ("coop\u00aderation", SOFT, True),
    ("network", SOFT, True),
    ("info@example.org", SOFT, True),
    ("example.org", SOFT, True),
    ("e-mail", SOFT, True),
    ("mail", SOFT, True),
    ("un.org", SOFT, True),
    ("wsis20", SOFT, True),
    ("3.5", SOFT, True),
    ("1,200", SOFT, True),
    ("2e45", "Number 2E45 and 0125 and <b>bold</b> &amp; more", True),
    ("0125", "Number 2E45 and 0125 and <b>bold</b> &amp; more", True),
    ("125", "Number 2E45 and 0125 and <b>bold</b> &amp; more", False),
    ("bold", "Number 2E45 and 0125 and <b>bold</b> &amp; more", True),
    ("amp", "Number 2E45 and 0125 and <b>bold</b> &amp; more", True),
    # Two languages in one text
    ("library", f"{EN} {FR}", True),
    ("bibliothèque", f"{EN} {FR}", True),
    ("технология", f"{EN} {RU}", True),
    # Nothing to search for
    ("...", EN, False),
    ("& ( ) : '", EN, False),
    ('"', EN, False),
    ("-", EN, False),
    ("'", EN, False),
    ("\\", EN, False),
    ("library & ...", EN, True),
]


@pytest.fixture
def contribution(consultation):
    def written(text: str) -> Contribution:
        sent = send(consultation, {1: text}, organisation="Body").submission
        index_new()
        return sent.contributions.get()

    return written


def test_the_table(consultation):
    texts = list(dict.fromkeys(text for _typed, text, _is_found in CASES))
    themes = list(consultation.themes.all())
    send(consultation, {theme.number: text for theme, text in zip(themes, texts, strict=False)}, organisation="Body")
    assert len(texts) <= len(themes)
    index_new()
    every = Contribution.objects.prefetch_related("proposals")
    wrong, unmarked = [], []
    for typed, text, is_found in CASES:
        terms = parse(typed)
        rows = list(find(every.filter(text=text), terms, contribution_places).rows)
        if bool(rows) != is_found:
            wrong.append((typed, text))
        # Where something is found, it is marked on the page; what is only left out has no place.
        if bool(rows and terms.wanted) != bool(rows and snippets_of(rows, terms)):
            unmarked.append((typed, text))
    assert (wrong, unmarked) == ([], [])


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("library", EN, ["libraries"]),
        ("place learning", EN, ["places", "learn"]),
        ('"first places"', EN, ["first places"]),
        ("numerique", FR, ["numériques"]),
        ("цифровой", RU, ["Цифровые"]),
        ("مكتبات", AR, ["المكتبات"]),
        ("图书馆", ZH, ["图书馆"]),
        ("70/125", SYMBOLS, ["70/125"]),
        ("cooperation", SOFT, ["co\u00adop\u00ader\u00ada\u00adtion"]),
        ("network*", SYMBOLS, ["Networks"]),
    ],
)
def test_what_is_marked(contribution, typed, text, marked):
    one = contribution(text)
    terms = parse(typed)
    ((places,),) = Matcher(terms.wanted).places_in_each([one.content.parts()], terms.wanted)
    assert [text[start:end] for start, end in places] == marked
    shown = snippets_of([one], terms)[one.pk]
    assert re.findall("<mark>(.*?)</mark>", shown) == marked[:1]


def test_a_phrase_ends_with_its_field(consultation):
    rows = (ProposedWording("12", "Meaningful access", "Because of cost"),)
    send(consultation, {1: Content("An open end", rows)})
    index_new()
    texts = Contribution.objects.all()
    for typed, is_found in (('"open end"', True), ('"end 12"', False), ('"meaningful access"', True), ("access", True)):
        assert find(texts, parse(typed), contribution_places).rows.exists() is is_found, typed


def test_a_text_as_long_as_can_be_sent(consultation):
    """PostgreSQL keeps no position beyond 16,383: words and forms are found there all the same."""
    text = "图" * 20_000 + " the libraries of the end"
    consultation.themes.update(word_limit=30_000)
    send(consultation, {1: text})
    index_new()
    texts = Contribution.objects.all()
    assert [find(texts, parse(one), contribution_places).rows.count() for one in ("library", "图图", "museum")] == [
        1,
        1,
        0,
    ]


def test_no_more_terms_than_so_many():
    assert len(parse(" ".join(f"word{n}" for n in range(500))).all_of) == MAX_TERMS


def test_one_text_holds_up_no_other(consultation):
    """Signs that fold to many letters, more words than one vector takes, and what PostgreSQL may refuse besides."""
    consultation.themes.update(word_limit=30_000)
    send(consultation, {1: "\ufdfa" * 10_000, 2: " ".join(f"\ufdfa{n}" for n in range(7_000)), 3: "x" * 49_000})
    send(consultation, {1: EN})
    assert index_new() == 6
    assert find(Contribution.objects.all(), parse("library"), contribution_places).rows.count() == 1
    assert index.waiting() == 0
    assert find(Contribution.objects.all(), parse("\ufdfa" * 100), contribution_places).rows.count() in {0, 1}


def test_a_row_that_postgresql_refuses_is_left_out_alone(consultation, monkeypatch, caplog):
    send(consultation, {1: EN, 2: FR})
    real = index.text_vector
    monkeypatch.setattr(index, "text_vector", lambda *args: real(*args) if "librari" in str(args[1]) else "'broken")
    monkeypatch.setattr(index, "BATCH_CHARACTERS", 1)
    index_new()
    assert "are not indexed" in caplog.text
    assert index.waiting() == 0
    assert find(Contribution.objects.all(), parse("library"), contribution_places).rows.count() == 1
