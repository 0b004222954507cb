import pytest

from wsis import shared_pages


@pytest.fixture(autouse=True)
def no_page_is_kept(monkeypatch):
    """Each request is drawn: what a process keeps for a second would hide what a test has just done."""
    monkeypatch.setattr(shared_pages, "SECONDS", 0)
    shared_pages._pages.clear()
