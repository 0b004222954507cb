"""A visitor over Django's client: the answers and steps that the tests of the public pages begin with."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import ARABIC, ENGLISH, make_respondent

ASKED = "submitting_as organisation stakeholder_group country contact_name email consent language"
ANSWERS = {name: getattr(make_respondent(), name) for name in ASKED.split()} | {"has_accepted_privacy": "on"}
HOME = "/elements-paper/"


def write(client, number, text, **extra):
    return client.post(f"{HOME}themes/{number}/", {"text": text, **extra})


def ready_to_send(client):
    write(client, 1, ENGLISH)
    write(client, 5, ARABIC)
    client.post(f"{HOME}about-you/", ANSWERS)


def link_on(client: Client) -> str:
    (link,) = re.findall(r'class="sum private"[^>]*>([^<]+)<', client.get(f"{HOME}come-back/").content.decode())
    return link


def proposal_rows(*rows: tuple[str, str, str]) -> dict[str, str]:
    """The form's part for proposed wording."""
    fields = {"row-TOTAL_FORMS": str(len(rows)), "row-INITIAL_FORMS": "0"}
    for n, row in enumerate(rows):
        fields |= {
            f"row-{n}-{name}": sentence for name, sentence in zip(("paragraph", "wording", "reason"), row, strict=True)
        }
    return fields


def answer_about_you(client: Client) -> None:
    client.post(f"{HOME}about-you/", ANSWERS)


def upload_offline(client, raw: bytes, name: str = "filled.docx"):
    return client.post(f"{HOME}offline/", {"file": SimpleUploadedFile(name, raw), "pasted": ""})


def keep_offline(client, fields: list[tuple[str, str]], **changes: str):
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    data |= {name: [value] for name, value in changes.items()}
    return client.post(f"{HOME}offline/keep/", data)
