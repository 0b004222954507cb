"""The trail: who saw contacts, and every change by triggers, a bulk update's and plain SQL's too; never changed."""

import html
import re
from datetime import timedelta

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection

from submissions.export import jobs, records
from submissions.models import ContactView, Review, Tag
from submissions.queries import trail
from submissions.review import reviewing
from submissions.review.reviewing import Decision
from tests.export_page import post
from tests.factories import move_cutoff_behind_now, send
from tests.roles import owner_connection
from themes import cutoff_changes
from themes.cutoff_changes import move_cutoff
from themes.models import Consultation
from wsis.typography import short_datetime

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = "/admin/submissions/submission/"
CHANGES = "/admin/submissions/change/"
# How many changes of tags each finds.
WORDS = {
    "Code_7%": 2,
    "code_7%": 2,
    "Code_%": 0,
    "%": 61,
    '"sixty"': 1,
    "\\": 1,
    "Seven. sixty": 1,
    "7% Seven": 1,
}


def seen() -> list[tuple[str, str, int]]:
    return list(ContactView.objects.order_by("pk").values_list("where", "what", "people"))


def test_every_sight_of_contacts_is_noted(admin_client, admin_user, consultation):
    sent = send(consultation).submission
    send(consultation)
    admin_client.get(f"{LIST}?country=KE")
    admin_client.get(f"{LIST}?country=FR")  # nothing shown, nobody seen
    admin_client.get(f"{LIST}{sent.pk}/change/")
    post(admin_client, audience="full")
    post(admin_client, audience="workspace")
    while jobs.make_next():
        pass
    from submissions.models import Export

    for export in Export.objects.order_by("pk"):
        admin_client.get(f"/admin/submissions/export/{export.pk}/download/").close()
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    records.write_due_records()
    from submissions.models import Record

    record = Record.objects.get()
    admin_client.get(f"/admin/submissions/record/{record.pk}/download/").close()
    result = seen()
    assert [(where, people) for where, _what, people in result] == [
        ("list", 2),
        ("page", 1),
        ("export", 2),
        ("record", 2),
    ]
    assert result[0][1] == "country=KE"
    assert result[1][1] == sent.reference
    assert "-full-" in result[2][1]
    assert {one.seen_by for one in ContactView.objects.all()} == {admin_user}


def test_whatever_the_method(admin_client, consultation):
    """A page that is posted to and shows the list all the same is a sight like another."""
    send(consultation)
    for path in (LIST, "/admin/submissions/mail/"):
        assert admin_client.post(path, {}).status_code == 200
    assert admin_client.head(LIST).status_code == 200
    assert [(where, people) for where, _what, people in seen()] == [("list", 1), ("mail", 1)]


def test_a_reviewer_sees_none_and_is_in_none(client, consultation):
    sent = send(consultation).submission
    user = get_user_model().objects.create_user("rita", is_staff=True)
    user.groups.add(Group.objects.get(name="Reviewer"))
    client.force_login(user)
    client.get(LIST)
    client.get(f"{LIST}{sent.pk}/change/")
    assert seen() == []
    assert client.get(CHANGES).status_code == 403


def test_nobody_changes_the_trail(admin_client, consultation, admin_user):
    sent = send(consultation).submission
    admin_client.get(f"{LIST}{sent.pk}/change/")
    reviewing.save_review(sent, Decision(Review.State.REVIEWED), by=admin_user, version=0)
    for statement, refusal in {
        "UPDATE submissions_contactview SET what = 'another'": "is final",
        "DELETE FROM submissions_contactview": "is final",
        "UPDATE submissions_reviewevent SET state = 'new'": "append_only",
        "DELETE FROM submissions_reviewevent": "append_only",
    }.items():
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)
        # Whoever has the right is refused by the guard.
        with owner_connection() as owner, pytest.raises(psycopg.Error, match=refusal):
            owner.execute(statement)


def rows(client, query: str = "") -> list[tuple[str, ...]]:
    """What the list shows: who did what to which row, and the values."""
    page = client.get(f"{CHANGES}?{query}").content.decode()
    cells = r"field-{}[^>]*>(.*?)</t[dh]>"
    found = [re.findall(cells.format(name), page, re.DOTALL) for name in ("sentence", "what_changed")]
    return [tuple(html.unescape(re.sub("<[^>]*>", "", cell)) for cell in row) for row in zip(*found, strict=True)]


def test_changes_by_a_page_by_a_bulk_update_and_by_sql(admin_client, consultation):
    sent = send(consultation).submission
    admin_client.post(f"{LIST}{sent.pk}/review/", {"state": "reviewed", "version": "0"})
    Review.objects.update(state="in-review")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE submissions_review SET state = 'new'")
        cursor.execute("UPDATE themes_consultation SET title = 'Renamed in SQL'")
    by_sql, bulk, *_others = rows(admin_client, "of=submissions.Review")
    changed = f"Worker, command or SQL changed Review {sent.reference}"
    assert by_sql == (changed, "state: In review → New")
    assert bulk == (changed, "state: Reviewed → In review")
    assert {sentence.split()[0] for sentence, _values in _others} == {"admin"}
    (renamed,) = rows(admin_client, "of=themes.Consultation&q=Renamed")
    assert renamed[1] == "title: Consultation elements-paper → Renamed in SQL"
    assert Consultation.objects.get().title == "Renamed in SQL"


def test_searched_by_reference_and_by_who(admin_client, consultation, admin_user):
    one, other = (send(consultation).submission for _turn in range(2))
    for sent in (one, other):
        admin_client.post(f"{LIST}{sent.pk}/review/", {"state": "reviewed", "version": "0"})
    found = {sentence for sentence, _values in rows(admin_client, f"q={one.reference}")}
    assert found == {f"admin made Review {one.reference}", f"admin changed Review {one.reference}"}
    assert len(rows(admin_client, f"q={one.reference}")) == len(rows(admin_client, f"q={other.reference}")) > 0
    by_admin = rows(admin_client, "q=admin&of=submissions.Review")
    assert {sentence.split()[0] for sentence, _values in by_admin} == {"admin"}
    assert rows(admin_client, f"who={admin_user.pk}&of=submissions.Review") == by_admin
    assert rows(admin_client, "who=nobody&of=submissions.Review") == []


def test_every_filter_and_word_narrows_and_pages_follow_each_other(admin_client, consultation, admin_user):
    """Each row stands on one page, the last first; a search reads through filters, and no pattern is one."""
    for n in range(60):
        Tag.objects.create(consultation=consultation, name=f"Code_{n}%")
    Tag.objects.filter(name="Code_7%").update(description='Seven.\nOf "sixty" \\ 60')
    first, second = (rows(admin_client, f"of=submissions.Tag&p={page}") for page in (1, 2))
    assert (len(first), len(second)) == (50, 11)
    assert [sentence.split()[-1] for sentence, _values in [*first, *second]] == [
        *("Code_7%", *(f"Code_{n}%" for n in reversed(range(60))))
    ]
    assert admin_client.get(f"{CHANGES}?of=submissions.Tag&p=3").status_code == 302
    asked = {word: admin_client.get(CHANGES, {"q": word, "of": "submissions.Tag"}) for word in WORDS}
    assert {word: page.context["cl"].result_count for word, page in asked.items()} == WORDS
    assert rows(admin_client, "of=submissions.Tag&who=nobody&when=day&q=seven") == first[:1]
    assert rows(admin_client, f"of=submissions.Tag&who={admin_user.pk}&q=seven") == []
    assert rows(admin_client, "of=submissions.Tag&who=999999999999999999999") == first


def test_a_search_lists_the_newest_thousand(admin_client, consultation, monkeypatch):
    monkeypatch.setattr(trail, "MAX_FOUND", 5)
    for n in range(9):
        Tag.objects.create(consultation=consultation, name=f"Code {n}")
    page = admin_client.get(f"{CHANGES}?q=Code")
    shown = page.context["cl"]
    assert "Only the newest 5 are listed." in page.content.decode()
    assert "Only the newest" not in admin_client.get(f"{CHANGES}?q=nowhere").content.decode()
    assert admin_client.get(f"{CHANGES}?pgh_label=delete").status_code == 400
    assert "_facets" not in page.content.decode()
    assert (shown.result_count, [row.pgh_data["name"] for row in shown.result_list]) == (
        5,
        [f"Code {n}" for n in (8, 7, 6, 5, 4)],
    )


def test_rights_and_tags_are_in_it(admin_client, consultation):
    user = get_user_model().objects.create_user("rita", is_staff=True)
    user.groups.add(Group.objects.get(name="Manager"))
    get_user_model().objects.filter(pk=user.pk).update(is_superuser=True)
    tag = Tag.objects.create(consultation=consultation, name="Gender")
    tag.delete()
    (promoted, *_made) = rows(admin_client, "q=rita&of=submissions.Account")
    assert promoted[1] == "superuser status: No → Yes"
    assert [sentence.split()[-3:] for sentence, _values in rows(admin_client, "of=submissions.Tag")] == [
        ["removed", "Tag", "Gender"],
        ["made", "Tag", "Gender"],
    ]
    assert len(rows(admin_client, "of=submissions.AccountRole")) == 1
    page = admin_client.get(CHANGES).content.decode()
    assert user.password not in page


def test_a_deadline_that_was_moved_is_a_sentence(admin_client, consultation, admin_user):
    """From when to when and why, without microseconds; and each row leads to where it is."""
    later = consultation.closes_at + timedelta(days=5)
    move_cutoff(consultation_id=consultation.pk, closes_at=later, reason="More <time>.", by=admin_user)
    ((sentence, values),) = rows(admin_client, "of=themes.Extension")
    before, after = short_datetime(consultation.closes_at), short_datetime(later)
    assert sentence == f"admin moved the deadline from {before} to {after}. More <time>."
    assert "announced by: admin" in values
    assert f"consultation: {consultation}" in values
    sent = send(consultation).submission
    admin_client.post(f"{LIST}{sent.pk}/review/", {"state": "reviewed", "version": "0", "assignee": admin_user.pk})
    page = admin_client.get(f"{CHANGES}?of=submissions.Review").content.decode()
    assert f'href="/admin/submissions/submission/?q={sent.reference}&amp;standing=all"' in page
    assert "assigned to: <bdi>– → admin</bdi>" in page
    page = admin_client.get(f"{CHANGES}?of=themes.Consultation").content.decode()
    assert f'href="/admin/themes/consultation/{consultation.pk}/change/"' in page


def test_a_sending_costs_no_statement_more(consultation):
    """The history's words about a page are for the workspace alone."""
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        Client().post("/elements-paper/themes/1/", {"text": "Some words."})
    assert not [one for one in captured if "pghistory" in one["sql"]]


@pytest.mark.parametrize("query", ["", "?q=admin", "?of=themes.Consultation"])
def test_a_post_to_the_list_is_answered_like_a_look(admin_client, consultation, query):
    """In a request that may change something the history stands between the page and its cursor."""
    assert admin_client.post(f"{CHANGES}{query}", {}).status_code in {200, 302, 403}
