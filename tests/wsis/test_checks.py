import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks

from wsis.logs import WithoutRows


def ids(deploy=True) -> set[str]:
    found = {str(message.id) for message in run_checks(include_deployment_checks=deploy)}
    return {name for name in found if name.startswith("wsis.")}


@pytest.fixture
def well_set(settings):
    settings.IS_HTTPS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.CONTACT_EMAIL = "secretariat@example.org"
    settings.SECOND_FACTOR = True
    settings.DEFAULT_FROM_EMAIL = "Consultation <consultation@example.org>"
    return settings


def test_nothing_to_say_when_all_is_well(well_set):
    assert ids() == set()


def test_a_laptop_is_only_told_off_when_it_deploys(settings):
    assert ids(deploy=False) == set()
    settings.CONTACT_EMAIL = ""
    assert ids() == {"wsis.E004", "wsis.E005", "wsis.E006", "wsis.W001"}


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


def test_the_log_holds_no_late_access_link():
    from types import SimpleNamespace as Made

    from gunicorn.config import Config

    from wsis.gunicorn import Logger

    asked = Made(headers=[])
    answered = Made(status="200 OK", headers=[], response_length=0, sent=0)
    where = "/elements-paper/late/1:abc:def/"
    environ = {"PATH_INFO": where, "RAW_URI": where, "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    atoms = Logger(Config()).atoms(answered, asked, environ, timedelta())
    assert atoms["U"] == "/elements-paper/late/…/"
    # Nor what Django says of an answer that is an error.
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", where), None)
    assert WithoutRows("%(message)s").format(record) == "Gone: /elements-paper/late/…/"


def test_another_database(well_set, monkeypatch):
    monkeypatch.setitem(well_set.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert ids() == {"wsis.E003"}
