"""Being told of publications by mail, and telling the secretariat what is wrong with a published text."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.contrib.auth.models import Group, User
from django.core import mail as sent_mail
from django.db import IntegrityError
from django.test import Client

from privacy import disclosure
from publication import acts, followers, mailings, reports
from publication.mailings import queue_due
from publication.models import Follower, Mailing, Publication, PublishedText, Report
from submissions.mail import messages, outbox
from submissions.mail.mailboxes import mailbox_of
from submissions.models import Draft, Mail, Submission
from submissions.signals import mailboxes_erased
from tests.factories import reopen, send
from tests.publication.publishing import close, people, publish
from tests.visitor import HOME
from themes.intake import database_now
from themes.models import Consultation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NEWS = f"{HOME}contributions/news/"


def links() -> list[str]:
    """Those that end in a token, of the mails that go out now."""
    sent_mail.outbox.clear()
    outbox.send_due()
    ours = Mail.objects.exclude(about="").values_list("message_id", flat=True)
    sent_mail.outbox[:] = [one for one in sent_mail.outbox if one.extra_headers["Message-ID"] in ours]
    return [re.findall(rf"http://testserver({NEWS}\S+/\S+/)", str(one.body))[-1] for one in sent_mail.outbox]


def follow(address: str, **answers) -> Follower:
    client = Client()
    assert client.post(NEWS, {"email": address, **answers}).status_code == 303
    (link,) = links()
    assert client.post(link).status_code == 303
    follower = Follower.objects.get(email=address)
    assert follower.confirmed_at is not None
    return follower


def test_nothing_comes_before_the_address_is_confirmed(client, consultation):
    page = client.post(NEWS, {"email": "reader@example.org"}, follow=True)
    assert "An e-mail is on its way to that address," in page.content.decode()
    send(consultation, {1: "A text."})
    publish(consultation)
    assert queue_due() == 0
    (link,) = links()
    assert client.get(link).status_code == 200
    assert Follower.objects.get().confirmed_at is None
    assert "Your address is confirmed" in client.post(link, follow=True).content.decode()
    # Of what was published before nothing is told.
    assert queue_due() == 0


def test_each_publication_is_told_once_and_one_click_ends_it(client, consultation):
    for name in ("a", "b", "c"):
        follow(f"{name}@example.org")
    send(consultation, {1: "A text.", 2: "Another."})
    publish(consultation)
    assert (queue_due(), queue_due()) == (3, 0)
    stops = links()
    assert sorted(one.to[0] for one in sent_mail.outbox) == ["a@example.org", "b@example.org", "c@example.org"]
    message = sent_mail.outbox[0]
    assert "2 contributions to the" in message.body
    assert f"http://testserver{HOME}contributions/" in message.body
    assert message.extra_headers["List-Unsubscribe"] == f"<http://testserver{stops[0]}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # A mail program presses it by itself, with no cookie and no token of a form.
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(stops[0]).status_code == 200
    assert Follower.objects.count() == 3
    assert strict.post(stops[0], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert sorted(Follower.objects.values_list("email", flat=True)) == ["b@example.org", "c@example.org"]
    assert "You get no more news" in strict.get(stops[0]).content.decode()
    # The secretariat reads no link that would end or confirm somebody else's.
    assert not Mail.objects.filter(body__contains="/news/").exists()


def test_what_was_queued_for_somebody_who_ends_it_is_not_sent(consultation):
    first = follow("a@example.org")
    follow("b@example.org")
    send(consultation, {1: "A text."})
    publish(consultation)
    assert queue_due() == 2
    followers.stop(first)
    links()
    assert [one.to for one in sent_mail.outbox] == [["b@example.org"]]
    # Nothing of the address is kept.
    assert not Mail.objects.filter(recipient="a@example.org").exists()
    # Nor one that was queued in the same moment.
    Mail.objects.filter(recipient="b@example.org").update(sent_at=None, due_at=database_now())
    Follower.objects.all().delete()
    links()
    assert sent_mail.outbox == []
    refused = Mail.objects.filter(recipient="b@example.org", failed_at__isnull=False)
    assert {(one.last_error, one.body) for one in refused} == {("NobodyWaits: Nobody waits for it any more.", "")}


def test_a_killed_worker_tells_nobody_twice_and_leaves_nobody_out(consultation, monkeypatch):
    for n in range(5):
        follow(f"{n}@example.org")
    send(consultation, {1: "A text."})
    publish(consultation)
    monkeypatch.setattr(mailings, "BATCH_SIZE", 2)
    monkeypatch.setattr(mailings, "MAILS_IN_A_SWEEP", 2)
    assert [queue_due() for _sweep in range(4)] == [2, 2, 1, 0]
    links()
    assert sorted(one.to[0] for one in sent_mail.outbox) == [f"{n}@example.org" for n in range(5)]
    with pytest.raises(IntegrityError):
        Mailing.objects.create(publication=None, checkpoint=None)


def reopened(consultation) -> Consultation:
    reopen(Consultation.objects.get(pk=consultation.pk), database_now() + timedelta(days=1))
    consultation.refresh_from_db()
    return consultation


def test_of_what_is_withdrawn_at_once_nobody_is_told(consultation):
    follow("a@example.org")
    send(consultation, {1: "A text."})
    publish(consultation)
    first = Publication.objects.get()
    acts.withdraw(first.pk, by=people()[0], reason="x")
    assert queue_due() == 0
    # Withdrawn when the telling had begun: those who have not been told are not.
    send(reopened(consultation), {1: "Another."})
    second = publish(consultation)
    mailings._begin_new()
    acts.withdraw(second.pk, by=people()[0], reason="x")
    assert queue_due() == 0
    assert Mailing.objects.get().finished_at is not None


@pytest.mark.parametrize(("language", "words"), [("ar", "نُشرت"), ("zh-hans", "发布"), ("fr", "publié")])
def test_mails_are_in_the_language_of_the_page(client, consultation, language, words):
    client.cookies[project.LANGUAGE_COOKIE_NAME] = language
    client.post(NEWS, {"email": "a@example.org"})
    Follower.objects.update(confirmed_at=database_now())
    send(consultation, {1: "A text."})
    publish(consultation)
    queue_due()
    for mail in Mail.objects.exclude(about=""):
        words_of_ours = re.sub(r"http\S+|⟦.*⟧|Consultation elements-paper", "", mail.body.partition("\n--")[0])
        assert language == "fr" or not re.search("[A-Za-z]{3}", words_of_ours)
    assert words in Mail.objects.get(about__startswith=followers.STOP).body


def test_nobody_is_flooded_and_nothing_is_told_of_who_follows(client, consultation):
    follow("a@example.org")
    send(consultation, {1: "A text."})
    publish(consultation)
    queue_due()
    others = Mail.objects.count()
    # The same answer, whether it is somebody who follows, who has had the share of such mails, or nobody known.
    for address in ("A+x@example.org", "nobody@example.org"):
        answers = [client.post(NEWS, {"email": address}) for _try in range(8)]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, f"{NEWS}?asked#main")}
    assert Follower.objects.order_by("pk")[0].email == "a@example.org"
    assert Mail.objects.count() - others == 4 + 5
    # What goes to the drafts of the same people is not fewer for that.
    assert not messages._has_had_its_share(Draft(pk=0), "a@example.org", at=database_now())


@pytest.mark.parametrize("email", ["", "no address", "x" * 300 + "@example.org", "a@example.org\nBcc: b@example.org"])
def test_what_is_no_address_is_told_and_kept_on_the_page(client, consultation, email):
    answer = client.post(NEWS, {"email": email})
    assert answer.status_code == 200
    assert "Error:" in answer.content.decode()
    assert not Follower.objects.exists()


def test_unconfirmed_addresses_are_gone_after_two_days_and_others_in_the_end(client, consultation, settings):
    follow("kept@example.org")
    client.post(NEWS, {"email": "gone@example.org"})
    Follower.objects.update(asked_at=database_now() - timedelta(days=1, hours=23))
    followers.remove_outdated()
    assert Follower.objects.count() == 2
    Follower.objects.update(asked_at=database_now() - timedelta(days=2, seconds=1))
    queue_due()
    assert [one.email for one in Follower.objects.all()] == ["kept@example.org"]
    assert not Mail.objects.filter(recipient="gone@example.org").exists()
    Follower.objects.update(confirmed_at=database_now() - settings.CONTACTS_KEPT - timedelta(seconds=1))
    queue_due()
    assert not Follower.objects.exists()


def test_a_link_of_another_door_or_consultation_does_nothing(client, consultation):
    follower = follow("a@example.org")
    client.post(NEWS, {"email": "b@example.org"})
    (confirms,) = links()
    stops = followers._link(follower, followers.STOP).removeprefix("http://testserver")
    for wrong in (confirms.replace("/confirm/", "/stop/"), stops.replace("/stop/", "/confirm/"), f"{NEWS}stop/1.x/"):
        client.post(wrong)
    assert Follower.objects.filter(confirmed_at=None).count() == 1
    assert Follower.objects.count() == 2
    assert client.get(f"{NEWS}confirm/1.x/").status_code == 404


POSTED = [NEWS, f"{NEWS}confirm/1.x/", f"{NEWS}stop/1.x/"]


def test_choosing_a_language_there_does_nothing_else(client, consultation):
    for path in POSTED:
        client.post(path, {"email": "a@example.org", "page-language": "fr"})
    assert not Follower.objects.exists()
    page = client.post(NEWS, {"email": "half an addr", "page-language": "fr"}).content.decode()
    assert 'lang="fr"' in page
    assert "half an addr" in page


# --- Reports ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(consultation) -> PublishedText:
    send(consultation, {1: "A text."}, organisation="Atoll Union")
    publish(consultation)
    return PublishedText.objects.get()


def address(published: PublishedText) -> str:
    return f"{HOME}contributions/{published.public_id}/report/"


TOLD = {"kind": "not-mine", "message": "We never wrote this.\r\nSomebody used our name.", "email": "r@example.org"}


def test_a_reader_tells_and_the_secretariat_looks(client, published):
    path = f"{HOME}contributions/{published.public_id}/"
    assert f'href="{address(published)}"' in client.get(path).content.decode()
    answer = client.post(address(published), TOLD, follow=True)
    assert "Thank you. The secretariat looks at it." in answer.content.decode()
    report = Report.objects.get()
    assert (report.kind, report.email) == ("not-mine", "r@example.org")
    assert report.message == "We never wrote this.\nSomebody used our name."
    mail = Mail.objects.get(recipient="secretariat@example.org")
    # Nothing that a stranger wrote goes out in a mail of ours.
    assert "never wrote" not in mail.body
    assert f"/admin/publication/report/{report.pk}/change/" in mail.body
    # A second one waits there, too, without another mail within the hour.
    client.post(address(published), {"kind": "other"})
    assert Report.objects.count() == 2
    assert Mail.objects.filter(recipient="secretariat@example.org").count() == 1


def test_somebody_looks_at_it_and_says_what_was_done(client, published, settings):
    settings.SECOND_FACTOR = False
    client.post(address(published), TOLD)
    report = Report.objects.get()
    reviewer = User.objects.create_user("reviewer", is_staff=True)
    reviewer.groups.add(Group.objects.get(name="Reviewer"))
    client.force_login(reviewer)
    page = client.get(f"/admin/publication/report/{report.pk}/change/").content.decode()
    assert "We never wrote this." in page
    assert "r@example.org" not in page
    listed = client.get("/admin/publication/report/?state=waiting").content.decode()
    assert "elements-paper" in listed
    answer = f"/admin/publication/report/{report.pk}/answer/"
    assert client.get(answer).status_code == 405
    client.post(answer, {"answer": "  "})
    client.post(answer, {"answer": "x" * 4_001})
    assert Report.objects.get().answered_at is None
    client.post(answer, {"answer": "Withheld, and the organisation was told."})
    report.refresh_from_db()
    assert (report.answered_by, report.answer) == (reviewer, "Withheld, and the organisation was told.")
    client.post(answer, {"answer": "Again."})
    report.refresh_from_db()
    assert report.answer == "Withheld, and the organisation was told."
    waiting = client.get("/admin/publication/report/?state=waiting").content.decode()
    assert f"/admin/publication/report/{report.pk}/change/" not in waiting


def test_what_is_missing_or_too_long_is_told_and_kept(client, published):
    for typed in ({}, {"kind": "x"}, {"kind": "other", "message": "y" * 4_001}, {"kind": "other", "email": "none"}):
        page = client.post(address(published), {"message": "Kept words.", **typed})
        assert page.status_code == 200
        content = page.content.decode()
        assert "Error:" in content
        assert typed.get("message", "Kept words.") in content
    assert not Report.objects.exists()
    assert client.get(f"{HOME}contributions/{'0' * 12}/report/").status_code == 404


def test_of_one_text_only_so_many_wait(client, published, monkeypatch):
    monkeypatch.setattr(reports, "MAX_WAITING", 2)
    for _reader in range(4):
        assert client.post(address(published), {"kind": "other"}).status_code == 303
    assert Report.objects.count() == 2
    monkeypatch.setattr(reports, "MAX_WAITING", 50)
    monkeypatch.setattr(reports, "MAX_WAITING_IN_ROUND", 3)
    for _reader in range(3):
        client.post(address(published), {"kind": "other"})
    assert Report.objects.count() == 3
    assert Mail.objects.filter(about__startswith="report:").count() == 1


def test_they_are_gone_a_year_after_they_were_answered(client, published):
    for _reader in range(2):
        client.post(address(published), {"kind": "other"})
    first = Report.objects.order_by("pk")[0]
    reports.answer(first.pk, by=people()[0], what="Looked at.")
    Report.objects.filter(pk=first.pk).update(answered_at=database_now() - timedelta(days=365, seconds=1))
    queue_due()
    assert not Report.objects.filter(pk=first.pk).exists()
    Report.objects.update(email="r@example.org", received_at=database_now() - timedelta(days=365, seconds=1))
    queue_due()
    assert [one.email for one in Report.objects.all()] == [""]


def test_an_address_is_not_found_by_guessing(client, published, settings):
    settings.SECOND_FACTOR = False
    client.post(address(published), TOLD)
    reviewer = User.objects.create_user("reviewer", is_staff=True)
    reviewer.groups.add(Group.objects.get(name="Reviewer"))
    client.force_login(reviewer)
    pages = {
        client.get(f"/admin/publication/report/?email__startswith={letter}", follow=True).content.count(b"/change/")
        for letter in "rx"
    }
    assert len(pages) == 1


def test_who_is_erased_follows_nothing_and_is_shown_what_is_held(client, published):
    sender = Submission.objects.get()
    follow(sender.email)
    client.post(address(published), {**TOLD, "email": sender.email.upper()})
    held = disclosure.held_about(sender.reference)
    assert [row["email"] for row in held["followed"]] == [sender.email]
    assert len(held["reports"]) == 1
    mailboxes_erased.send(sender=None, mailboxes={mailbox_of(sender.email)})
    assert not Follower.objects.exists()
    assert Report.objects.get().email == ""
    held = disclosure.held_about(sender.reference)
    assert (held["followed"], held["reports"]) == ([], [])


def test_news_of_what_was_withdrawn_meanwhile_is_not_sent(consultation):
    follow("a@example.org")
    send(consultation, {1: "A text."})
    publication = publish(consultation)
    assert queue_due() == 1
    acts.withdraw(publication.pk, by=people()[0], reason="x")
    links()
    assert sent_mail.outbox == []


def test_the_home_page_of_a_closed_round_says_how_to_be_told(client, consultation):
    send(consultation, {1: "A text."})
    assert NEWS not in client.get(HOME).content.decode()
    close(consultation)
    assert NEWS in client.get(HOME).content.decode()
