"""The workspace's front page: the figures, the pictures, who is missing, and the same numbers as CSV."""

import csv
import html
import io
import re
from datetime import UTC, date, datetime, timedelta

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.workspace import MENU
from submissions.admin.mail import StateFilter
from submissions.models import Draft, EmailConfirmation, KeptFigures, Mail, Review, Submission
from submissions.queries.figures import count, coverage_columns, figures_of
from submissions.queries.filtered import in_words
from submissions.review.reviewing import Decision, save_review
from submissions.sending.withdraw import withdraw
from submissions.text.regions import special_groups
from tests.factories import make_consultation, move_cutoff_behind_now, send
from tests.pages import squeezed
from tests.roles import owner_connection
from themes import cutoff_changes, zones
from themes.intake import database_now
from wsis import heartbeat
from wsis.models import Heartbeat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MAILS = "/admin/submissions/mail/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def several(consultation, admin_user):
    send(consultation, {1: "a", 2: "b"})  # Kenya
    send(consultation, {1: "c"}, country="NP", stakeholder_group="academia")
    send(consultation, {2: "d"}, country="FJ")
    send(consultation, {15: "e"}, country="001", stakeholder_group="intergovernmental")
    first = send(consultation, {3: "f"}, country="FR").submission
    send(consultation, {4: "g"}, country="FR", amends=first.reference)
    withdraw(send(consultation, {5: "h"}, country="US").submission)
    now = database_now()
    Draft.objects.create(consultation=consultation, key_hash="x", created_at=now, saved_at=now)
    taken_up = send(consultation, {1: "i"}, country="BR").submission
    save_review(taken_up, Decision(Review.State.IN_REVIEW, admin_user), by=admin_user, version=0)
    return consultation


def test_those_whose_address_nobody_confirmed_are_counted_apart(several, admin_client):
    assert figures_of(several).unconfirmed == 6
    one = Submission.objects.standing().filter(country="NP").get()
    EmailConfirmation.objects.update_or_create(
        submission=one, defaults={"asked_at": one.received_at, "confirmed_at": one.received_at}
    )
    count(several)
    assert figures_of(several).unconfirmed == 5
    page = squeezed(admin_client.get("/admin/").content.decode())
    (link, number) = re.findall(r'<a href="([^"]+confirmed=no)">(\d+)</a>', page)[0]
    assert number == "5"
    assert admin_client.get(html.unescape(link)).context["cl"].result_count == 5
    # What an earlier release counted knows nothing of it.
    kept = KeptFigures.objects.get()
    kept.counted.pop("unconfirmed")
    kept.save(update_fields=["counted"])
    assert figures_of(several).unconfirmed == 0


def test_the_figures(several):
    built = figures_of(several)
    assert (built.total, built.today, built.new, built.drafts) == (6, 6, 5, 1)
    assert sum(n for _day, n in built.per_day) == 6
    themes = {name.split(".")[0]: n for name, n in built.by_theme}
    assert {name: n for name, n in themes.items() if n} == {"1": 3, "2": 2, "4": 1, "15": 1}
    assert len(themes) == 15
    assert dict(built.by_region) == {"Africa": 1, "Americas": 1, "Asia": 1, "Europe": 1, "Oceania": 1, "Global": 1}
    assert {name: n for name, n in built.by_group if n} == {
        "Civil society": 4,
        "Academia": 1,
        "Intergovernmental organisation": 1,
    }
    assert coverage_columns() == ["Africa", "Americas", "Asia", "Europe", "Oceania", "LDC", "LLDC", "SIDS"]
    covered = {name.split(".")[0]: counts for name, counts in built.coverage}
    assert covered["1"] == [1, 1, 1, 0, 0, 1, 1, 0]  # Nepal is in Asia, least developed and landlocked
    assert covered["2"] == [1, 0, 0, 0, 1, 0, 0, 1]
    assert covered["15"] == [0] * 8  # whoever speaks for no country is in no region


def test_the_groups_of_countries_are_as_long_as_the_lists():
    assert {name: len(codes) for name, codes in special_groups().items()} == {"LDC": 44, "LLDC": 32, "SIDS": 39}


def test_each_tile_links_a_list_of_as_many(admin_client, several, admin_user):
    """Also with a second consultation, which the front page is not about."""
    now = database_now()
    other = make_consultation(
        opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=1), slug="zero-draft", themes=1
    )
    elsewhere = send(other, {1: "Elsewhere."}).submission
    save_review(elsewhere, Decision(Review.State.IN_REVIEW, admin_user), by=admin_user, version=0)
    move_cutoff_behind_now(other)
    count(several)
    page = squeezed(admin_client.get("/admin/"))
    tiles = re.findall(r'<dt>([^<]*)</dt><dd><a href="([^"]*submission/\?[^"]*)">(\d+)', page)
    names = ["Submissions", "Today", "New, not yet assigned", "Address not confirmed", "Assigned to me"]
    assert [name for name, _url, _n in tiles] == names
    for name, url, n in tiles:
        shown = admin_client.get(html.unescape(url)).context["cl"]
        assert (name, shown.result_count) == (name, int(n))


def test_what_was_withdrawn_before_its_receipt_left_is_not_given_up(admin_client, consultation):
    withdraw(send(consultation, {1: "Withdrawn at once."}).submission)
    mail = Mail.objects.get(submission__isnull=False, body="")
    assert mail.failed_at is not None
    assert 'E-mails that could not be sent</dt><dd><a href="/admin/submissions/mail/?state=failed">0<' in squeezed(
        admin_client.get("/admin/")
    )
    states = {
        state: admin_client.get(f"{MAILS}?state={state}").context["cl"].result_count for state in StateFilter.STATES
    }
    assert (states["failed"], states["withdrawn"]) == (0, 1)
    assert sum(states.values()) == Mail.objects.count()


def test_the_page(admin_client, several):
    heartbeat.beat(Heartbeat.Part.WEB)
    Mail.objects.filter(pk=Mail.objects.first().pk).update(failed_at=database_now())
    page = squeezed(admin_client.get("/admin/"))
    tiles = dict(re.findall(r"<dt>([^<]*)</dt><dd>(?:<a [^>]*>)?([^<]*)", page))
    assert tiles == {
        "Submissions": "6",
        "Today": "6",
        "New, not yet assigned": "5",
        "Address not confirmed": "6",
        "Assigned to me": "1",
        "Drafts in progress": "1",
        "E-mails that could not be sent": "1",  # and not the receipt of what was withdrawn
    }
    assert page.count('class="nobody"') == 15 * 8 - sum(
        bool(n) for _name, counts in figures_of(several).coverage for n in counts
    )
    # The worker was never heard of, and this install has only just begun; then it is older than that.
    assert "Not heard of" not in page
    long_ago = database_now() - timedelta(minutes=5)
    Heartbeat.objects.create(part=Heartbeat.Part.WEB, minute=long_ago.replace(second=0, microsecond=0))
    page = admin_client.get("/admin/").content.decode()
    assert "Not responding for several minutes: the worker or its timer." in page
    heartbeat.beat(Heartbeat.Part.WORKER)
    assert "Not heard of" not in admin_client.get("/admin/").content.decode()
    # The deadline as it was before stays a line in the picture.
    assert page.count("<line") == 1
    later = several.closes_at + timedelta(days=20)
    cutoff_changes.move_cutoff(consultation_id=several.pk, closes_at=later, reason="x", by=None)
    assert admin_client.get("/admin/").content.decode().count("<line") == 2
    # One that is far off is told in words alone.
    cutoff_changes.move_cutoff(consultation_id=several.pk, closes_at=later + timedelta(days=60), reason="x", by=None)
    assert admin_client.get("/admin/").content.decode().count("<line") == 2


def test_empty_and_without_the_right(admin_client, client, consultation):
    assert "Nothing has been received yet." in admin_client.get("/admin/").content.decode()
    client.force_login(get_user_model().objects.create_user("new", is_staff=True))
    page = client.get("/admin/").content.decode()
    assert "The consultation in figures" not in page
    assert client.get(f"/admin/submissions/submission/figures/{consultation.pk}/by-theme.csv").status_code == 403


def test_each_picture_as_csv(admin_client, several):
    base = f"/admin/submissions/submission/figures/{several.pk}"
    built = figures_of(several)
    for name, rows in {
        "by-group": built.by_group,
        "by-theme": built.by_theme,
        "by-region": built.by_region,
        "per-day": built.per_day,
    }.items():
        text = admin_client.get(f"{base}/{name}.csv").content.decode("utf-8-sig")
        header, *result = csv.reader(io.StringIO(text, newline=""))
        assert header[1] == "Submissions"
        assert result == [[str(cell) for cell in row] for row in rows]
    text = admin_client.get(f"{base}/coverage.csv").content.decode("utf-8-sig")
    header, *result = csv.reader(io.StringIO(text, newline=""))
    assert header == ["Area", *coverage_columns()]
    assert result == [[theme, *map(str, counts)] for theme, counts in built.coverage]
    assert admin_client.get(f"{base}/nothing.csv").status_code == 404


def test_its_queries_do_not_grow_and_the_second_look_is_cheap(admin_client, consultation):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get("/admin/").status_code == 200
        return len(captured)

    for _ in range(3):
        send(consultation, {1: "a", 2: "b"})
    queries()  # the round is read once and kept
    KeptFigures.objects.all().delete()
    few = queries()
    assert queries() < few
    for _ in range(30):
        send(consultation, {1: "a", 2: "b"})
    KeptFigures.objects.all().delete()
    assert queries() == few


def receive_at(submission: Submission, moment: datetime) -> None:
    """What was received when is final: only the tables' owner can turn that off."""
    with owner_connection() as owner:
        owner.execute("ALTER TABLE submissions_submission DISABLE TRIGGER USER")
        owner.execute("UPDATE submissions_submission SET received_at = %s WHERE id = %s", [moment, submission.pk])
        owner.execute("ALTER TABLE submissions_submission ENABLE TRIGGER USER")


def test_each_bar_leads_to_a_list_of_as_many(admin_client, several):
    """Of areas, groups, regions and days, in the picture and in the table below it; what is none leads nowhere."""
    receive_at(Submission.objects.get(country="FJ"), database_now() - timedelta(days=3))
    count(several)
    tree = lxml.html.fromstring(admin_client.get("/admin/").content.decode())
    rows = tree.xpath("//table[@class='bars']//tr")
    linked = [(row.xpath("th//a/@href"), int(row.xpath("string(td[1])"))) for row in rows]
    assert [bool(links) for links, _n in linked] == [bool(n) for _links, n in linked]
    assert sum(n for _links, n in linked) == 2 * 6 + 7 + 6  # days, then groups and regions; areas have seven texts
    for (address,), n in ((links, n) for links, n in linked if links):
        assert (address, admin_client.get(address).context["cl"].result_count) == (address, n)
    bars = tree.xpath("//*[@class='days']//a/@href")
    found = [admin_client.get(address).context["cl"].result_count for address in bars]
    assert found == [n for _day, n in figures_of(several).per_day]


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31", "yesterday", "20260715", "2026-W29-3"])
def test_a_day_that_is_none_filters_nothing(admin_client, several, day):
    page = admin_client.get(f"/admin/submissions/submission/?received={day}")
    assert page.context["cl"].result_count == Submission.objects.standing().count()


def test_a_day_is_that_of_its_consultations_zone(admin_client, consultation):
    """To the microsecond, on a day that has 23 hours, too."""
    moments = [datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)]  # New York springs forward
    assert zones.bounds_of_day(date(2026, 3, 8), "America/New_York") == tuple(moments)
    tick = timedelta(microseconds=1)
    for at in (moments[0] - tick, moments[0], moments[1] - tick, moments[1]):
        sent = send(consultation, {1: "a"}).submission
        receive_at(sent, at)
    page = admin_client.get("/admin/submissions/submission/?received=2026-03-08")
    assert sorted(one.received_at for one in page.context["cl"].result_list) == [moments[0], moments[1] - tick]
    assert "Received: 8 March 2026" in squeezed(page)
    words = in_words("received=2026-03-08", user=None, at=database_now())
    assert words == "received: 8 March 2026"


def test_what_to_do_next(admin_client, several, admin_user):
    def steps() -> list[str]:
        tree = lxml.html.fromstring(admin_client.get("/admin/").content.decode())
        return [" ".join(one.text_content().split()) for one in tree.xpath("//section[@class='next-work']//li")]

    assert steps() == [
        "Take the next unread",
        "Still to be read: admin 1",
        "Go on reading: 1 assigned to you is not reviewed yet",
    ]
    read = Submission.objects.standing().get(country="BR")
    save_review(read, Decision(Review.State.REVIEWED, admin_user), by=admin_user, version=1)
    send(several, {1: "More."}, country="BR", amends=read.reference)
    new = make_consultation(
        opens_at=database_now() + timedelta(days=9), closes_at=database_now() + timedelta(days=19), slug="zero-draft"
    )
    count(several)
    assert steps()[:2] == ["Take the next unread", "Read again: 1 was sent again since it was read"]
    assert steps()[2].startswith(f"“{new.title}” opens on ")
    assert steps()[2].endswith("Its check list")
    for sent in Submission.objects.standing():
        review = Review.objects.filter(reference=sent.reference).first()
        version = review.version if review else 0
        save_review(sent, Decision(Review.State.REVIEWED, None), by=admin_user, version=version)
    count(several)
    assert steps()[1:] == ["Nothing waits to be read."]


def test_the_menu_names_every_model_in_the_order_of_a_days_work(admin_client, consultation):
    assert set(MENU) == {model._meta.label_lower for model in admin.site._registry}
    tree = lxml.html.fromstring(admin_client.get("/admin/").content.decode())
    addresses = [address.strip("/").split("/")[1:] for address in tree.xpath("//nav[@id='menu']//a/@href")]
    shown = [".".join(one) for one in addresses]
    assert shown == [one for one in MENU if one in shown]
    assert len(shown) == len(MENU)


def test_each_gap_and_each_number_leads_to_its_texts(admin_client, several):
    tree = lxml.html.fromstring(admin_client.get("/admin/").content.decode())
    numbers = tree.xpath("//div[@class='coverage']//tbody//td[a]")
    assert numbers
    for cell in numbers:
        (address,) = cell.xpath("a/@href")
        assert admin_client.get(address).context["cl"].result_count == int(cell.text_content())
