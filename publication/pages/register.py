"""The register's pages and files. What is whole of it never changes, so that anybody may keep it."""

import json

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from publication.models import RegisterCheckpoint, RegisterLog, RegisterStamp
from publication.register.checkpoints import last_checkpoints
from publication.register.log import leaf_of
from publication.register.notes import verifiers
from publication.register.proofs import inclusion_file
from publication.register.tiles import WIDTH, Tiles
from publication.register.tree import consistency_proof
from publication.verifier import page
from submissions.public.responses import download, never_stored
from submissions.public.visit import Visit, public_view
from themes import intake
from themes.models import Consultation

# A whole tile stays as it is; what is not whole yet, and a checkpoint, are new within a minute.
fresh = cache_control(public=True, max_age=60)


def _log(slug: str, late: str | None) -> RegisterLog:
    """Of a public consultation, or 404."""
    consultation = get_object_or_404(Consultation.objects.filter(intake.IS_PUBLIC), slug=slug)
    part = RegisterLog.Part.LATE if late else RegisterLog.Part.IN_TIME
    return get_object_or_404(RegisterLog, consultation=consultation, part=part)


def _last_checkpoint(log: RegisterLog) -> RegisterCheckpoint:
    last = log.checkpoints.last()
    if last is None:
        raise Http404
    return last


@public_view(cache=never_stored)
def register(visit: Visit) -> HttpResponse:
    """What the register is, how it is checked, and what that shows and does not."""
    last = last_checkpoints(visit.consultation)
    keys = verifiers()
    given = " ".join(f'--key "{key}"' for key in keys)
    context = {
        "consultation": visit.consultation,
        "in_time": last.get(RegisterLog.Part.IN_TIME),
        "late": last.get(RegisterLog.Part.LATE),
        "closings": _closings(visit.consultation),
        "keys": keys,
        "verifier": page.PYTHON.name,
        "command": f"python3 verify.py {given} proof.json inclusion.json",
        "has_sent": visit.submission is not None and not visit.is_withdrawn,
    }
    return render(visit.request, "publication/register.html", context)


def _closings(consultation: Consultation) -> list[RegisterCheckpoint]:
    """The last checkpoint of each closing, the newest first."""
    final = RegisterCheckpoint.objects.filter(log__consultation=consultation, closed_at__isnull=False)
    stamped = Prefetch("stamps", RegisterStamp.objects.filter(response__isnull=False).defer("response"))
    return list(final.order_by("-closed_at").prefetch_related(stamped))


@require_safe
@fresh
def checkpoint(request: HttpRequest, slug: str, late: str | None = None, size: str | None = None) -> HttpResponse:
    """The last one, or the last of so many entries."""
    log = _log(slug, late)
    wanted = _last_checkpoint(log) if size is None else log.checkpoints.filter(size=int(size)).last()
    if wanted is None:
        raise Http404
    return HttpResponse(wanted.note, content_type="text/plain; charset=utf-8")


@require_safe
@fresh
def stamp(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An authority's answer, as `openssl ts` reads it."""
    log = _log(slug, None)
    row = get_object_or_404(RegisterStamp, pk=number, checkpoint__log=log, response__isnull=False)
    return download(bytes(row.response or b""), f"checkpoint-{row.pk}.tsr", "application/timestamp-reply")


def _number(path: str) -> int:
    return int(path.replace("x", "").replace("/", ""))


def _width(log: RegisterLog, level: int, index: int, width: str | None) -> int:
    """How many hashes or entries of a tile are asked for; 404 where it does not have so many.

    Only what is signed is given out: a partial tile may be followed by a signature that has more.
    """
    signed = _last_checkpoint(log).size >> (8 * level)
    wanted = int(width) if width else WIDTH
    if not 0 < wanted <= WIDTH or (width and wanted == WIDTH) or index * WIDTH + wanted > signed:
        raise Http404
    return wanted


@require_safe
def tile(request: HttpRequest, slug: str, level: str, number: str, **rest: str | None) -> HttpResponse:
    """`rest` says whether it is of the late part, and how wide the tile is."""
    log, index, width = _log(slug, rest.get("late")), _number(number), rest.get("width")
    wanted = _width(log, int(level), index, width)
    hashes = Tiles(log).hashes(int(level), index)[:wanted]
    return _tile(b"".join(hashes), is_whole=width is None)


@require_safe
def entries(
    request: HttpRequest, slug: str, number: str, late: str | None = None, width: str | None = None
) -> HttpResponse:
    """The leaves' own bytes, each behind its length in two bytes."""
    log, index = _log(slug, late), _number(number)
    wanted = _width(log, 0, index, width)
    rows = log.entries.filter(index__gte=index * WIDTH, index__lt=index * WIDTH + wanted).order_by("index")
    leaves = [leaf_of(slug, kind, bytes(value)) for kind, value in rows.values_list("kind", "commitment")]
    return _tile(b"".join(len(leaf).to_bytes(2) + leaf for leaf in leaves), is_whole=width is None)


def _tile(content: bytes, *, is_whole: bool) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_whole else "public, max-age=60"
    return response


@require_safe
@fresh
def consistency(request: HttpRequest, slug: str, earlier: str, late: str | None = None) -> HttpResponse:
    """The last checkpoint, and the hashes that lead to it from an earlier one, by its size."""
    log = _log(slug, late)
    last = _last_checkpoint(log)
    if not 0 < int(earlier) <= last.size:
        raise Http404
    steps = consistency_proof(int(earlier), last.size, Tiles(log).node)
    since = {"checkpoint": last.note, "consistency": [step.hex() for step in steps]}
    return download(json.dumps(since, ensure_ascii=False).encode(), "consistency.json", "application/json")


@require_safe
@fresh
def verifier(request: HttpRequest, slug: str) -> HttpResponse:
    return download(page.PYTHON.read_bytes(), page.PYTHON.name, "text/x-python; charset=utf-8")


@public_view(cache=never_stored)
def verify_here(visit: Visit) -> HttpResponse:
    """The check as a page that works by itself. Its own policy: nothing is fetched, and nothing else runs."""
    register_url = visit.request.build_absolute_uri(reverse("publication:register", args=[visit.slug]))
    response = HttpResponse(page.verifier_page(register_url=register_url, keys=verifiers()))
    response["Content-Security-Policy"] = page.POLICY
    return response


@public_view(cache=never_stored)
def inclusion(visit: Visit) -> HttpResponse:
    """Where what this visitor sent stands in the register; back to the page that says why there is nothing yet."""
    submission = visit.submission
    found = None if submission is None or visit.is_withdrawn else inclusion_file(submission)
    if submission is None or found is None:
        return redirect("publication:register", slug=visit.slug)
    return download(found, f"{submission.reference}-{submission.version}.inclusion.json", "application/json")
