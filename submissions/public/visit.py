"""What every public page needs to know, found out once, at its edge.

`public_view` makes a `Visit` of a request: the consultation, the moment, the draft that the visitor's cookie opens.
Everything else (whether intake is open for this visitor, what stands on each area, what was sent) is asked of the
database when a page wants it, and once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from submissions.drafts import keys, late_access, saving
from submissions.drafts.contents import contents_to_send, contributions_of
from submissions.drafts.sent import is_changed, last_sent
from submissions.forms import KeyForm
from submissions.models import Draft, DraftContribution, LateAccess, Submission
from submissions.public import limits
from submissions.public.area_state import AreaState, area_states
from submissions.public.responses import revalidated, see_other
from submissions.public.texts import texts_of
from submissions.text.content import Content, Contents
from themes import intake, publication
from themes.intake import Intake
from themes.models import Consultation, Milestone, Theme, ThemeKind, next_milestones
from wsis import languages
from wsis.faults import posted_fields

GET_OR_POST = ("GET", "HEAD", "POST")


class Visit:
    """One request to a consultation's public pages."""

    def __init__(self, request: HttpRequest, consultation: Consultation, at: datetime) -> None:
        self.request = request
        self.consultation = consultation
        self.at = at
        self.draft: Draft | None = keys.open_draft(request, consultation)
        self.has_new_draft = False
        self.has_typing = False

    # --- The consultation ----------------------------------------------------------------------------------------

    @property
    def is_preview(self) -> bool:
        """Whether a colleague looks at what is not published yet. Nothing is saved or sent there."""
        return not publication.is_public(self.consultation)

    @property
    def slug(self) -> str:
        return self.consultation.slug

    @cached_property
    def themes(self) -> list[Theme]:
        return list(self.consultation.themes.all())

    @property
    def kinds(self) -> list[ThemeKind]:
        """Of the areas, each once."""
        return list({theme.kind_id: theme.kind for theme in self.themes if theme.kind is not None}.values())

    @cached_property
    def milestones(self) -> list[Milestone]:
        return list(self.consultation.milestones.all())

    @property
    def next_milestones(self) -> Sequence[Milestone]:
        return next_milestones(self.milestones)

    @cached_property
    def public_intake(self) -> Intake:
        """Whether intake is open to everybody."""
        return intake.intake_at(self.consultation, self.at)

    @cached_property
    def late_access(self) -> LateAccess | None:
        """What lets this visitor send although intake has closed."""
        if self.public_intake is not Intake.CLOSED:
            return None
        return late_access.open_access(self.request, self.consultation, self.at)

    @property
    def intake(self) -> Intake:
        """Whether intake is open for this visitor: to everybody, or by a late access."""
        return Intake.OPEN if self.late_access is not None else self.public_intake

    @property
    def is_open(self) -> bool:
        return self.intake is Intake.OPEN

    @property
    def is_upcoming(self) -> bool:
        return self.intake is Intake.UPCOMING

    @property
    def draft_kept_until(self) -> datetime:
        return intake.draft_kept_until(self.consultation)

    # --- The draft, and what was sent of it ----------------------------------------------------------------------

    @cached_property
    def rows(self) -> dict[int, DraftContribution]:
        """Theme id to what is on the draft."""
        return contributions_of(self.draft)

    @cached_property
    def contents(self) -> dict[Theme, Content]:
        """What would be sent."""
        return contents_to_send(self.rows)

    @cached_property
    def areas(self) -> dict[Theme, AreaState]:
        """What stands on each theme."""
        sent = self.submission.contents if self.submission is not None else {}
        return area_states(self.themes, self.rows, sent)

    @cached_property
    def submission(self) -> Submission | None:
        """The last version that the draft was sent as."""
        return last_sent(self.draft)

    @cached_property
    def is_changed(self) -> bool:
        """Whether the draft says something else than what was sent. False where nothing was."""
        if self.draft is None or self.submission is None:
            return False
        return is_changed(self.draft, self.contents, self.submission)

    @property
    def is_withdrawn(self) -> bool:
        return self.submission is not None and hasattr(self.submission, "withdrawal")

    @cached_property
    def is_complete(self) -> bool:
        """Whether every question about the respondent is answered."""
        return self.draft is not None and self.draft.is_complete

    @property
    def has_answers(self) -> bool:
        """Whether some of them are."""
        return self.draft is not None and bool(self.draft.submitting_as or self.draft.contact_name or self.draft.email)

    def draft_to_write(self) -> Draft:
        """The draft, made if there is none: the answer then gives the visitor its key."""
        if self.draft is None:
            self.draft = saving.start_draft(self.consultation, at=self.at)
            self.has_new_draft = True
        return self.draft

    def reload(self) -> None:
        """Forgets what was read of the draft, after a save."""
        for name in ("rows", "contents", "areas", "submission", "is_changed", "is_complete"):
            self.__dict__.pop(name, None)

    # --- Answers -------------------------------------------------------------------------------------------------

    @property
    def is_post(self) -> bool:
        return self.request.method == "POST"

    @cached_property
    def chosen_language(self) -> str | None:
        """The language in which to show the same page after a save, if one was chosen there."""
        return languages.chosen(self.request)

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, as the beginning of the same form in another language."""
        return {name: str(value) for name, value in self.request.POST.items()}

    @property
    def is_of_another_draft(self) -> bool:
        """Whether the page that posts this showed another draft than the one that the cookie opens now."""
        return self.is_post and keys.is_of_another(self.request.POST.get("draft", ""), self.draft)

    def render(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """A page. In its template `visit` answers what is asked here."""
        return render(
            self.request,
            f"submissions/public/{template}",
            {"visit": self, "consultation": self.consultation, "at": self.at, "draft": self.draft, **context},
            status=status,
        )

    @property
    def wants_json(self) -> bool:
        """Whether the page's script asks, which saves while one types."""
        return self.request.headers.get("Accept") == "application/json"

    def other_draft(self) -> HttpResponse:
        """Another draft was opened in this browser since, or none is: nothing is done, and what was typed is shown."""
        if self.wants_json:
            other = _("Not saved: this browser opens another draft now. Press any button to see your text.")
            none = _("Not saved: this browser no longer opens the draft. Press any button to see your text.")
            return JsonResponse({"other": other if self.draft else none}, status=409)
        fields = [field for field in posted_fields(self.request) if field.is_typed]
        # Neither the mark of the draft that is gone nor the version that the page showed of it.
        carried = [field for field in posted_fields(self.request) if field.name not in {"draft", "version"}]
        is_put_away = self.draft is None
        return self.render(
            "other_draft.html",
            status=409,
            fields=fields,
            form=KeyForm(),
            is_put_away=is_put_away,
            carried=carried if is_put_away and self.has_typing and self.is_open and fields else [],
        )

    def unavailable(
        self, contents: Contents | None = None, *, state: Intake | None = None, is_kept: bool = True
    ) -> HttpResponse:
        """Too early or too late, said with respect: the instant, the server's time, and every word that was written.

        Args:
            contents: what was written, where that is not what stands on the draft.
            state: what the database said, where it was asked; else it is what this machine's clock says.
            is_kept: whether all of `contents` stands on the draft too.
        """
        return self.render(
            "unavailable.html",
            status=409 if self.is_post else 200,
            is_upcoming=(state or self.public_intake) is Intake.UPCOMING,
            contributions=texts_of(self.contents if contents is None else contents),
            is_refused=self.is_post,
            is_kept=is_kept,
        )


View = Callable[..., HttpResponse]


def public_view(
    *methods: str, cache: Callable[[View], View] = revalidated, has_typing: bool = False
) -> Callable[[View], View]:
    """Makes a view of a function that takes a `Visit`: finds the consultation by its address, or answers 404.

    Args:
        methods: that it answers; GET and HEAD, if none are named.
        cache: what a browser may keep of its pages.
        has_typing: whether the page keeps what was typed when another language is chosen on it. On any other the
            choice changes the language, and does nothing else.
    """

    def decorate(page: View) -> View:
        @cache
        @require_http_methods(methods or ("GET", "HEAD"))
        @wraps(page)
        def view(request: HttpRequest, slug: str, **address: Any) -> HttpResponse:
            consultation = publication.visible_consultation(request, slug)
            visit = Visit(request, consultation, publication.moment_of(request, consultation))
            visit.has_typing = has_typing
            if visit.is_preview and visit.is_post:
                return visit.render("preview_only.html", status=403)
            if visit.chosen_language:
                translation.activate(visit.chosen_language)
            response = limits.refusal(request, visit.draft)
            if response is None and visit.chosen_language and not has_typing:
                can_be_read = "GET" in methods
                response = see_other(request.get_full_path() if can_be_read else reverse("submissions:home"))
            if response is None and visit.is_of_another_draft:
                response = visit.other_draft()
            response = response or answered(visit, page, **address)
            if visit.chosen_language:
                languages.remember(response, visit.chosen_language)
            return response

        return view

    return decorate


def answered(visit: Visit, page: View, **address: Any) -> HttpResponse:
    """The page's answer, with the key of a draft that was made for it."""
    response = page(visit, **address)
    if visit.has_new_draft and visit.draft is not None:
        keys.set_cookie(response, visit.draft)
    return response
