"""What every test stands on: fast password hashes, no collected static files, and the common fixtures."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone, translation

from tests.factories import make_consultation
from tests.roles import django_db_modify_db_settings, django_db_setup, owner  # noqa: F401 - fixtures
from themes import rounds
from themes.intake import database_now
from themes.seed import seed
from wsis import rate_limits

# A busy machine is no broken one: what is asked of Valkey here is answered, or the test fails.
rate_limits.PATIENCE = 30.0
# What a test has just written is on the next page. How old a page may be is asked in tests/themes/test_rounds.py.
rounds.MAX_AGE = 0.0


@pytest.fixture(autouse=True)
def _static_files(settings, tmp_path):
    """Pages are drawn without collected files: which hash a stylesheet has is no matter of most tests."""
    # Slow on purpose, and slower than most tests that sign somebody in.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The second factor has its own tests, tests/accounts/test_second_factor.py, which switch it on.
    settings.SECOND_FACTOR = False
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            **settings.STORAGES["default"],
            "OPTIONS": {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path / "exports"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _in_the_sites_language(settings):
    """A page that a test asked for leaves its language in the thread, as in a server the next request's does."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _own_rate_limits(monkeypatch):
    """What one test does often counts for no other."""
    monkeypatch.setattr(rate_limits.limiter().storage, "key_prefix", f"limits-{uuid.uuid4()}")
    monkeypatch.setattr(rate_limits.Circuit, "rests_until", 0.0)


def pytest_collection_modifyitems(items):
    """The long files first, so that at the end no worker waits for another's last one."""
    items.sort(key=lambda item: not {"browser", "slow"} & {mark.name for mark in item.iter_markers()})


@pytest.fixture
def consultation(db):
    """Open, by every clock: from a day ago to a day from now."""
    now = database_now()
    return make_consultation(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))


@pytest.fixture
def seeded(db):
    return seed(at=timezone.now())[0]


@pytest.fixture
def manager(db):
    """The browser of a colleague who is a manager and no administrator."""
    user = get_user_model().objects.create_user("manager", password="correct horse battery", is_staff=True)
    user.groups.add(Group.objects.get(name="Manager"))
    client = Client()
    client.force_login(user, backend="accounts.sign_on.backend.PasswordBackend")
    return client
