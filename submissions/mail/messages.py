"""What is mailed to stakeholders. Each message is written inside the transaction that does what it tells of."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from submissions.drafts import keys
from submissions.mail.mailboxes import mailbox_of
from submissions.mail.outbox import cancel, new_message_id
from submissions.models import Checkpoint, Contribution, Draft, LateAccess, Mail, Reminder, Submission
from themes.models import Consultation, Extension, Theme, next_milestones
from wsis.typography import left_to_right_text

LINK_PERIOD = timedelta(hours=1)
MAX_LINKS_PER_PERIOD = 5
MAX_TITLE_CHARACTERS = 120
MAX_NAME_CHARACTERS = 80
# Letters, digits and marks of any script, and no full stop inside a word. Each sign is of one kind alone: if it could
# be of two, a name that is refused would be tried in every way there is.
_PLAIN_NAME = re.compile(r"(?:(?!_)[\w\u0300-\u036f\u0600-\u06ff\u0900-\u0d7f '’,()&–-]|\.(?= |$))+")


def queue_notice(submission: Submission, contributions: list[Contribution]) -> Mail:
    """Writes the first mail to an address that nobody has confirmed; call it inside the transaction of the sending.

    It says what was received in numbers and nothing that the sender wrote: anybody can give anybody's address, and no
    mail of ours is to carry a stranger's words. The receipt follows the confirmation, whose link is put in when the
    mail is sent.
    """
    body = _render(
        "submissions/mail/notice.txt",
        submission.consultation,
        submission=submission,
        admission=getattr(submission, "admission", None),
        areas=len(contributions),
        words=sum(contribution.words for contribution in contributions),
        confirm_url=keys.LINK_MARK,
    )
    return _queue(
        submission.email,
        subject=_received(submission),
        body=body,
        at=submission.received_at,
        submission=submission,
        has_link=True,
    )


def queue_receipt(
    submission: Submission, contributions: list[Contribution], *, at: datetime, draft: Draft | None = None
) -> Mail:
    """Writes the receipt's mail, to an address that was confirmed; call it inside the transaction that says so.

    Args:
        draft: whose private link the mail carries.
    """
    prefetch_related_objects(contributions, "proposals")
    body = _render(
        "submissions/mail/receipt.txt",
        submission.consultation,
        submission=submission,
        contributions=contributions,
        admission=getattr(submission, "admission", None),
        link=keys.LINK_MARK if draft else "",
        name=submission.contact_name,
        milestones=next_milestones(list(submission.consultation.milestones.all())),
    )
    return _queue(submission.email, subject=_received(submission), body=body, at=at, submission=submission, draft=draft)


def _received(submission: Submission) -> str:
    values = {
        "title": _short(submission.consultation.title),
        "reference": left_to_right_text(submission.reference),
        "version": submission.version,
    }
    if submission.version > 1:
        return _("We received version %(version)s of your submission to %(title)s (%(reference)s)") % values
    return _("We received your submission to %(title)s (%(reference)s)") % values


def _short(title: str) -> str:
    """As much of a title as a subject has room for."""
    return title if len(title) <= MAX_TITLE_CHARACTERS else title[: MAX_TITLE_CHARACTERS - 1].rstrip() + "…"


def queue_withdrawal(submission: Submission, withdrawn_at: datetime) -> Mail:
    """Writes the mail that confirms a withdrawal; call it inside the transaction that writes that."""
    body = _render(
        "submissions/mail/withdrawal.txt", submission.consultation, submission=submission, withdrawn_at=withdrawn_at
    )
    subject = _("You withdrew your submission to %(title)s (%(reference)s)") % {
        "title": _short(submission.consultation.title),
        "reference": left_to_right_text(submission.reference),
    }
    # What was withdrawn stays in no mail of ours: neither in those that were sent nor in those that were not.
    cancel(Mail.objects.filter(submission__reference=submission.reference), at=withdrawn_at)
    return _queue(submission.email, subject=subject, body=body, at=withdrawn_at, submission=submission)


def queue_withheld(submission: Submission, theme: Theme, reason: str, *, at: datetime) -> Mail:
    """Tells whoever sent it, in the language of their pages, that a text is not published, and why; to an address that
    was confirmed. Call it inside the transaction that decides it."""
    return queue_to_sender(
        submission,
        template="submissions/mail/withheld.txt",
        subject=gettext_lazy("A text of yours is not published: %(reference)s"),
        at=at,
        theme=theme,
        reason=reason,
    )


def queue_to_sender(
    submission: Submission, *, template: str, subject: Any, at: datetime, about: str = "", **context: Any
) -> Mail:
    """Mails something about a submission, in the language of its pages, to the address that it gives; for those that
    were confirmed. Call it inside the transaction that does what it tells.

    Args:
        subject: a lazy text, which may name the %(reference)s and the %(title)s.
        about: what another app knows the mail by (signals.py).
        context: what the template says besides the submission, its sender's name and the consultation.
    """
    with translation.override(_language_of(submission)):
        body = _render(
            template, submission.consultation, submission=submission, name=submission.contact_name, **context
        )
        title, reference = _short(submission.consultation.title), left_to_right_text(submission.reference)
        subject = str(subject) % {"title": title, "reference": reference}
        return _queue(submission.email, subject=subject, body=body, at=at, submission=submission, about=about)


def _language_of(submission: Submission) -> str:
    """Of the pages that it was written on, as long as the draft is kept; else the one it is in, if the site has it."""
    pages = Draft.objects.filter(reference=submission.reference).values_list("page_language", flat=True).first()
    codes = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}
    return pages or codes.get(submission.language, settings.LANGUAGE_CODE)


def queue_changed_address(before: Submission, *, at: datetime) -> Mail:
    """Tells the address of the version before that the next one gives another; call it inside the sending."""
    body = _render("submissions/mail/changed_address.txt", before.consultation, submission=before)
    subject = _("Another address: %(reference)s") % {"reference": left_to_right_text(before.reference)}
    return _queue(before.email, subject=subject, body=body, at=at, submission=before)


def queue_link(draft: Draft, recipient: str, *, at: datetime, is_invitation: bool = False) -> bool:
    """Mails the private link; to whoever writes, and then the address is kept for reminders, or to a colleague.

    Returns:
        False if this draft or this address has had its share for now: the page is open to all, and is not to be a
        nuisance to anybody.
    """
    if _has_had_its_share(draft, recipient, at=at):
        return False
    sender = _plain_name(draft.sender) if is_invitation else ""
    body = _render(
        "submissions/mail/link.txt", draft.consultation, link=keys.LINK_MARK, is_invitation=is_invitation, sender=sender
    )
    subject = _("Write with us: %(title)s") if is_invitation else _("Your draft: %(title)s")
    with transaction.atomic():
        _queue(recipient, subject=subject % _titled(draft), body=body, at=at, draft=draft)
        if not is_invitation:
            Draft.objects.filter(pk=draft.pk).update(link_email=recipient)
    return True


def _plain_name(name: str) -> str:
    """A name that may stand in a mail to an address that nobody has confirmed: short, and nothing that a program would
    make a link of. Empty for any other."""
    return name if len(name) <= MAX_NAME_CHARACTERS and _PLAIN_NAME.fullmatch(name) else ""


def queue_pass(draft: Draft, link: str, *, at: datetime) -> bool:
    """Mails the page to send from, to the address that the draft gives, for a browser without script.

    Returns:
        False if this draft or this address has had its share for now.
    """
    if _has_had_its_share(draft, draft.email, at=at):
        return False
    body = _render("submissions/mail/pass.txt", draft.consultation, link=link)
    _queue(draft.email, subject=_("Send your submission: %(title)s") % _titled(draft), body=body, at=at)
    return True


def _has_had_its_share(draft: Draft, recipient: str, *, at: datetime) -> bool:
    # News of another app is nothing that somebody asked for here.
    lately = Mail.objects.filter(submission=None, about="", queued_at__gt=at - LINK_PERIOD)
    return lately.filter(Q(draft=draft) | Q(mailbox=mailbox_of(recipient))).count() >= MAX_LINKS_PER_PERIOD


def queue_late_access(access: LateAccess, *, at: datetime) -> Mail:
    """The link for one stakeholder who may still send. The text that waits holds a mark in its place."""
    body = _render(
        "submissions/mail/late_access.txt",
        access.consultation,
        access=access,
        until=access.expires_at,
        link=keys.LINK_MARK,
    )
    subject = _("You may still send: %(title)s") % {"title": access.consultation.title}
    return _queue(access.email, subject=subject, body=body, at=at, late_access=access)


def queue_reminder(
    draft: Draft, recipient: str, kind: Reminder.Kind, *, at: datetime, extension: Extension | None = None
) -> Mail:
    """Call it inside the transaction that records the reminder."""
    subjects = {
        Reminder.Kind.EXTENSION: _("The deadline has changed: %(title)s"),
        Reminder.Kind.THREE_DAYS: _("Three days left, and not sent yet: %(title)s"),
        Reminder.Kind.ONE_DAY: _("One day left, and not sent yet: %(title)s"),
    }
    body = _render(
        "submissions/mail/reminder.txt",
        draft.consultation,
        extension=extension,
        is_sent=bool(draft.reference),
        link=keys.LINK_MARK,
    )
    return _queue(recipient, subject=subjects[kind] % _titled(draft), body=body, at=at, draft=draft)


def queue_checkpoint(checkpoint: Checkpoint, body: str, *, at: datetime) -> Mail:
    """For whoever runs the install; call it inside the transaction that writes the checkpoint."""
    return _queue(settings.OPERATOR_EMAIL, subject=f"Checkpoint {checkpoint.day}", body=body, at=at)


def queue_assigned(user: User, count: int, *, at: datetime) -> Mail:
    """For a colleague, in the workspace's language; call it inside the transaction that notes that they were told."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = ngettext("%(n)d submission for you to read", "%(n)d submissions for you to read", count)
    return queue_to_staff(
        user.email,
        template="submissions/mail/assigned.txt",
        subject=subject % {"n": count},
        at=at,
        path=reverse("admin:submissions_submission_changelist") + "?assignee=me",
        name=user.get_full_name() or user.get_username(),
        count=count,
    )


def queue_to_staff(
    recipient: str, *, template: str, subject: Any, at: datetime, path: str, about: str = "", **context: Any
) -> Mail:
    """For whoever works here, in the workspace's language, with the way to the page that it is about.

    Args:
        subject: a text, or a lazy one.
        path: of that page.
    """
    with translation.override(settings.LANGUAGE_CODE):
        shown = {"public_url": settings.PUBLIC_URL.rstrip("/"), "path": path, **context}
        body = render_to_string(template, shown).lstrip("\n")
        return _queue(recipient, subject=str(subject), body=body, at=at, about=about)


def queue_to_address(
    recipient: str,
    *,
    about: str,
    template: str,
    subject: Any,
    consultation: Consultation,
    at: datetime,
    **context: Any,
) -> Mail:
    """For whoever asked for news and is no sender, in the present language. The text that waits holds a mark in the
    place of its link, for which another app is asked when the mail is sent (signals.py).

    Args:
        about: what that app knows the mail by.
        subject: a lazy text, which may name the %(title)s.
    """
    body = _render(template, consultation, link=keys.LINK_MARK, **context)
    named = {"title": _short(consultation.title)}
    return _queue(recipient, subject=str(subject) % named, body=body, at=at, about=about, has_link=True)


def _render(template: str, consultation: Consultation, **context: Any) -> str:
    """The text of a mail. Blank lines at its beginning are the template's tags."""
    shared = {
        "title": consultation.title,
        "slug": consultation.slug,
        "zone": consultation.time_zone,
        "closes_at": consultation.closes_at,
        "public_url": settings.PUBLIC_URL,
        "organiser": capfirst(settings.ORGANISER or _("the WSIS+20 review secretariat")),
        "contact_email": settings.CONTACT_EMAIL,
    }
    return render_to_string(template, {**shared, **context}).lstrip("\n")


def _titled(draft: Draft) -> dict[str, str]:
    return {"title": draft.consultation.title}


def _queue(
    recipient: str,
    *,
    subject: str,
    body: str,
    at: datetime,
    submission: Submission | None = None,
    draft: Draft | None = None,
    late_access: LateAccess | None = None,
    about: str = "",
    has_link: bool = False,
) -> Mail:
    return Mail.objects.create(
        submission=submission,
        draft=draft,
        late_access=late_access,
        about=about,
        has_link=has_link or draft is not None or late_access is not None,
        recipient=recipient,
        mailbox=mailbox_of(recipient),
        subject=subject[:250],
        body=body,
        message_id=new_message_id(),
        queued_at=at,
        due_at=at,
    )
