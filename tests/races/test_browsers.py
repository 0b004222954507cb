"""One browser with its tabs, its cookies and several drafts: whatever the order, no text is lost and none is mixed."""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from submissions.drafts import keys
from submissions.models import Draft
from tests.factories import make_consultation
from tests.pages import squeezed
from themes.intake import database_now

WORDS = st.text("abcdef", min_size=1, max_size=12)


@dataclass(eq=False)
class Known:
    """What the model knows of a draft."""

    mark: str
    key: str
    text: str = ""
    version: int = 0


@dataclass(eq=False)
class Tab:
    """A page that was opened once, and what it says of itself."""

    mark: str
    version: int


class Browser(RuleBasedStateMachine):
    tabs = Bundle("tabs")

    def __init__(self) -> None:
        super().__init__()
        now = database_now()
        self.slug = f"c{uuid.uuid4().hex}"
        self.consultation = make_consultation(
            slug=self.slug, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), themes=2
        )
        self.page = f"/{self.slug}/themes/1/"
        self.client = Client()
        self.drafts: list[Known] = []
        self.open: Known | None = None

    @initialize(target=tabs)
    def first_tab(self):
        return self.open_tab()

    @rule(target=tabs)
    def open_tab(self):
        page = self.client.get(self.page).content.decode()
        shown = dict(re.findall(r'<input type="hidden" name="(draft|version)" value="([^"]*)">', page))
        assert shown["draft"] == (self.open.mark if self.open else "")
        assert int(shown["version"]) == (self.open.version if self.open else 0)
        return Tab(shown["draft"], int(shown["version"]))

    @rule(tab=tabs, text=WORDS, by_script=st.booleans())
    def save(self, tab, text, by_script):
        data = {"text": text, "draft": tab.mark, "version": str(tab.version)}
        answer = self.client.post(self.page, data, headers={"accept": "application/json"} if by_script else {})
        if tab.mark and (self.open is None or self.open.mark != tab.mark):
            assert answer.status_code == 409
            if by_script:
                assert "other" in answer.json()
            else:
                assert f'<div class="text" dir="auto">{text}</div>' in squeezed(answer.content.decode())
            return
        if self.open is None:
            self.open = self.new_draft()
        elif text != self.open.text and tab.version != self.open.version:
            assert answer.status_code == 409
            if by_script:
                assert answer.json() == {"is_conflict": True}
            else:
                assert f"{text}</textarea>" in answer.content.decode()
                assert self.open.text in answer.content.decode()
            return
        assert answer.status_code == (200 if by_script else 303)
        if text != self.open.text:
            self.open.text, self.open.version = text, self.open.version + 1
        if by_script:
            # The page goes on from what it was told.
            assert answer.json()["draft"] == self.open.mark
            tab.mark, tab.version = answer.json()["draft"], answer.json()["version"]

    def new_draft(self) -> Known:
        key = self.client.cookies[f"draft-{self.consultation.pk}"].value
        known = Known(Draft.objects.get(key_hash=keys.hash_of(key)).mark, key)
        assert known.mark not in {one.mark for one in self.drafts}
        self.drafts.append(known)
        return known

    @rule()
    def finish_on_this_device(self):
        self.client.post(f"/{self.slug}/come-back/finish/")
        self.open = None

    @rule()
    def clear_cookies(self):
        self.client.cookies.clear()
        self.open = None

    @rule(data=st.data())
    def open_a_draft_by_its_link(self, data):
        if not self.drafts:
            return
        known = data.draw(st.sampled_from(self.drafts))
        link = f"http://testserver/{self.slug}/come-back/#{known.key}"
        answer = self.client.post(f"/{self.slug}/come-back/", {"link": link, "leave": "1"})
        assert answer.status_code == 303
        self.open = known

    @rule(text=WORDS)
    def a_colleague_saves(self, text):
        """In another browser, on the draft that is open here."""
        if self.open is None:
            return
        other = Client()
        other.post(f"/{self.slug}/come-back/", {"link": self.open.key})
        data = {"text": text, "draft": self.open.mark, "version": str(self.open.version)}
        assert other.post(self.page, data).status_code == 303
        if text != self.open.text:
            self.open.text, self.open.version = text, self.open.version + 1

    @invariant()
    def each_draft_holds_what_was_saved_on_it_and_no_other_is_there(self):
        stored = Draft.objects.filter(consultation=self.consultation)
        texts = {one.mark: [row.text for row in one.contributions.all()] for one in stored}
        assert texts == {one.mark: [one.text] for one in self.drafts}


@pytest.fixture
def _many_saves(settings):
    settings.RATE_LIMIT_FACTOR = 10_000


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("_many_saves")
@pytest.mark.django_db(transaction=True)
def test_no_order_of_cookies_tabs_and_drafts_loses_or_mixes_a_text():
    run_state_machine_as_test(
        Browser,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
