"""After sending: the receipt and its copies, and putting it away to write anew."""

from django.http import HttpResponse
from django.shortcuts import redirect

from submissions.documents import docx_writer, plain_text
from submissions.documents.document import receipt_document
from submissions.drafts import keys, saving
from submissions.models import Submission
from submissions.public.responses import download, never_stored, see_other
from submissions.public.texts import sent_texts
from submissions.public.visit import GET_OR_POST, Visit, public_view
from submissions.queries.confirmed import is_confirmed
from submissions.text.canonical import canonical_parts
from submissions.text.commitment import proof_file
from themes.intake import Intake


@public_view(cache=never_stored)
def receipt(visit: Visit) -> HttpResponse:
    submission = visit.submission
    if submission is None:
        return redirect("submissions:consultation", slug=visit.slug)
    return visit.render(
        "receipt.html",
        submission=submission,
        is_open=visit.public_intake is Intake.OPEN,
        is_confirmed=is_confirmed(submission),
        earlier=_earlier(submission),
        contributions=sent_texts(submission),
        has_proof=hasattr(submission, "commitment"),
    )


def _earlier(submission: Submission) -> list[Submission]:
    """The versions that this one replaces."""
    if submission.version == 1:
        return []
    return list(Submission.objects.filter(reference=submission.reference, version__lt=submission.version))


@public_view(cache=never_stored)
def receipt_file(visit: Visit, kind: str) -> HttpResponse:
    """The receipt as a file: to keep (.docx, .txt), the canonical text whose SHA-256 it gives (.json), or what proves
    each part of it by itself (.proof.json)."""
    submission = visit.submission
    if submission is None or visit.is_withdrawn:
        return redirect("submissions:receipt", slug=visit.slug)
    name = f"{submission.reference}-{submission.version}"
    if kind == "json":
        return download(submission.canonical_text, f"{name}.json", "application/json")
    if kind == "proof.json":
        if not hasattr(submission, "commitment"):
            # Sent before there were any.
            return redirect("submissions:receipt", slug=visit.slug)
        proof = proof_file(
            submission.commitment.committed,
            canonical_parts(submission.answers(), submission.contents),
            form=submission.commitment.form,
            consultation=visit.slug,
            reference=submission.reference,
            version=submission.version,
        )
        return download(proof, f"{name}.proof.json", "application/json")
    document = receipt_document(submission)
    if kind == "txt":
        return download(plain_text.write(document), f"{name}.txt", plain_text.CONTENT_TYPE)
    return download(docx_writer.write(document), f"{name}.docx", docx_writer.CONTENT_TYPE)


@public_view(*GET_OR_POST, cache=never_stored)
def another(visit: Visit) -> HttpResponse:
    """Puts away what was sent from this browser, so that another submission can be written in it. Asks first."""
    if not visit.is_post:
        if visit.draft is None or visit.submission is None:
            return redirect("submissions:consultation", slug=visit.slug)
        return visit.render("another.html", private_link=keys.private_link(visit.draft))
    response = see_other("submissions:consultation", slug=visit.slug)
    if visit.draft is not None and visit.is_withdrawn:
        keys.set_cookie(response, saving.start_anew(visit.draft, at=visit.at))
    elif visit.draft is not None and visit.submission is not None:
        keys.clear_cookies(response, visit.consultation)
    return response
