"""Full-text search: in any script, by whole words and their beginnings, through the index and never row by row."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from bench.filling import fill
from submissions.queries.search import submission_places, words_of
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content, ProposedWording
from tests.factories import ARABIC, CHINESE, send
from tests.roles import analyze

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = "/admin/submissions/submission/"
THAI = "ปัญญาประดิษฐ์เพื่อการพัฒนา"
TEXTS = {
    "english": "Connectivity for rural schools; the digital divide is not closed.",
    "french": "L’égalité d’accès à l’Internet, au cœur de la société.",
    "arabic": ARABIC,
    "chinese": CHINESE,
    "thai": THAI,
    "russian": "Цифровой разрыв между городом и селом.",
    "hindi": "डिजिटल विभाजन को पाटना",
}


@pytest.fixture
def many(consultation):
    return {name: send(consultation, {1: text}, organisation=f"Body {name}").submission for name, text in TEXTS.items()}


def found(client, typed: str, path: str = LIST) -> set[str]:
    answer = client.get(path, {"q": typed})
    names = {name for name in TEXTS if f"Body {name}" in answer.content.decode()}
    assert answer.context["cl"].result_count == len(names)
    return names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("connectivity", {"english"}),
        ("CONNECT", {"english"}),  # a beginning, in any case
        ("ivity", set()),  # and no end
        ("divide rural", {"english"}),  # both, wherever
        ("divide paris", set()),
        ('"digital divide"', {"english"}),  # one after the other
        ('"divide digital"', set()),
        ("egalite", {"french"}),  # without accents
        ("Égalité", {"french"}),
        ("societe", {"french"}),
        ("الفجوات", {"arabic"}),
        ("استثمارا", {"arabic"}),  # without its vowel sign
        ("إستثمارا", {"arabic"}),  # with another alif
        ("人工智能", {"chinese"}),
        ("智能", {"chinese"}),  # two signs in the middle of a text without blanks
        ("能智", set()),
        ("ประดิษฐ์", {"thai"}),
        ("разрыв", {"russian"}),
        ("विभाजन", {"hindi"}),
        ("Body", set(TEXTS)),
        ("body chinese", {"chinese"}),
        ("...", set()),
        ("& | ! ( ) : * ' \\", set()),
    ],
)
def test_what_is_found(admin_client, many, typed, names):
    assert found(admin_client, typed) == names
    assert found(admin_client, typed, "/admin/submissions/contribution/") == names


def test_proposed_wording_is_found_too(admin_client, consultation):
    rows = (ProposedWording("12 bis", "Meaningful connectivity", "Because of the gap"),)
    send(consultation, {2: Content("", rows, "")}, organisation="Body english")
    for typed in ("meaningful", "gap", "12"):
        assert found(admin_client, typed) == {"english"}
    # One word in the text of one theme, the other in that of another: it is the submission that is found.
    send(consultation, {3: "alpha", 4: "omega"}, organisation="Body french")
    assert found(admin_client, "alpha omega") == {"french"}
    assert found(admin_client, "alpha omega", "/admin/submissions/contribution/") == set()


def test_who_sent_it_is_found_and_contacts_by_those_who_may(admin_client, consultation):
    one = send(consultation, {1: "x"}, organisation="Body english", contact_name="José Núñez", email="j.n@example.org")
    reference = one.submission.reference
    for typed in (reference, reference.lower(), reference[:7], reference.replace("-", " "), "jose", "j.n@example"):
        assert found(admin_client, typed) == {"english"}
    assert found(admin_client, reference, "/admin/submissions/contribution/") == {"english"}
    assert found(admin_client, "jose", "/admin/submissions/contribution/") == set()


def test_what_was_withdrawn_is_not_found(admin_client, many):
    withdraw(many["english"])
    assert found(admin_client, "connectivity") == set()
    assert admin_client.get(LIST, {"q": "connectivity", "standing": "all"}).context["cl"].result_count == 0


def test_words_and_phrases():
    assert list(words_of("""one "two three" 'four' fi"ve""")) == ["one", "two three", "four", 'fi"ve']


def test_each_place_is_looked_up_by_its_index(consultation):
    fill(400, themes=15)
    analyze()
    indexes = ("submission_search", "submission_contact_search", "contribution_search", "proposal_search")
    plans = []
    for place in submission_places("schools", with_contacts=True):
        with transaction.atomic(), connection.cursor() as cursor:
            # Of so few rows a planner may read all, depending on what else its tables held before.
            cursor.execute("SET LOCAL enable_seqscan = off")
            sql, params = place.rows[:100].query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    by_index = [name for plan in plans for name in indexes if f" on {name}" in plan]
    assert set(by_index) >= {"contribution_search", "submission_search", "submission_contact_search"}
    assert not [plan for plan in plans if "Seq Scan on submissions_contribution" in plan]


@pytest.mark.parametrize("path", [LIST, "/admin/submissions/contribution/"])
def test_common_words_find_the_same_as_rare_ones(admin_client, many, consultation, monkeypatch, path):
    """Whether a word is looked up, or asked of one row after the other, is no matter of what is found."""
    typed = [
        "connectivity",
        "divide rural",
        "égalité",
        "الفجوات",
        "智能",
        "body chinese",
        "digital zyzzyva",
        "body",
    ]
    few = [found(admin_client, one, path) for one in typed]
    assert len({frozenset(one) for one in few}) > 4
    for bound in (0, 1, 3):
        monkeypatch.setattr("submissions.queries.search.MAX_LOOKED_UP_IDS", bound)
        assert [found(admin_client, one, path) for one in typed] == few


def test_what_is_read_through_is_counted_up_to_a_bound(admin_client, many, monkeypatch):
    cache.clear()
    monkeypatch.setattr("submissions.queries.search.MAX_LOOKED_UP_IDS", 0)
    monkeypatch.setattr("submissions.admin.pagination.EXACT_COUNT_LIMIT", 3)
    assert len(many) > 4
    assert admin_client.get(f"{LIST}?q=body").context["cl"].result_count == 4
    cache.clear()


def test_a_long_list_is_counted_once_in_a_while(admin_client, consultation, monkeypatch):
    cache.clear()
    fill(3)
    monkeypatch.setattr("submissions.admin.pagination.EXACT_COUNT_LIMIT", 5)
    assert admin_client.get(LIST).context["cl"].result_count == 3
    fill(3)
    assert admin_client.get(LIST).context["cl"].result_count == 6  # short until now: exact
    fill(3)
    assert admin_client.get(LIST).context["cl"].result_count == 6  # remembered
    assert admin_client.get(f"{LIST}?country=KE").context["cl"].result_count == 1  # another filter, another count
    cache.clear()
    assert admin_client.get(LIST).context["cl"].result_count == 9
    cache.clear()
