"""The draft to be read through, printed or circulated, and the empty template: as a page and as files."""

from django.http import HttpResponse
from django.utils import translation

from submissions.documents import docx_writer, plain_text
from submissions.documents.document import Document, draft_document, template_document
from submissions.public.responses import download, never_stored, see_other
from submissions.public.texts import draft_texts
from submissions.public.visit import Visit, public_view


@public_view(cache=never_stored)
def whole_draft(visit: Visit) -> HttpResponse:
    """The whole draft on one page. Readable after the cutoff too."""
    return visit.render(
        "whole_draft.html",
        respondent=visit.draft,
        contributions=draft_texts(visit.areas.values(), visit.draft.consent if visit.draft else ""),
        left_out=[theme for theme, area in visit.areas.items() if area.is_left_out and not area.is_written],
    )


@public_view(cache=never_stored)
def draft_file(visit: Visit, kind: str) -> HttpResponse:
    if visit.draft is None:
        return see_other("submissions:whole", slug=visit.slug)
    return _file(draft_document(visit.draft), f"{visit.slug}-draft", kind)


@public_view(cache=lambda view: view)
def template_file(visit: Visit, kind: str, language: str) -> HttpResponse:
    """The empty template, with every heading in one of the site's languages."""
    with translation.override(language):
        return _file(template_document(visit.consultation), f"{visit.slug}-template-{language}", kind)


def _file(document: Document, name: str, kind: str) -> HttpResponse:
    if kind == "txt":
        return download(plain_text.write(document), f"{name}.txt", plain_text.CONTENT_TYPE)
    return download(docx_writer.write(document), f"{name}.docx", docx_writer.CONTENT_TYPE)
