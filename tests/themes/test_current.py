"""Which consultation the workspace is about: the open one, also when the next round is entered already."""

from datetime import timedelta

import pytest

from submissions.export import records
from submissions.models import Record
from tests.export_page import ADD, post
from tests.factories import close_early, make_consultation, reopen, send
from themes.current import current_consultation
from themes.intake import database_now

pytestmark = pytest.mark.django_db(transaction=True)


def built(slug: str, opens: int, closes: int):
    """Opens and closes so many days from now."""
    now = database_now()
    days = (timedelta(days=opens), timedelta(days=closes))
    return make_consultation(slug=slug, opens_at=now + days[0], closes_at=now + days[1], themes=1)


def test_the_open_one_then_the_last_then_the_next():
    now = database_now()
    assert current_consultation(now) is None
    coming = built("coming", 10, 20)
    assert current_consultation(now) == coming
    built("long-ago", -40, -30)
    over = built("over", -20, -10)
    assert current_consultation(now) == over
    later = built("open-for-long", -1, 9)
    assert current_consultation(now) == later
    sooner = built("open", -2, 5)
    assert current_consultation(database_now()) == sooner


def test_the_workspace_is_about_the_open_round_while_the_next_is_prepared(admin_client):
    now_open, coming = built("now-open", -1, 1), built("coming", 10, 20)
    send(now_open)
    page = admin_client.get("/admin/").content.decode()
    assert str(now_open.title) in page
    assert f"“{coming.title}” opens on " in page
    assert page.count(str(coming.title)) == 1
    listed = admin_client.get("/admin/submissions/submission/").content.decode()
    assert f"/admin/submissions/lateaccess/enter/{now_open.pk}/" in listed
    requester = admin_client.get(ADD).context["adminform"].form
    assert requester.initial["consultation"] == now_open.pk


def test_what_waits_in_another_round_is_not_missed(admin_client, client):
    """The record of one that closed was given up while the next is open: the front page says so, and leads there."""
    over, now_open = built("over", -20, 1), built("now-open", -1, 9)
    first = send(over).submission
    close_early(over)
    over.refresh_from_db()
    record = Record.objects.create(consultation=over, closed_at=over.closed_at, attempts=12, due_at=None)
    page = admin_client.get("/admin/").content.decode()
    assert f"{over.title}: The record could not be written" in page
    assert f"/admin/submissions/record/{record.pk}/change/" in page
    listed = admin_client.get("/admin/submissions/submission/").content.decode()
    assert listed.index(f"enter/{now_open.pk}/") < listed.index(f"enter/{over.pk}/")
    assert f"Enter on behalf of somebody: {over.title}" in listed
    filtered = admin_client.get(f"/admin/submissions/submission/?consultation__id__exact={over.pk}").content.decode()
    assert f"enter/{over.pk}/" in filtered
    assert f"enter/{now_open.pk}/" not in filtered
    # Rows that were chosen by hand lead to the export of theirs.
    requester = admin_client.get(f"{ADD}?filters=id__in%3D{first.pk}").context["adminform"].form
    assert requester.initial["consultation"] == over.pk
    refused = post(admin_client, f"id__in={first.pk}", consultation=now_open.pk)
    assert f"The selection belongs to another consultation: {over.title}." in refused.content.decode()
    # Re-opened, nobody waits for that record any more.
    reopen(over, database_now() + timedelta(days=1))
    assert "The record could not be written" not in admin_client.get("/admin/").content.decode()
    assert records.try_again(Record.objects.all()) == 0


def test_an_export_is_of_the_consultation_that_the_list_shows(admin_client):
    now_open, over = built("now-open", -1, 1), built("over", -20, 1)
    for consultation, count in ((now_open, 1), (over, 2)):
        for _turn in range(count):
            send(consultation)
    filters = f"consultation__id__exact={over.pk}"
    page = admin_client.get(f"{ADD}?filters={filters.replace('=', '%3D')}")
    assert page.context["adminform"].form.initial["consultation"] == over.pk
    assert "2 submissions are chosen." in page.content.decode()
    refused = post(admin_client, filters, consultation=now_open.pk)
    assert f"The selection belongs to another consultation: {over.title}." in refused.content.decode()
    assert post(admin_client, filters, consultation=over.pk).status_code == 302
    # Of a list of both it names both counts, and says that an export is of one.
    page = admin_client.get(ADD).content.decode()
    assert f"{now_open.title}: 1 submission is chosen." in page.replace("</strong>", "")
    assert f"{over.title}: 2 submissions are chosen." in page.replace("</strong>", "")
    assert "An export is of one consultation" in page
