from pathlib import Path

import pytest
from django.core.checks import run_checks


def ids(deploy=True) -> set[str]:
    found = {str(message.id) for message in run_checks(include_deployment_checks=deploy)}
    return {name for name in found if name.startswith("wsis.")}


@pytest.fixture
def well_set(settings):
    settings.IS_HTTPS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.CONTACT_EMAIL = "secretariat@example.org"
    settings.SECOND_FACTOR = True
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


def test_another_database(well_set, monkeypatch):
    monkeypatch.setitem(well_set.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert ids() == {"wsis.E003"}
