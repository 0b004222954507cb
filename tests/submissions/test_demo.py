from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from submissions.models import Contribution, Mail, Submission
from tests.factories import send
from themes.models import Consultation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.usefixtures("owner")
def test_a_few_hundred_believable_ones(seeded):
    call_command("demo", count=120)
    submissions = Submission.objects.all()
    assert submissions.count() == 120
    assert Mail.objects.count() == 0
    assert {s.language for s in submissions} >= {"en", "fr", "es", "ar", "zh", "ru"}
    assert len({s.stakeholder_group for s in submissions}) == 7
    assert len({s.country for s in submissions}) > 20
    days = {s.received_at.date() for s in submissions}
    assert len(days) > 10
    assert max(s.received_at for s in submissions) - min(s.received_at for s in submissions) < timedelta(days=25)
    assert set(Contribution.objects.values_list("theme__number", flat=True)) == set(range(1, 16))
    assert {s.email.rpartition("@")[2] for s in submissions} == {"example.org"}
    assert not Contribution.objects.filter(text__contains="{").exists()


def test_never_beside_real_ones_and_never_after_the_cutoff(seeded):
    send(seeded, email="somebody@real.example")
    with pytest.raises(CommandError, match="1 submissions that are not made up"):
        call_command("demo", count=1)
    Consultation.objects.update(closes_at=seeded.opens_at + timedelta(days=1))
    with pytest.raises(CommandError, match="is not open"):
        call_command("demo", count=1)
    with pytest.raises(CommandError, match="There is no consultation"):
        call_command("demo", count=1, consultation="nowhere")
    assert Submission.objects.count() == 1
