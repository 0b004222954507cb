"""An export the way people get one: asked for on its page, made by the sweep, fetched."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

from submissions.export import making
from submissions.models import Export

ADD = "/admin/submissions/export/add/"


def post(client, filters: str = "", **choices):
    from themes.models import Consultation

    form = {
        "consultation": Consultation.objects.order_by("pk").values_list("pk", flat=True).first(),
        "layout": "contributions",
        "format": "csv",
        "profile": "spreadsheet",
        "audience": "desk",
        "theme": "",
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
    assert making.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.failure, export.error) == ("done", "", "")
    fetched = client.get(f"/admin/submissions/export/{export.pk}/download/")
    content = b"".join(fetched.streaming_content)
    assert fetched["Content-Length"] == str(len(content)) == str(export.byte_count)
    return content


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
