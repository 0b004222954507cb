"""Every form of the workspace with what nobody should type, field by field: an error there, and never a 500."""

import re
import sys
from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from submissions.models import SavedFilter, Submission, Tag
from tests.factories import make_consultation, send
from themes.intake import database_now
from themes.models import Milestone, Question

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

HOSTILE = [
    *("", "a\x00b", "-1", "99999999999999999999", "2147483648", "1e309", "½", "x" * 20_000, "New York", "\u202e\u2066"),
    *("0000-01-01T00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "2027-03-14T02:30:00", "http://[", "[]"),
]


@pytest.fixture
def rows(admin_user):
    """One of each kind that has a form."""
    now = database_now()
    days = timedelta(days=1)
    consultation = make_consultation(opens_at=now - days, closes_at=now + days, themes=1)
    send(consultation, {1: "A text."})
    Tag.objects.create(consultation=consultation, name="Gender")
    Question.objects.create(consultation=consultation, title_en="What else?")
    Milestone.objects.create(consultation=consultation, position=1, date_en="June", title_en="Paper")
    SavedFilter.objects.create(of="submission", name="one", filters="x=1", owner=admin_user)
    Group.objects.create(name="Another")
    return consultation


def forms(client: Client, consultation) -> Iterator[str]:
    """Every page of the workspace that has a form to fill in: adding, changing, and those of their own."""
    for model, model_admin in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._default_manager.order_by("pk").first()
        yield f"{base}add/"
        if row is not None:
            yield f"{base}{row.pk}/change/"
        for url in model_admin.get_urls():
            route = str(url.pattern)
            if url.name and row is not None and route.startswith("<int:pk>/") and route.count("<") == 1:
                yield base + route.replace("<int:pk>", str(row.pk))
    submission = Submission.objects.get()
    yield f"/admin/submissions/submission/{submission.pk}/change/"
    yield f"/admin/themes/consultation/{consultation.pk}/texts/ar/"


def filled(page: str) -> Iterator[dict[str, str]]:
    """Each form of the page's content as a browser would send it at once; and with names for what is empty."""
    for form in lxml.html.fromstring(page).xpath("//*[@id='content']//form[@method='post']"):
        typed = dict.fromkeys(form.fields, "") | {name: value or "" for name, value in form.form_values()}
        yield {name: value for name, value in typed.items() if name and "__prefix__" not in name}


# The management of formsets, the page's token and its buttons: nobody types there.
PLAUSIBLE = ["½", "9999-12-31T23:59:59"]
# Of a table of fifteen areas the first row does.
ANOTHER_ROW = re.compile(r"-[1-9]\d*-|^(was-)?(\d\d|[2-9])\.")
NOT_TYPED = re.compile(r"csrf|(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|^_|^next$")


def posts(form: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """What is typed, and what it is called: every value into every field, in each turn another; and what
    a check may let pass into one field alone, so that it comes as far as it gets."""
    names = [name for name in form if not NOT_TYPED.search(name) and not ANOTHER_ROW.search(name)]
    for turn in range(len(HOSTILE)):
        typed = {name: HOSTILE[(turn + place) % len(HOSTILE)] for place, name in enumerate(names)}
        yield f"all, turn {turn}", {**form, **typed}
    for name in names:
        for value in PLAUSIBLE:
            yield f"{name}={value[:30]!r}", {**form, name: value}


def test_no_field_of_any_form_fails(rows, admin_client, capsys):
    counts: dict[str, int] = {}
    wrong: list[str] = []
    for url in dict.fromkeys(forms(admin_client, rows)):
        page = admin_client.get(url)
        if page.status_code != 200 or page.streaming or not page["Content-Type"].startswith("text/html"):
            continue
        for form in filled(page.content.decode()):
            for what, typed in posts(form):
                try:
                    status = str(admin_client.post(url, typed).status_code)
                except Exception as error:
                    status = f"{type(error).__name__}: {error}"
                counts[url] = counts.get(url, 0) + 1
                if status not in {"200", "302", "403", "405", "422"}:
                    wrong.append(f"{url} {what}: {status}")
    with capsys.disabled():
        sys.stdout.write(f"\n{sum(counts.values())} requests to {len(counts)} forms\n")
    assert wrong == []
    assert len(counts) > 12


def test_a_search_of_a_thousand_words_is_one_of_twenty(rows, admin_client, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        page = admin_client.get("/admin/submissions/change/", {"q": "a b c d " * 400})
    assert page.status_code == 200
    assert "A search takes 20 words" in page.content.decode()


def test_a_table_of_a_million_rows_is_one_of_a_hundred(rows, admin_client):
    """Which a request can ask for: each would be drawn again, with its error."""
    (form,) = filled(admin_client.get("/admin/themes/consultation/add/").content.decode())
    answer = admin_client.post("/admin/themes/consultation/add/", {**form, "themes-TOTAL_FORMS": "1000000"})
    assert answer.status_code == 200
    assert answer.content.decode().count('class="form-row') < 250
