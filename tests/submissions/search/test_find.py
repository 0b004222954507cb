"""Full-text search: in any script, by whole words and their beginnings, through the index and never row by row."""

import re
import threading
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.contrib.postgres.search import SearchVector
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Value
from django.utils import timezone

from bench.filling import fill
from submissions.models import ContributionWords, SubmissionWords
from submissions.queries.filtered import filtered_submissions
from submissions.search.find import submission_places
from submissions.search.index import index_new
from submissions.search.matching import Matcher
from submissions.search.terms import parse
from submissions.sending.withdraw import withdraw
from submissions.text.content import Content, ProposedWording
from tests.factories import ARABIC, CHINESE, send
from tests.roles import analyze, owner_connection

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
    index_new()
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


def test_each_place_is_looked_up_by_its_index(consultation):
    fill(400, themes=15)
    analyze()
    indexes = ("submission_words", "submission_contact_words", "contribution_words")
    plans = []
    terms = parse("schools").wanted
    for place in submission_places(terms[0], Matcher(terms), with_contacts=True):
        with transaction.atomic(), connection.cursor() as cursor:
            # Of so few rows a planner may read all, depending on what else its tables held before.
            cursor.execute("SET LOCAL enable_seqscan = off")
            sql, params = place.rows[:100].query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    by_index = [name for plan in plans for name in indexes if f" on {name}" in plan]
    assert set(by_index) == set(indexes), plans
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
        monkeypatch.setattr("submissions.search.find.MAX_LOOKED_UP_IDS", bound)
        assert [found(admin_client, one, path) for one in typed] == few


def test_what_is_read_through_is_counted_up_to_a_bound(admin_client, many, monkeypatch):
    cache.clear()
    index_new()
    monkeypatch.setattr("submissions.search.find.MAX_LOOKED_UP_IDS", 0)
    monkeypatch.setattr("submissions.admin.pagination.READ_THROUGH_LIMIT", 3)
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


def test_what_was_found_is_marked_on_the_page_that_is_opened(admin_client, consultation):
    rows = (ProposedWording("12", "Each library stays open", "As <b>libraries</b> are public"),)
    one = send(consultation, {2: Content("Libraries & <i>more</i>. The library.", rows, "")}).submission
    index_new()
    filters = urlencode({"_changelist_filters": urlencode({"q": "library -school"})})
    page = admin_client.get(f"{LIST}{one.pk}/change/?{filters}").content.decode()
    reading = admin_client.get("/admin/submissions/contribution/reading/", {"q": "library"}).content.decode()
    for shown in (page, reading):
        assert re.findall('<mark class="found-here">(.*?)</mark>', shown) == [
            "Libraries",
            "library",
            "library",
            "libraries",
        ]
        assert "&amp; &lt;i&gt;more&lt;/i&gt;" in shown
    assert "found-here" not in admin_client.get(f"{LIST}{one.pk}/change/").content.decode()


def test_what_came_in_just_now_is_said_not_to_be_found_yet(admin_client, many):
    sentence = "7 texts came in so recently that a search does not find them yet."
    assert sentence in admin_client.get(LIST, {"q": "digital"}).content.decode()
    index_new()
    assert "so recently" not in admin_client.get(LIST, {"q": "digital"}).content.decode()


def test_what_is_erased_is_found_by_no_word_of_it(consultation):
    """From the moment of the erasing on, and not when the worker comes by."""
    one = send(consultation, {1: "The village of Li Wei"}, contact_name="Amina Otieno").submission
    index_new()
    assert ContributionWords.objects.filter(words__isnull=False).count() == 1
    with owner_connection() as owner:
        owner.execute("SELECT submissions_erase(ARRAY[%s], 'texts', 'request')", [one.reference])
    assert not ContributionWords.objects.filter(words__isnull=False).exists()
    assert not SubmissionWords.objects.exclude(words=None, contact_words=None).exists()
    index_new()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words::text || contact_words::text FROM submissions_submissionwords")
        assert "amina" not in cursor.fetchone()[0]
        cursor.execute("SELECT words::text FROM submissions_contributionwords")
        assert "village" not in cursor.fetchone()[0]


def test_an_erasing_at_the_same_time_leaves_no_word_behind(consultation):
    """The worker holds the rows that it is at; whoever erases one empties it afterwards."""
    one = send(consultation, {1: "The village of Li Wei"}).submission
    erased = threading.Event()

    def erase() -> None:
        with owner_connection() as owner:
            owner.execute("SELECT submissions_erase(ARRAY[%s], 'texts', 'request')", [one.reference])
        erased.set()

    thread = threading.Thread(target=erase)
    with transaction.atomic():
        list(ContributionWords.objects.select_for_update())
        thread.start()
        assert not erased.wait(0.3)
        ContributionWords.objects.update(words=SearchVector(Value("village")))
    thread.join(10)
    assert ContributionWords.objects.get().words is None


@pytest.mark.parametrize("path", [LIST, "/admin/submissions/contribution/"])
def test_the_newest_or_the_most_relevant_first(admin_client, consultation, monkeypatch, path):
    wanted = "libraries, a library and more libraries"
    for name, text in (("much", wanted), ("little", "one library among many other places"), ("none", "schools")):
        send(consultation, {1: text}, organisation=f"Body {name}")
    index_new()

    def order(**more: str) -> list[str]:
        page = admin_client.get(path, {"q": "library", **more})
        assert page.status_code == 200
        return re.findall(r"<bdi[^>]*>Body (much|little|none)", page.content.decode())

    assert order() == ["little", "much"]
    assert order(sort="relevance") == ["much", "little"]
    page = admin_client.get(path, {"q": "library", "sort": "relevance", "p": "1"}).content.decode()
    assert "<strong>Most relevant first</strong>" in page
    assert '<a href="?q=library">Newest first</a>' in page
    assert "Most relevant first" not in admin_client.get(path).content.decode()
    monkeypatch.setattr("submissions.search.find.MAX_LOOKED_UP_IDS", 1)
    assert order(sort="relevance") == ["little", "much"]
    page = admin_client.get(path, {"q": "library", "sort": "relevance"}).content.decode()
    assert "too common to be ranked" in page
    # The order is no filter.
    user = User.objects.get(username="admin")
    assert filtered_submissions("q=library&sort=relevance", user=user, at=timezone.now()).count() == 2
