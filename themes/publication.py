"""Who sees a consultation: everybody once it is published, and before that the secretariat, in a preview."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from themes import intake, rounds, translations, wording
from themes.fields import SOURCE_LANGUAGE, column, source_text
from themes.intake import DatabaseClock, Intake
from themes.models import Consultation, Milestone, Theme
from themes.signals import steps_after_closing
from wsis.typography import list_in_words

PREVIEW_AS = "as"
_IN_SESSION = "preview_as"


def is_public(consultation: Consultation) -> bool:
    return consultation.public_since is not None


def visible_consultation(request: HttpRequest, slug: str) -> Consultation:
    """The consultation of an address, if whoever asks may see it.

    Raises:
        Http404: there is none, or it is not published and they are no colleague. The two look alike.
    """
    found = rounds.consultation_at(slug, max_age=max_age(request))
    if found is None or not is_public(found):
        # It may have been published just now.
        found = rounds.consultation_at(slug, max_age=0)
    if found is not None and (is_public(found) or _may_preview(request)):
        return found
    raise Http404


def max_age(request: HttpRequest) -> float | None:
    """How old what is kept of the rounds may be: a colleague who has just changed something sees it at once."""
    return 0 if settings.SESSION_COOKIE_NAME in request.COOKIES else None


def _may_preview(request: HttpRequest) -> bool:
    # A stakeholder has no session, and costs no look-up.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return admin.site.has_permission(request) and request.user.has_perm("themes.view_consultation")


def moment_of(request: HttpRequest, consultation: Consultation) -> datetime:
    """The moment that a page is about: now, or in a preview one in the state that was asked for."""
    now = timezone.now()
    if is_public(consultation):
        return now
    asked = request.GET.get(PREVIEW_AS) or request.session.get(_IN_SESSION, Intake.OPEN)
    state = Intake(asked) if asked in Intake.values else Intake.OPEN
    if request.session.get(_IN_SESSION) != state:
        request.session[_IN_SESSION] = str(state)
    return intake.moment_in(consultation, state)


@dataclass(frozen=True)
class Check:
    """Something to have done before publishing: whether it is, and whether nothing goes on without it."""

    words: str
    is_done: bool
    is_wanted: bool = True


def checks(consultation: Consultation, at: datetime) -> list[Check]:
    texts = translations.texts_of(consultation)
    missing = [
        f"{meter.name} {meter.translated}/{meter.total}" for meter in translations.meters(texts) if meter.percent < 100
    ]
    themes = list(Theme.objects.filter(consultation=consultation))
    return [
        Check(_("It has areas to write on."), any(not theme.is_question for theme in themes)),
        Check(
            _("Every text is there in the source language."), all(_is_whole(consultation, theme) for theme in themes)
        ),
        Check(_("Every step of the timeline says when."), _is_timeline_dated(consultation)),
        Check(_("The deadline is still to come."), intake.is_ahead(consultation, at)),
        Check(_("The privacy page names somebody to write to (CONTACT_EMAIL)."), bool(settings.CONTACT_EMAIL)),
        Check(
            " ".join(filter(None, [_("Every text is translated."), list_in_words(missing)])),
            not missing,
            is_wanted=False,
        ),
    ]


def steps(consultation: Consultation, at: datetime) -> list[Check]:
    """What comes after the check list, to the end of a round. Nothing of it can be done early."""
    is_closed = consultation.closed_at is not None
    after = steps_after_closing.send(Consultation, consultation=consultation)
    return [
        Check(_("It is published."), is_public(consultation), is_wanted=False),
        Check(_("It has opened."), wording.is_settled(consultation, at), is_wanted=False),
        Check(_("Its deadline has passed, and the closing is recorded."), is_closed, is_wanted=False),
        *(check for _receiver, answer in after for check in cast(list[Check], answer)),
    ]


def _is_timeline_dated(consultation: Consultation) -> bool:
    """The step that is the consultation takes its date from it."""
    undated = Milestone.objects.filter(consultation=consultation, is_intake=False).filter(
        **{column("date", SOURCE_LANGUAGE): ""}
    )
    return not undated.exists()


def _is_whole(consultation: Consultation, theme: Theme) -> bool:
    of_consultation = ("title", "headline", "introduction", "document_title")
    texts = [*(source_text(consultation, name) for name in of_consultation), source_text(theme, "title")]
    return all(text.strip() for text in texts)


def publish(consultation: Consultation, at: datetime) -> bool:
    """Makes it public. Of two at once, one does.

    Raises:
        ValidationError: something is not done that has to be.
    """
    left = [check.words for check in checks(consultation, at) if check.is_wanted and not check.is_done]
    if left:
        raise ValidationError([_("Not done yet: %(what)s") % {"what": words} for words in left])
    rows = Consultation.objects.filter(pk=consultation.pk, public_since=None)
    return bool(rows.update(public_since=DatabaseClock()))


def take_back(consultation: Consultation) -> bool:
    """Makes it the secretariat's alone again, until it has opened. Of two at once, one does."""
    rows = Consultation.objects.filter(
        intake.IS_PUBLIC, intake.is_in(Intake.UPCOMING, DatabaseClock()), pk=consultation.pk
    )
    return bool(rows.update(public_since=None))


def put_at_front(consultation: Consultation, *, is_chosen: bool) -> None:
    """The home page shows it whatever else is open, or no more than any other."""
    Consultation.objects.filter(pk=consultation.pk).update(front_since=DatabaseClock() if is_chosen else None)
