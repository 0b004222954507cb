"""What comes in another way: entered on behalf, or late by a link. PostgreSQL lets nothing else in after the cutoff."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from submissions.drafts import late_access
from submissions.models import Admission, LateAccess, Mail, Submission
from submissions.sending.refusals import IntakeClosed, IntakeNotOpen
from submissions.sending.submit import submit
from tests.export_files import exported, parsed
from tests.factories import contents, make_consultation, make_late_access, make_respondent, move_cutoff_behind_now, send
from tests.roles import as_owner
from tests.threads import at_once
from themes import cutoff_changes
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOME = "/elements-paper/"


@pytest.fixture
def closed(consultation):
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    consultation.refresh_from_db()
    return consultation


@pytest.fixture
def access(closed, admin_user):
    return give(closed, admin_user)


def give(consultation, user, **options) -> LateAccess:
    usual = {"for_whom": "Réseau", "email": "", "reason": "Our server was away."}
    return make_late_access(consultation, user, **{**usual, **options})


def admit(consultation, admission, **answers):
    return submit(
        consultation=consultation,
        respondent=make_respondent(**answers),
        contents=contents(consultation, {1: "Late, and let in."}),
        sending_key=uuid.uuid4(),
        admission=admission,
    ).submission


def by_hand(user, **options) -> Admission:
    return Admission(**{"way": "paper", "reason": "Handed over at the session.", "entered_by": user, **options})


def test_entered_on_behalf_in_time_and_late(consultation, admin_user):
    early = admit(consultation, by_hand(admin_user))
    assert (early.admission.is_late, early.admission.entered_by) == (False, admin_user)
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    late = admit(consultation, by_hand(admin_user, way="email"))
    assert (late.admission.is_late, late.admission.way) == (True, "email")
    assert late.received_at > consultation.closes_at
    # What the record is of stays what it was.
    assert list(Submission.objects.standing_at(consultation.closes_at)) == [early]
    assert set(Submission.objects.standing()) == {early, late}


def test_marked_in_every_export(consultation, admin_user):
    send(consultation, {1: "In time."})
    move_cutoff_behind_now(consultation)
    admit(consultation, by_hand(admin_user))
    for layout in ("contributions", "submissions", "proposals", "stakeholders"):
        header, *rows = parsed(exported(layout=layout, audience="workspace")[0])
        result = [[row[header.index(name)] for name in ("came_in", "late", "admitted_because")] for row in rows]
        if layout != "proposals":
            assert result == [["Online, in time", "", ""], ["On paper", "late", "Handed over at the session."]]
    header, *rows = parsed(exported(audience="public")[0])
    assert sorted(row[header.index("late")] for row in rows) == ["", "late"]


def test_the_receipt_says_that_it_was_entered(consultation, admin_user):
    admit(consultation, by_hand(admin_user))
    body = Mail.objects.get().body
    assert "The secretariat entered it on your behalf. On paper" in body


def test_without_an_admission_late_is_refused_as_ever(closed):
    with pytest.raises(IntakeClosed):
        send(closed)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("options", "constraint"),
    [
        ({"reason": " "}, "admission_has_a_reason"),
        ({"entered_by": None}, "admission_by_link_or_by_somebody"),
        ({"way": "magic"}, "admission_way_is_known"),
        ({"way": "late-link"}, "admission_by_link_or_by_somebody"),
    ],
)
def test_an_admission_answers_for_itself(closed, admin_user, options, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        admit(closed, by_hand(admin_user, **options))
    assert not Submission.objects.exists()


def test_before_the_opening_nothing_is_let_in(admin_user):
    now = database_now()
    upcoming = make_consultation(opens_at=now + timedelta(hours=1), closes_at=now + timedelta(days=1))
    with pytest.raises(IntakeNotOpen):
        admit(upcoming, by_hand(admin_user))
    assert not Submission.objects.exists()


def test_an_admission_is_not_added_afterwards_nor_changed(consultation, admin_user):
    sent = send(consultation).submission
    with pytest.raises(DatabaseError, match="no admission is added"):
        by_hand(admin_user, submission=sent).save(force_insert=True)
    admit(consultation, by_hand(admin_user))
    for change in (
        lambda: Admission.objects.update(reason="Another."),
        lambda: Admission.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            change()
        with as_owner(), pytest.raises(DatabaseError, match="what was sent is final"):
            change()


def test_whether_it_is_late_is_said_by_the_database(consultation, admin_user):
    assert admit(consultation, by_hand(admin_user, is_late=True)).admission.is_late is False


def test_stamped_in_time_and_committed_too_late_is_refused(consultation, admin_user):
    with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
        from submissions.sending import submit as room

        room._insert(
            consultation,
            make_respondent(),
            contents(consultation, {1: "x"}),
            uuid.uuid4(),
            received_at=database_now(),
            admission=by_hand(admin_user),
        )
        with connection.cursor() as cursor:
            cursor.execute("UPDATE themes_consultation SET closes_at = clock_timestamp()")
    assert not Submission.objects.exists()


# --- by a link -----------------------------------------------------------------------------------------------------


def fill_draft(client, texts=((1, "Written before, sent after."),)):
    for number, text in texts:
        client.post(f"{HOME}themes/{number}/", {"text": text})
    client.post(
        f"{HOME}about-you/",
        {
            **make_respondent().answers(),
            "has_accepted_privacy": "on",
        },
    )


def test_the_link_from_the_page_to_the_receipt(client, access, closed):
    path = late_access.link_to(access).partition("//")[2].partition("/")[2]
    page = client.get(f"/{path}")
    assert page.status_code == 200
    assert "You may still send" in page.content.decode()
    # Opening it uses nothing up; a scanner may.
    assert client.get(f"{HOME}themes/1/").content.decode().count("<textarea") == 0
    assert client.post(f"/{path}").status_code == 303
    home = client.get(HOME).content.decode()
    assert "You may still send." in home
    assert "It is marked as late." in home
    fill_draft(client)
    page = client.get(f"{HOME}send/")
    answer = client.post(f"{HOME}send/", {"key": page.context["draft"].sending_key})
    assert (answer.status_code, answer["Location"]) == (303, f"{HOME}receipt/")
    sent = Submission.objects.get()
    assert (sent.admission.way, sent.admission.late_access, sent.admission.is_late) == ("late-link", access, True)
    assert sent.admission.reason == "Our server was away."
    # Once: the draft is closed again, and so is the link.
    assert "You may still send." not in client.get(HOME).content.decode()
    assert client.get(f"/{path}").status_code == 410
    # The same button again has its receipt.
    again = client.post(f"{HOME}send/", {"key": page.context["draft"].sending_key})
    assert again["Location"] == f"{HOME}receipt/"
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("token", ["1", "1.forged", "x", "99.zzzz"])
def test_a_link_that_was_not_signed_here_opens_nothing(client, access, token):
    page = client.get(f"{HOME}late/{token}/")
    assert page.status_code == 404
    client.cookies[f"late-{access.consultation_id}"] = token
    assert "You may still send" not in client.get(HOME).content.decode()


def test_expired_and_revoked(client, closed, admin_user):
    now = database_now()
    for options in ({"expires_at": now - timedelta(seconds=1)}, {"revoked_at": now}):
        access = give(closed, admin_user, **options)
        assert client.get(f"{HOME}late/{late_access.sign(access)}/").status_code == 410
        with pytest.raises(IntakeClosed):
            admit(closed, Admission(way="late-link", late_access=access, reason="x"))
    assert not Submission.objects.exists()


def test_of_another_consultation(closed, admin_user):
    now = database_now()
    other = make_consultation(opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1), slug="other")
    with pytest.raises(IntakeClosed):
        admit(closed, Admission(way="late-link", late_access=give(other, admin_user), reason="x"))


def test_two_who_use_one_link_at_once(closed, access):
    result = []

    def press():
        try:
            admit(closed, Admission(way="late-link", late_access=access, reason="x"))
            result.append("in")
        except IntakeClosed:
            result.append("out")

    at_once(*[press] * 2)
    assert sorted(result) == ["in", "out"]
    assert Submission.objects.count() == 1


def test_whoever_finishes_on_a_shared_device_leaves_no_access_behind(client, access):
    client.post(f"{HOME}late/{late_access.sign(access)}/")
    assert "You may still send." in client.get(HOME).content.decode()
    client.post(f"{HOME}come-back/finish/")
    assert "You may still send." not in client.get(HOME).content.decode()


def test_drafts_are_kept_while_somebody_may_still_send(closed, admin_user):
    from submissions.drafts import retention, saving

    saving.start_draft(closed, at=database_now())
    long_ago = database_now() - timedelta(days=40)
    type(closed).objects.update(opens_at=long_ago - timedelta(days=1), closes_at=long_ago, closed_at=long_ago)
    access = give(closed, admin_user)
    assert retention.delete_outdated_drafts() == 0
    LateAccess.objects.filter(pk=access.pk).update(expires_at=database_now() - timedelta(days=8))
    assert retention.delete_outdated_drafts() == 1


def test_while_open_a_link_is_not_used_up(client, consultation, admin_user):
    access = give(consultation, admin_user)
    client.post(f"{HOME}late/{late_access.sign(access)}/")
    fill_draft(client)
    client.post(f"{HOME}send/", {"key": client.get(f"{HOME}send/").context["draft"].sending_key})
    assert Submission.objects.count() == 1
    assert not Admission.objects.exists()
