import logging
import re
from pathlib import Path

import pytest
from django.core.checks import run_checks

from wsis.logs import WithoutRows
from wsis.web_worker import with_access_log


def ids(deploy=True) -> set[str]:
    found = {str(message.id) for message in run_checks(include_deployment_checks=deploy)}
    return {name for name in found if name.startswith("wsis.")}


@pytest.fixture
def well_set(settings):
    settings.IS_HTTPS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.CONTACT_EMAIL = "secretariat@example.org"
    settings.SECOND_FACTOR = True
    settings.BREACH_LIST = __file__  # one that can be read
    settings.DEFAULT_FROM_EMAIL = "Consultation <consultation@example.org>"
    return settings


def test_nothing_to_say_when_all_is_well(well_set):
    assert ids() == set()


def test_a_laptop_is_only_told_off_when_it_deploys(settings):
    assert ids(deploy=False) == set()
    settings.CONTACT_EMAIL = ""
    assert ids() == {"wsis.E004", "wsis.E005", "wsis.E006", "wsis.W001", "wsis.W002"}


@pytest.mark.parametrize("path", ["", "/nowhere/hashes.txt"])
def test_no_breached_passwords(well_set, path):
    well_set.BREACH_LIST = path
    assert ids() == {"wsis.W002"}


def test_atomic_requests(well_set):
    well_set.DATABASES["default"]["ATOMIC_REQUESTS"] = True
    try:
        assert ids() == {"wsis.E001"}
    finally:
        well_set.DATABASES["default"]["ATOMIC_REQUESTS"] = False


def test_exports_under_static(well_set):
    well_set.STATIC_ROOT = Path("/srv/static")
    well_set.STORAGES = {
        **well_set.STORAGES,
        "default": {"BACKEND": "x", "OPTIONS": {"location": "/srv/static/exports"}},
    }
    assert ids() == {"wsis.E002"}


@pytest.mark.parametrize("sender", ["consultation@localhost", "The secretariat <x@127.0.0.1>", ""])
def test_a_sender_that_mail_servers_refuse(well_set, sender):
    well_set.DEFAULT_FROM_EMAIL = sender
    assert ids() == {"wsis.E007"}


def test_the_log_holds_no_late_access_link(caplog):
    where = "/elements-paper/late/1:abc:def/"
    app = with_access_log(lambda environ, start: start("200 OK", [("Content-Length", "3")]) or [b"ok\n"], lambda: None)
    with caplog.at_level(logging.INFO, "wsis.access"):
        app(
            {"PATH_INFO": where + "\n2026 forged", "REQUEST_METHOD": "GET", "QUERY_STRING": "q=secret"}, lambda *a: None
        )
    line = WithoutRows("%(message)s").format(caplog.records[-1])
    assert re.fullmatch(r"GET /elements-paper/late/…/\\n2026 forged 200 3 bytes \d+ ms", line)
    # Nor what Django says of an answer that is an error.
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", where), None)
    assert WithoutRows("%(message)s").format(record) == "Gone: /elements-paper/late/…/"


def test_another_database(well_set, monkeypatch):
    monkeypatch.setitem(well_set.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert ids() == {"wsis.E003"}


@pytest.mark.parametrize("path", ["", "/nowhere/roots.pem"])
def test_time_stamps_by_half(well_set, path):
    well_set.TIMESTAMP_AUTHORITIES = ["https://stamps.example.org/"]
    well_set.TIMESTAMP_ROOTS = path
    assert ids() == {"wsis.E009"}
    well_set.TIMESTAMP_ROOTS = __file__
    assert ids() == set()
    # The register's page names each.
    well_set.TIMESTAMP_AUTHORITIES = ["https://us:secret@stamps.example.org/"]
    assert ids() == {"wsis.E010"}
