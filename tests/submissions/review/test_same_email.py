"""One person who sends twice without a private link: a flag for the secretariat, and never a refusal."""

import pytest

from submissions.models import Flag
from submissions.review.flags.sweep import raise_flags
from submissions.sending.withdraw import withdraw
from tests.factories import send

pytestmark = pytest.mark.django_db(transaction=True)


def flagged() -> set[str]:
    return set(Flag.objects.filter(kind=Flag.Kind.SAME_EMAIL).values_list("reference", flat=True))


def test_the_same_address_in_any_case_is_flagged_and_both_count(consultation):
    one = send(consultation, email="Amina@Example.org").submission
    two = send(consultation, email="amina@example.ORG").submission
    other = send(consultation, email="ekai@example.org").submission
    raise_flags()
    assert flagged() == {one.reference, two.reference}
    assert other.reference not in flagged()
    withdraw(two)
    raise_flags()
    assert flagged() == set()


def test_a_second_version_of_one_submission_is_no_second_one(consultation):
    first = send(consultation).submission
    send(consultation, {1: "Changed."}, amends=first.reference)
    raise_flags()
    assert flagged() == set()
