"""What a paper says, whatever file it becomes: the template to fill in, a draft to circulate, a receipt to keep.

The same headings everywhere, so that each of them can be read back (parser.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from submissions.drafts.contents import contributions_of
from submissions.models import (
    Consent,
    Draft,
    DraftContribution,
    Respondent,
    Submission,
    country_name,
    language_name,
)
from submissions.text.content import Content
from themes.models import Consultation, Theme
from themes.templatetags.deadline import cutoff_in_words, to_the_second
from themes.zones import city
from wsis.typography import label_value, left_to_right_text


@dataclass(frozen=True)
class Section:
    """A theme: its heading, its prompt, what is written on it, and what is to be known of that."""

    theme: Theme
    content: Content = field(default_factory=Content)
    remarks: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        return heading_of(self.theme)


@dataclass(frozen=True)
class Document:
    """`facts` are label and value; `remarks` are sentences before the sections and `closing` after them."""

    title: str
    facts: list[tuple[str, str]]
    remarks: list[str]
    sections: list[Section]
    closing: list[str] = field(default_factory=list)
    # To be filled in, or written on by colleagues: prompts are shown, and room for rows.
    is_form: bool = False
    is_rtl: bool = False


def heading_of(theme: Theme) -> str:
    """“7. Environment”, the title in the language in force where it has a translation."""
    return str(theme)


def prompt_of(theme: Theme) -> str:
    return theme.prompt


def row_labels() -> tuple[str, str, str]:
    """What the three parts of a row are called: the header of a table, and the labels of a plain text."""
    return _("Paragraph"), _("Proposed wording"), _("Reason")


def template_remarks(consultation: Consultation) -> list[str]:
    address = settings.PUBLIC_URL + reverse("submissions:offline", kwargs={"slug": consultation.slug})
    return [
        _("Up to %(n)d words on each area. Upload this file at %(address)s, or write to %(contact)s.")
        % {"n": consultation.word_limit, "address": address, "contact": settings.CONTACT_EMAIL},
        _("Write under any heading, in any language, and leave the others empty."),
        _("Keep the headings as they are: by them your text is put in its place when you upload this file."),
        _("For wording on a numbered paragraph of the paper, use the rows below your text. Add as many as you need."),
        _("Nothing is sent by uploading. You see everything first, and then it is kept on your draft."),
    ]


def template_document(consultation: Consultation) -> Document:
    return Document(
        title=consultation.title,
        facts=[(_("Deadline"), cutoff_in_words(consultation.closes_at, consultation.time_zone))],
        remarks=template_remarks(consultation),
        sections=[Section(theme) for theme in consultation.themes.all()],
        is_form=True,
        is_rtl=get_language_bidi(),
    )


def draft_document(draft: Draft) -> Document:
    """The whole draft, to be cleared by colleagues; written on, it can be uploaded again."""
    rows = contributions_of(draft)
    consultation = draft.consultation
    sections = [
        Section(theme, row.content, tuple(_remarks_on(row, draft))) if (row := rows.get(theme.pk)) else Section(theme)
        for theme in consultation.themes.all()
    ]
    return Document(
        title=consultation.title,
        facts=[
            (_("State"), _("Draft, not yet sent") if not draft.reference else _("Draft")),
            (_("Saved at"), f"{to_the_second(draft.saved_at, 'UTC')} UTC"),
            (_("Deadline"), cutoff_in_words(consultation.closes_at, consultation.time_zone)),
            *respondent_facts(draft),
        ],
        remarks=[],
        sections=sections,
        is_form=True,
        is_rtl=get_language_bidi(),
    )


def _remarks_on(row: DraftContribution, draft: Draft) -> Iterator[str]:
    if row.is_left_out:
        yield _("Left out on purpose")
    elif not row.content.is_empty and (consent := row.own_consent or draft.consent):
        yield publication_of(consent)


def publication_of(consent: str) -> str:
    """How one text may be published: a line of every copy."""
    return label_value(_("Publication"), str(Consent(consent).label))


def receipt_document(submission: Submission) -> Document:
    consultation = submission.consultation
    return Document(
        title=_("Receipt: %(reference)s") % {"reference": left_to_right_text(submission.reference)},
        facts=[
            (_("Consultation"), consultation.title),
            (_("Reference"), left_to_right_text(submission.reference)),
            (_("Version"), str(submission.version)),
            (
                _("Received at"),
                f"{to_the_second(submission.received_at, consultation.time_zone)} ({city(consultation.time_zone)})",
            ),
            (_("Received at"), f"{to_the_second(submission.received_at, 'UTC')} UTC"),
            ("SHA-256", submission.content_sha256),
            *respondent_facts(submission),
        ],
        remarks=[],
        sections=[
            Section(theme, content, (publication_of(content.consent or submission.consent),))
            for theme, content in submission.contents.items()
        ],
        closing=[
            _(
                "The SHA-256 is that of the canonical text: a JSON file with sorted keys that your receipt’s page "
                "offers. “sha256sum” and the file’s name, on any computer, give the same sum."
            )
        ],
        is_rtl=get_language_bidi(),
    )


def respondent_facts(respondent: Respondent) -> list[tuple[str, str]]:
    """What was said about the respondent, without what was not."""
    facts: Iterable[tuple[str, str]] = [
        (_("Submitting as"), respondent.get_submitting_as_display() if respondent.submitting_as else ""),
        (_("Organisation"), respondent.organisation),
        (_("Stakeholder group"), respondent.get_stakeholder_group_display() if respondent.stakeholder_group else ""),
        (_("Country or territory"), country_name(respondent.country) if respondent.country else ""),
        (_("Language"), language_name(respondent.language) if respondent.language else ""),
        (_("Name"), respondent.contact_name),
        (_("Publication"), str(respondent.get_consent_display()) if respondent.consent else ""),
    ]
    return [(label, value) for label, value in facts if value]
