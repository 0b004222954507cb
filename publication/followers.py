"""Whoever wants to be told when something is published: asked on a page, confirmed from a mail, ended by one click."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from publication.models import Follower, Publication, Report
from submissions.mail import messages
from submissions.mail.mailboxes import mailbox_of
from submissions.models import Mail
from submissions.signals import MailLinks, held_about_mailboxes, links_of_mail, mailboxes_erased
from themes.intake import DatabaseClock, database_now
from themes.models import Consultation
from wsis.signed_ids import sign_id, signed_id

# What a link in a mail does, and what stands in front of the follower's id in `Mail.about`.
CONFIRM, STOP = "follower-confirm", "follower-stop"
UNCONFIRMED_KEPT = timedelta(days=2)
# So many mails that confirm go to one mailbox: whoever asks for somebody else is no nuisance to them.
MAX_IN_PERIOD, PERIOD = 5, timedelta(hours=1)


@transaction.atomic
def ask(consultation: Consultation, email: str, language: str) -> None:
    """Mails the link that confirms, unless this mailbox has had its share of them.

    Whoever is told already gets the same mail, and whoever asks the same answer: the page says nothing of anybody.
    """
    at, mailbox = database_now(), mailbox_of(email)
    lately = Mail.objects.exclude(about="").filter(about__startswith=f"{CONFIRM}:", mailbox=mailbox)
    lately = lately.filter(queued_at__gt=at - PERIOD)
    if lately.count() >= MAX_IN_PERIOD:
        return
    asked = {"email": email, "page_language": language}
    follower, is_new = Follower.objects.get_or_create(consultation=consultation, mailbox=mailbox, defaults=asked)
    # Whoever ends it meanwhile waits, and then finds the mail.
    if not Follower.objects.select_for_update().filter(pk=follower.pk).exists():
        return
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


def found(consultation: Consultation, token: str, door: str) -> Follower | None:
    """Whose link it is; None of one that was not signed here, or whose row is gone."""
    return Follower.objects.filter(pk=signed_id(token, door=door) or 0, consultation=consultation).first()


def confirm(follower: Follower) -> None:
    Follower.objects.filter(pk=follower.pk, confirmed_at=None).update(confirmed_at=DatabaseClock())


@transaction.atomic
def stop(follower: Follower) -> None:
    """Nothing of it is kept, and what still waits to be mailed is not sent."""
    remove(Follower.objects.filter(pk=follower.pk))


@transaction.atomic
def remove(followers: QuerySet[Follower]) -> None:
    """With the mails to them, which hold their addresses, too."""
    pks = list(followers.select_for_update().values_list("pk", flat=True))
    for pk in pks:
        of_it = Q(about=f"{CONFIRM}:{pk}") | Q(about__startswith=f"{STOP}:{pk}:")
        # That it is not empty is what its index asks for.
        Mail.objects.exclude(about="").filter(of_it).delete()
    Follower.objects.filter(pk__in=pks).delete()


def remove_outdated() -> None:
    """Of addresses that nobody confirmed nothing is kept, nor of others for longer than of those who sent something."""
    now = database_now()
    never = Follower.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED_KEPT)
    long_ago = Follower.objects.filter(confirmed_at__lt=now - settings.CONTACTS_KEPT)
    for rows in (never, long_ago):
        remove(rows)


def to_tell(publication: Publication) -> QuerySet[Follower]:
    """Whoever had confirmed when it was published."""
    rows = Follower.objects.filter(consultation=publication.consultation_id, confirmed_at__lt=publication.published_at)
    # Locked, so that whoever ends it meanwhile waits, and then finds the mail.
    return rows.select_related("consultation").select_for_update(of=("self",))


def shown(publication: Publication) -> int:
    """How many texts of it the public reads."""
    return publication.texts.filter(is_shown=True).count()


def queue_news(publication: Publication, follower: Follower, count: int, *, at: datetime) -> None:
    """Call it inside the transaction that notes how far the mails went (mailings.py)."""
    with translation.override(follower.page_language):
        messages.queue_to_address(
            follower.email,
            about=f"{STOP}:{follower.pk}:{publication.pk}",
            template="publication/mail/news.txt",
            subject=_("Contributions are published: %(title)s"),
            consultation=follower.consultation,
            at=at,
            publication=publication,
            count=count,
        )


@receiver(links_of_mail, dispatch_uid="publication.links_of_mail")
def links(sender: Any, mail: Mail, **kwargs: Any) -> MailLinks | None:
    """None of a mail of somebody else's, of one whose follower has ended it, and of news that is none any more."""
    door, *numbers = mail.about.split(":")
    if door not in {CONFIRM, STOP}:
        return None
    follower = Follower.objects.filter(pk=int(numbers[0])).select_related("consultation").first()
    is_public = all(Publication.objects.get(pk=int(number)).is_public for number in numbers[1:])
    if follower is None or not is_public:
        return None
    return MailLinks(link=_link(follower, door), stop=_link(follower, STOP))


@receiver(mailboxes_erased, dispatch_uid="publication.mailboxes_erased")
def forget(sender: Any, mailboxes: Collection[str], **kwargs: Any) -> None:
    """Who is erased is told nothing more; what they reported stays, without their address."""
    remove(Follower.objects.filter(mailbox__in=mailboxes))
    for report in Report.objects.exclude(email=""):
        if mailbox_of(report.email) in mailboxes:
            Report.objects.filter(pk=report.pk).update(email="")


@receiver(held_about_mailboxes, dispatch_uid="publication.held_about_mailboxes")
def held(sender: Any, mailboxes: Collection[str], **kwargs: Any) -> dict[str, QuerySet[Any]]:
    reports = [one.pk for one in Report.objects.exclude(email="") if mailbox_of(one.email) in mailboxes]
    return {
        "followed": Follower.objects.filter(mailbox__in=mailboxes),
        "reports": Report.objects.filter(pk__in=reports),
    }


def _link(follower: Follower, door: str) -> str:
    name = {CONFIRM: "publication:confirm-follower", STOP: "publication:stop-follower"}[door]
    address = {"slug": follower.consultation.slug, "token": sign_id(follower.pk, door=door)}
    return settings.PUBLIC_URL + reverse(name, kwargs=address)
