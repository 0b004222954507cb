"""What a mail looks like to whoever gets it: from whom, about what, in two parts that say the same."""

import html
import re
from pathlib import Path

import pytest
from django.core import mail as sent_mail
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from submissions.drafts import keys, saving
from submissions.mail import messages, outbox, reminder_links
from submissions.mail.html import html_of
from submissions.mail.messages import _plain_name, queue_link, queue_reminder
from submissions.models import Draft, EmailConfirmation, Mail, Reminder
from submissions.sending import confirmation
from submissions.sending.withdraw import withdraw
from tests.factories import ARABIC, make_late_access, send
from tests.visitor import ANSWERS, link_on, write
from themes.intake import database_now
from themes.models import Milestone

HOME = "/elements-paper/"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def sent() -> list[EmailMessage]:
    outbox.send_due()
    return sent_mail.outbox


@pytest.mark.django_db(transaction=True)
class TestEveryMail:
    def test_says_from_whom_it_is_and_can_be_answered(self, consultation, settings):
        settings.DEFAULT_FROM_EMAIL = "consultation@example.org"
        settings.ORGANISER = "The Secretariat, of all"
        send(consultation)
        (message,) = sent()
        assert message.from_email == '"The Secretariat, of all" <consultation@example.org>'
        assert message.reply_to == ["secretariat@example.org"]
        assert "You can reply to this e-mail" in message.body

    def test_a_name_in_mail_from_is_kept(self, consultation, settings):
        settings.DEFAULT_FROM_EMAIL = "Ours <consultation@example.org>"
        send(consultation)
        assert sent()[0].from_email == "Ours <consultation@example.org>"

    def test_mails_on_one_submission_make_a_thread(self, consultation):
        first = send(consultation).submission
        send(consultation, {1: "Changed."}, amends=first.reference)
        one, two = sent()
        assert one.extra_headers["References"] == two.extra_headers["References"]
        assert first.reference in one.extra_headers["References"]

    def test_a_second_version_says_so_in_its_subject_and_its_text(self, consultation):
        first = send(consultation).submission
        send(consultation, {1: "Changed."}, amends=first.reference)
        _one, two = sent()
        assert two.subject == f"We received version 2 of your submission to {consultation.title} ({first.reference})"
        assert "It is version 2, and replaces the one before." in two.body

    def test_the_receipt_says_what_comes_next_and_how_each_text_is_published(self, consultation):
        Milestone.objects.create(consultation=consultation, position=1, title_en="Consultation", is_intake=True)
        Milestone.objects.create(consultation=consultation, position=2, title_en="Zero Draft", date_en="August 2027")
        send(consultation, {1: "First."}, consent="anonymous")
        confirmation.confirm(EmailConfirmation.objects.get())
        body = sent()[-1].body
        assert "Dear Amina" in body
        assert "August 2027 – Zero Draft" in body
        assert "If you did not send this" in body
        assert body.count("Publication: Anonymously") == 2  # of the whole, and of its one text

    def test_a_long_title_leaves_room_for_the_reference(self, consultation):
        consultation.title_en = "T" * 200
        consultation.save()
        one = send(consultation).submission
        subject = sent()[0].subject
        assert subject.endswith(f"… ({one.reference})")
        assert len(subject) < 250

    @pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
    def test_both_parts_say_the_same(self, consultation, language):
        with translation.override(language):
            send(consultation, {1: f"One <b> & two\n\n{ARABIC}"})
            confirmation.confirm(EmailConfirmation.objects.get())
        for message in sent():
            ((page, kind),) = [(one.content, one.mimetype) for one in message.alternatives]
            assert kind == "text/html"
            shown = html.unescape(re.sub(r"<[^>]+>", "", page.partition("<body")[2].partition(">")[2]))
            text = re.sub(r"-{20,}", "", str(message.body))
            assert shown.split() == text.split()
            assert f'<html dir="{"rtl" if language == "ar" else "ltr"}">' in page
            assert "&lt;b&gt;" in page or "One" not in message.body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_mail_has_holes_in_its_text(consultation, admin_user, monkeypatch, language):
    """Every template is rendered once: none leaves two blank lines, or one at its beginning."""
    texts: dict[str, str] = {}

    def render(template, context):
        texts[template.rpartition("/")[2]] = text = render_to_string(template, context)
        return text

    monkeypatch.setattr(messages, "render_to_string", render)
    with translation.override(language):
        first = send(consultation, {1: "First."}).submission
        confirmation.confirm(EmailConfirmation.objects.get())
        second = send(consultation, {1: "Second."}, email="other@example.org", amends=first.reference).submission
        withdraw(second)
        draft = saving.start_draft(consultation, at=database_now())
        keys.seal(draft)
        draft.email = "a@example.org"
        queue_link(draft, "a@example.org", at=database_now())
        queue_link(draft, "b@example.org", at=database_now(), is_invitation=True)
        messages.queue_pass(draft, "https://example.org/", at=database_now())
        queue_reminder(draft, "a@example.org", Reminder.Kind.ONE_DAY, at=database_now())
        messages.queue_withheld(second, second.contributions.get().theme, "Defames.", at=database_now())
        messages.queue_assigned(admin_user, 2, at=database_now())
        messages.queue_late_access(make_late_access(consultation, admin_user), at=database_now())
    folder = Path(__file__).parents[3] / "templates" / "submissions" / "mail"
    assert set(texts) == {path.name for path in folder.glob("*.txt")} - {"greeting.txt", "signature.txt"}
    for name, text in texts.items():
        assert "\n\n\n" not in text.strip("\n"), name


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_nothing_in_a_text_becomes_html(text):
    page = html_of(text)
    allowed = r"</?(?:html|head|meta|body|div|p|hr|br|a)\b[^<>]*>|<!doctype html>"
    assert "<" not in re.sub(allowed, "", page)
    assert "script" not in text.lower() or "<script" not in page.lower()


@pytest.mark.parametrize(
    "name", ["Amina Otieno", "Réseau des bibliothèques", "大学", "جامعة الدول", "O’Neill & Sons (UK)"]
)
def test_a_plain_name_may_invite(name):
    assert _plain_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["Win at evil.example", "http://evil", "a@b", "x" * 81, "<b>", "Buy_now", "evil。example/x", "", "ع" * 79 + "_"],
)
def test_what_could_be_a_link_invites_as_a_colleague(name):
    assert _plain_name(name) == ""


@pytest.mark.django_db(transaction=True)
def test_an_invitation_names_who_invites_and_leaves_the_reminders_alone(client, consultation):
    write(client, 1, "x")
    client.post(f"{HOME}about-you/", ANSWERS)
    answer = client.post(f"{HOME}come-back/mail/", {"email": "colleague@example.org", "invite": ""})
    assert answer["Location"] == f"{HOME}come-back/?invited#main"
    mail = Mail.objects.get()
    assert mail.subject == f"Write with us: {consultation.title}"
    assert f"{ANSWERS['organisation']} invites you to write with them" in mail.body
    assert Draft.objects.get().link_email == ""
    # Whose mail program ends what it takes for a list ends nobody's reminders.
    assert "List-Unsubscribe" not in sent()[-1].extra_headers
    client.post(f"{HOME}come-back/mail/", {"email": "own@example.org"})
    assert Draft.objects.get().link_email == "own@example.org"


@pytest.mark.django_db(transaction=True)
class TestReminders:
    @pytest.fixture
    def message(self, consultation):
        draft = saving.start_draft(consultation, at=database_now())
        keys.seal(draft)
        Draft.objects.update(link_email="A@example.org")
        queue_reminder(draft, "a@example.org", Reminder.Kind.ONE_DAY, at=database_now())
        return sent()[-1]

    def address(self, message) -> str:
        header = message.extra_headers["List-Unsubscribe"]
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        return "/" + header.strip("<>").partition("//")[2].partition("/")[2]

    def test_opening_the_link_ends_nothing_and_its_button_does(self, client, message):
        address = self.address(message)
        assert "Stop the reminders?" in client.get(address).content.decode()
        assert Draft.objects.get().wants_reminders is True
        assert "No reminders will come." in client.post(address).content.decode()
        assert Draft.objects.get().wants_reminders is False

    def test_a_mail_program_ends_them_with_one_click(self, message):
        """RFC 8058: a POST from elsewhere, with no cookie and no token of a form."""
        program = Client(enforce_csrf_checks=True)
        answer = program.post(self.address(message), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert Draft.objects.get().wants_reminders is False

    def test_a_link_that_was_not_signed_here_ends_nothing(self, client, message):
        address = self.address(message)
        assert client.post(f"{HOME}reminders/1.abc/").status_code == 404
        assert client.post(address.replace("elements-paper", "another")).status_code == 404
        assert Draft.objects.get().wants_reminders is True
        assert reminder_links.draft_in("nonsense") is None


@pytest.mark.django_db(transaction=True)
def test_what_a_reminders_link_opens_is_no_draft(client, consultation):
    """It ends reminders and does nothing else: the draft's own key is not in it."""
    write(client, 1, "x")
    key = link_on(client).partition("#")[2]
    draft = Draft.objects.get()
    queue_link(draft, "a@example.org", at=database_now())
    assert key not in reminder_links.link_to(draft)
