"""A visitor over Django's client: the answers and steps that the tests of the public pages begin with."""

from tests.conftest import ARABIC, ENGLISH, make_respondent

ASKED = "submitting_as organisation stakeholder_group country contact_name email consent language"
ANSWERS = {name: getattr(make_respondent(), name) for name in ASKED.split()} | {"has_accepted_privacy": "on"}
HOME = "/elements-paper/"


def write(client, number, text, **extra):
    return client.post(f"{HOME}themes/{number}/", {"text": text, **extra})


def ready_to_send(client):
    write(client, 1, ENGLISH)
    write(client, 5, ARABIC)
    client.post(f"{HOME}about-you/", ANSWERS)
