"""An export the way people get one: asked for on its page, made by the sweep, fetched."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.files.storage import default_storage

from submissions.export import jobs
from submissions.models import Export

ADD = "/admin/submissions/export/add/"


def post(client, filters: str = "", **choices):
    from themes.models import Consultation

    form = {
        "consultation": Consultation.objects.order_by("pk").values_list("pk", flat=True).first(),
        "layout": "contributions",
        "format": "csv",
        "profile": "spreadsheet",
        "audience": "workspace",
        "areas": [],
        "of": "submission",
        "filters": filters,
        **choices,
    }
    return client.post(ADD, form)


def ask(client, url: str = ADD, **choices) -> bytes:
    """Asks on the page at `url`, lets the sweep make it, and fetches the file."""
    filters = parse_qs(urlsplit(url).query).get("filters", [""])[0]
    assert client.get(url).status_code == 200
    answer = post(client, filters, **choices)
    assert answer.status_code == 302, answer.context["errors"]
    export = Export.objects.latest("pk")
    assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.failure, export.error) == ("done", "", "")
    fetched = client.get(f"/admin/submissions/export/{export.pk}/download/")
    content = b"".join(fetched.streaming_content)
    assert fetched["Content-Length"] == str(len(content)) == str(export.byte_count)
    return content


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


LIST = "/admin/submissions/export/"


def requested(client, **choices) -> Export:
    assert post(client, **choices).status_code == 302
    return Export.objects.latest("pk")


def progress_of(client, export: Export) -> dict[str, Any]:
    return json.loads(client.get(f"{LIST}{export.pk}/progress/").content)


def stored_files() -> list[str]:
    """Every file in the storage."""
    root = Path(default_storage.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
