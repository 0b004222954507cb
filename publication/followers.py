"""Whoever wants to be told when something is published: asked on a page, confirmed from a mail, ended by one click."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from publication.models import Follower, Publication
from submissions.mail import messages, outbox
from submissions.mail.mailboxes import mailbox_of
from submissions.models import Mail
from submissions.signals import MailLinks, links_of_mail
from themes.intake import DatabaseClock, database_now
from themes.models import Consultation
from wsis.signed_ids import sign_id, signed_id

# What a link in a mail does, and what stands in front of the follower's id in `Mail.about`.
CONFIRM, STOP = "follower-confirm", "follower-stop"
UNCONFIRMED_KEPT = timedelta(days=2)


@transaction.atomic
def ask(consultation: Consultation, email: str, language: str) -> bool:
    """Mails the link that confirms. Whoever is told already gets the same mail: the page says nothing of anybody.

    Returns:
        False if this mailbox has had its share of such mails for now.
    """
    at, mailbox = database_now(), mailbox_of(email)
    if messages.has_had_its_share(mailbox, at=at):
        return False
    asked = {"email": email, "page_language": language}
    follower, is_new = Follower.objects.get_or_create(consultation=consultation, mailbox=mailbox, defaults=asked)
    if not is_new:
        Follower.objects.filter(pk=follower.pk, confirmed_at=None).update(**asked, asked_at=DatabaseClock())
    with translation.override(language):
        messages.queue_to_address(
            email,
            about=f"{CONFIRM}:{follower.pk}",
            template="publication/mail/confirm_follower.txt",
            subject=_("Confirm that you want news of %(title)s"),
            consultation=consultation,
            at=at,
        )
    return True


def found(consultation: Consultation, token: str, door: str) -> Follower | None:
    """Whose link it is; None of one that was not signed here, or whose row is gone."""
    return Follower.objects.filter(pk=signed_id(token, door=door) or 0, consultation=consultation).first()


def confirm(follower: Follower) -> None:
    Follower.objects.filter(pk=follower.pk, confirmed_at=None).update(confirmed_at=DatabaseClock())


@transaction.atomic
def stop(follower: Follower) -> None:
    """Nothing of it is kept; what still waits to be mailed is not sent."""
    about = [f"{door}:{follower.pk}" for door in (CONFIRM, STOP)]
    outbox.cancel(Mail.objects.filter(about__in=about), at=database_now())
    Follower.objects.filter(pk=follower.pk).delete()


def remove_unconfirmed() -> None:
    """Of addresses that nobody confirmed nothing is kept."""
    late = Follower.objects.filter(confirmed_at=None, asked_at__lt=DatabaseClock() - UNCONFIRMED_KEPT)
    late.delete()


def to_tell(publication: Publication) -> QuerySet[Follower]:
    """Whoever had confirmed when it was published."""
    rows = Follower.objects.filter(consultation=publication.consultation_id, confirmed_at__lt=publication.published_at)
    return rows.select_related("consultation")


def queue_news(publication: Publication, follower: Follower, *, at: datetime) -> None:
    """Call it inside the transaction that notes how far the mails went (mailings.py)."""
    with translation.override(follower.page_language):
        messages.queue_to_address(
            follower.email,
            about=f"{STOP}:{follower.pk}",
            template="publication/mail/news.txt",
            subject=_("Contributions are published: %(title)s"),
            consultation=follower.consultation,
            at=at,
            publication=publication,
            count=publication.texts.filter(is_shown=True).count(),
        )


@receiver(links_of_mail, dispatch_uid="publication.links_of_mail")
def links(sender: Any, mail: Mail, **kwargs: Any) -> MailLinks | None:
    """None of a mail of somebody else's, and of one whose follower has ended it."""
    door, _colon, pk = mail.about.partition(":")
    if door not in {CONFIRM, STOP}:
        return None
    follower = Follower.objects.filter(pk=int(pk)).select_related("consultation").first()
    if follower is None:
        return None
    return MailLinks(link=_link(follower, door), stop=_link(follower, STOP))


def _link(follower: Follower, door: str) -> str:
    name = {CONFIRM: "publication:confirm-follower", STOP: "publication:stop-follower"}[door]
    address = {"slug": follower.consultation.slug, "token": sign_id(follower.pk, door=door)}
    return settings.PUBLIC_URL + reverse(name, kwargs=address)
