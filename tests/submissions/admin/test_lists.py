"""Every list of the workspace costs as many queries with 3,000 rows as with 3."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.filling import fill
from submissions.models import (
    Admission,
    Campaign,
    Change,
    ContactView,
    Contribution,
    Export,
    Flag,
    LateAccess,
    LateAttempt,
    Mail,
    Record,
    Review,
    Submission,
    Tag,
)
from tests.factories import make_consultation
from tests.roles import as_owner
from themes.intake import database_now
from themes.models import Consultation, Theme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def fill_workspace(count: int, first: int) -> None:
    """Adds `count` rows to every list; `first` keeps what must be unique apart."""
    consultation, user, now = (
        Consultation.objects.order_by("pk")[0],
        get_user_model().objects.get(username="admin"),
        database_now(),
    )
    numbers = range(first, first + count)
    fill(count, themes=1, final=False)
    sent = list(Submission.objects.order_by("-pk")[:count])
    tag = Tag.objects.get_or_create(consultation=consultation, name="Common")[0]
    reviews = Review.objects.bulk_create(
        Review(consultation=consultation, reference=one.reference, state="in-review", assignee=user, changed_by=user)
        for one in sent
    )
    Review.tags.through.objects.bulk_create(Review.tags.through(review=one, tag=tag) for one in reviews)
    Flag.objects.bulk_create(Flag(consultation=consultation, reference=one.reference, kind="short") for one in sent)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE submissions_admission DISABLE TRIGGER USER")
        Admission.objects.bulk_create(
            Admission(submission=one, way="paper", reason="x", entered_by=user) for one in sent
        )
        cursor.execute("ALTER TABLE submissions_admission ENABLE TRIGGER USER")
    texts = Contribution.objects.filter(submission__in=sent)
    Campaign.objects.bulk_create(
        Campaign(
            consultation=consultation,
            group=one.pk,
            **dict.fromkeys(("submissions", "texts", "organisations", "countries"), 2),
            first_at=now,
            last_at=now,
        )
        for one in texts
    )
    Mail.objects.bulk_create(
        Mail(
            submission=one,
            recipient=one.email,
            subject="s",
            body="b",
            message_id=f"<{one.pk}@x>",
            queued_at=now,
            due_at=now,
        )
        for one in sent
    )
    Tag.objects.bulk_create(Tag(consultation=consultation, name=f"Tag {n}") for n in numbers)
    LateAttempt.objects.bulk_create(
        LateAttempt(consultation=consultation, arrived_at=now, byte_count=1, sha256="0") for _n in numbers
    )
    LateAccess.objects.bulk_create(
        LateAccess(consultation=consultation, for_whom="x", reason="x", expires_at=now, given_by=user) for _n in numbers
    )
    ContactView.objects.bulk_create(ContactView(seen_by=user, where="page", what="x", people=1) for _n in numbers)
    Export.objects.bulk_create(
        Export(consultation=consultation, requested_by=user, state="cancelled") for _n in numbers
    )
    Record.objects.bulk_create(
        Record(consultation=consultation, closed_at=now - timedelta(seconds=n), due_at=now) for n in numbers
    )
    Theme.objects.bulk_create(
        Theme(consultation=one, number=1, title_en="x")
        for one in (
            make_consultation(opens_at=now, closes_at=now + timedelta(1), slug=f"c{n}", themes=0)
            for n in range(first, first + min(count, 60))
        )
    )
    get_user_model().objects.bulk_create(get_user_model()(username=f"user-{n}") for n in numbers)
    Group.objects.bulk_create(Group(name=f"Group {n}") for n in numbers)


def lists() -> dict[str, str]:
    return {
        model._meta.label: f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry
    } | {"reading": "/admin/submissions/contribution/reading/"}


def costs(client) -> dict[str, int]:
    found = {}
    for name, url in lists().items():
        cache.clear()
        client.get(url)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200, name
        found[name] = len(captured)
    return found


@pytest.mark.timeout(900)
def test_every_list_costs_the_same_with_three_rows_and_three_thousand(admin_client, consultation):
    with as_owner():
        fill_workspace(3, first=0)
    few = costs(admin_client)
    with as_owner():
        fill_workspace(2997, first=3)
    assert Submission.objects.count() == 3000
    assert Change.objects.count() > 3000
    assert costs(admin_client) == few
    assert len(few) > 14
    # Each is a handful: what is filtered by asks the database for its choices.
    assert {name: n for name, n in few.items() if n > 30} == {}
