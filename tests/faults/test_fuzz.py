"""Some of what bench/fuzz.py does at length: random requests at every address, by everybody who may come."""

import pytest

from bench.fuzz import ROLES, Fuzz, addresses
from submissions.models import Tag
from tests.factories import send

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

# A minute of it; `python -m bench.fuzz` makes a hundred thousand.
REQUESTS = 1_000


def test_no_address_fails_whatever_is_asked(consultation):
    for number in range(5):
        send(consultation, {1: f"A text. {number}", 5: "Another."})
    Tag.objects.create(consultation=consultation, name="Gender")
    assert len(addresses()) > 150
    found = Fuzz(seed=7).run(REQUESTS)
    assert found.errors == []
    assert found.requests > REQUESTS * 0.95
    assert not [status for status in found.statuses if status >= 500]
    # It gets in: pages, redirects after forms that were taken, refusals of every kind.
    assert found.statuses.keys() >= {200, 302, 303, 403, 404, 405}
    assert len(ROLES) == 6


@pytest.mark.parametrize("path", ["/admin/submissions/submission/%00/change/", "/%00/", "/elements-paper/late/%00/"])
def test_a_null_character_is_in_no_address(admin_client, consultation, path):
    assert admin_client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_field_without_a_name_is_none(admin_client, admin_user, db, method):
    path = f"/admin/auth/user/{admin_user.pk}/change/"
    assert getattr(admin_client, method)(f"{path}?_to_field=").status_code == 404
    assert admin_client.post(path, {"_to_field": ""}).status_code == 404
    assert admin_client.get(f"{path}?_to_field=id").status_code == 200


@pytest.mark.parametrize("path", ["/admin/r/19/2/", "/static/", "/static/css/", "/admin/r/1/1/"])
def test_nothing_is_listed_and_no_row_leads_elsewhere(admin_client, db, path):
    assert admin_client.get(path).status_code == 404


def test_trace_is_no_method(client, consultation):
    assert client.trace("/elements-paper/").status_code == 405
