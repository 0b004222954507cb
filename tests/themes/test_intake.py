"""One table of moments for the three forms of one rule: Python, SQL, and the guard in the database."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection
from django.db.models import DateTimeField, Value
from django.db.models.functions import Cast

from tests.factories import CLOSES_AT, OPENS_AT, make_consultation
from themes import intake
from themes.intake import Intake
from themes.models import Consultation

MICROSECOND = timedelta(microseconds=1)

MOMENTS = [
    pytest.param(OPENS_AT - timedelta(days=400), Intake.UPCOMING, id="long before opening"),
    pytest.param(OPENS_AT - MICROSECOND, Intake.UPCOMING, id="a microsecond before opening"),
    pytest.param(OPENS_AT, Intake.OPEN, id="at the opening"),
    pytest.param(OPENS_AT + MICROSECOND, Intake.OPEN, id="a microsecond after opening"),
    pytest.param(CLOSES_AT - MICROSECOND, Intake.OPEN, id="a microsecond before the cutoff"),
    pytest.param(CLOSES_AT, Intake.CLOSED, id="at the cutoff"),
    pytest.param(CLOSES_AT + MICROSECOND, Intake.CLOSED, id="a microsecond after the deadline"),
    pytest.param(CLOSES_AT + timedelta(days=400), Intake.CLOSED, id="long after the deadline"),
]


def window(closed_at=None):
    return SimpleNamespace(opens_at=OPENS_AT, closes_at=CLOSES_AT, closed_at=closed_at)


@pytest.mark.parametrize(("moment", "state"), MOMENTS)
def test_python_form(moment, state):
    assert intake.intake_at(window(), moment) is state


@pytest.mark.parametrize(("moment", "state"), MOMENTS)
def test_sql_form_agrees(db, moment, state):
    consultation = make_consultation(opens_at=OPENS_AT, closes_at=CLOSES_AT, themes=0)
    text = Cast(Value(moment.isoformat()), DateTimeField())
    found = [s for s in Intake if Consultation.objects.filter(intake.is_in(s, text), pk=consultation.pk).exists()]
    assert found == [state]


@pytest.mark.parametrize(("moment", "state"), MOMENTS)
def test_guard_in_the_database_agrees(db, moment, state):
    """The guard reads PostgreSQL's clock, so the window is moved: as far from now as the table's is from its moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
        shift = now - moment
        consultation = make_consultation(opens_at=OPENS_AT + shift, closes_at=CLOSES_AT + shift, themes=0)
        # Time goes on between the two readings: "a microsecond before the cutoff" cannot be met there.
        if moment == CLOSES_AT - MICROSECOND:
            state = Intake.CLOSED
        cursor.execute("SAVEPOINT before")
        try:
            cursor.execute("SELECT themes_assert_intake_open(%s, %s)", [consultation.pk, now])
            answer = Intake.OPEN
        except Exception as refusal:
            cursor.execute("ROLLBACK TO before")
            answer = {"WS001": Intake.CLOSED, "WS002": Intake.UPCOMING}[refusal.__cause__.sqlstate]
    assert answer is state


@pytest.mark.parametrize("moment", [OPENS_AT - MICROSECOND, OPENS_AT, CLOSES_AT - MICROSECOND])
def test_a_recorded_closing_counts_whatever_the_clock_says(db, moment):
    assert intake.intake_at(window(closed_at=CLOSES_AT), moment) is Intake.CLOSED
    consultation = make_consultation(opens_at=OPENS_AT, closes_at=CLOSES_AT, themes=0)
    Consultation.objects.update(closed_at=CLOSES_AT)
    found = [s for s in Intake if Consultation.objects.filter(intake.is_in(s, moment), pk=consultation.pk).exists()]
    assert found == [Intake.CLOSED]


@pytest.mark.parametrize(
    ("moment", "is_due"),
    [(CLOSES_AT - MICROSECOND, False), (CLOSES_AT, True), (CLOSES_AT + timedelta(days=400), True)],
)
def test_due_has_no_lower_bound(db, moment, is_due):
    make_consultation(opens_at=OPENS_AT, closes_at=CLOSES_AT, themes=0)
    assert Consultation.objects.filter(intake.is_due(moment)).exists() is is_due
    Consultation.objects.update(closed_at=CLOSES_AT)
    assert not Consultation.objects.filter(intake.is_due(moment)).exists()


def test_time_left_and_open_for():
    assert intake.time_left(window(), OPENS_AT - timedelta(hours=2)) == timedelta(hours=2)
    assert intake.time_left(window(), CLOSES_AT - timedelta(hours=3)) == timedelta(hours=3)
    assert intake.time_left(window(), CLOSES_AT + timedelta(hours=3)) == timedelta(0)
    assert intake.open_for(window(), OPENS_AT - timedelta(hours=2)) == timedelta(0)
    assert intake.open_for(window(), OPENS_AT + timedelta(hours=2)) == timedelta(hours=2)
    assert intake.open_for(window(), CLOSES_AT + timedelta(hours=2)) == CLOSES_AT - OPENS_AT


def test_the_window_has_a_length(db):
    with pytest.raises(IntegrityError, match="consultation_opens_before_it_closes"):
        make_consultation(opens_at=CLOSES_AT, closes_at=CLOSES_AT, themes=0)


def test_a_recorded_closing_is_the_cutoff(db):
    make_consultation(opens_at=OPENS_AT, closes_at=CLOSES_AT, themes=0)
    with pytest.raises(IntegrityError, match="consultation_closed_at_its_cutoff"):
        Consultation.objects.update(closed_at=CLOSES_AT + MICROSECOND)
