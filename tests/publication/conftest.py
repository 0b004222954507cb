from datetime import timedelta

import pytest

from tests.factories import reopen
from themes.intake import database_now
from wsis import shared_pages


@pytest.fixture(autouse=True)
def no_page_is_kept(monkeypatch):
    """Each request is drawn: what a process keeps for a second would hide what a test has just done."""
    monkeypatch.setattr(shared_pages, "SECONDS", 0)
    shared_pages._pages.clear()


@pytest.fixture
def reopened():
    """Opens a consultation that has closed for three more days."""

    def again(consultation):
        reopen(consultation, database_now() + timedelta(days=3))
        consultation.refresh_from_db()

    return again
