"""Near-identical texts: the likeness of two, and a labelled flood found in one group by the sweep."""

import pytest

from bench import flood
from submissions.models import Band, Campaign, Fingerprint, Flag
from submissions.queries import figures
from submissions.review.flags import minhash, near_duplicates, sweep
from submissions.review.flags.sweep import raise_flags
from submissions.sending.withdraw import withdraw
from tests.factories import ARABIC, CHINESE, make_consultation, send
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FLOOD = 800  # bench/flood.py does the same with 5,000
LETTER = (
    "We call on the co-facilitators to keep the network open and affordable. Every village needs a library with a "
    "link. No shutdown is acceptable. Funds must last longer than one year, and data must be published for everyone."
)


def signature(text: str) -> bytes:
    built = minhash.signature_of(text)
    assert built is not None
    return built


def like(one: str, other: str) -> float:
    return minhash.likeness(signature(one), signature(other))


def test_likeness_of_the_same_the_changed_and_another():
    moved = ". ".join(reversed(LETTER.rstrip(".").split(". "))) + "."
    assert like(LETTER, LETTER) == 1
    assert like(LETTER, LETTER.upper().replace(",", " –")) == 1
    assert like(LETTER, moved) > 0.6
    assert like(LETTER, LETTER.replace("village", "town").replace("acceptable", "right")) > minhash.ALIKE
    assert like(LETTER, flood.labelled(0, 1)[0].text) < 0.2


def test_scripts_without_blanks_are_compared_too():
    longer = CHINESE + "我们还建议每年公布一份报告，说明资金去向。"
    assert like(longer, longer.replace("建议", "提议")) > minhash.ALIKE
    assert like(longer, "衡量进展应看有意义的连通性，而不仅是网络覆盖，还应看价格、速度、设备与技能。") < 0.1
    assert like(ARABIC, ARABIC.replace("عام", "سنة")) > minhash.ALIKE


@pytest.mark.parametrize("text", ["", "We agree.", "a b c d e f g h i j k"])
def test_a_text_too_short_has_no_signature(text):
    assert minhash.signature_of(text) is None


def test_what_is_not_to_be_compared_shares_no_band():
    bands = [set(minhash.bands_of(signature(LETTER), among=among)) for among in (1, 2)]
    assert bands[0] & bands[1] == set()
    assert len(bands[0]) == minhash.SIZE // minhash.BAND


def test_a_campaign_is_counted_as_what_it_is(consultation):
    one = send(consultation, {1: LETTER}, organisation="One", country="KE").submission
    two = send(consultation, {2: LETTER}, organisation="Two", country="FR").submission
    third = send(consultation, {1: LETTER + " Thank you."}, organisation="One ", country="KE").submission
    send(consultation, {1: "Something else altogether, of twelve words or more, which nobody has copied from them."})
    raise_flags()
    campaign = Campaign.objects.get()
    assert (campaign.submissions, campaign.texts, campaign.organisations, campaign.countries) == (3, 2, 2, 2)
    assert Flag.objects.filter(kind="alike").count() == 3
    # A version that replaced another counts once, and one that was withdrawn does not count.
    send(consultation, {1: LETTER + " Thanks."}, organisation="One", amends=one.reference)
    withdraw(third)
    raise_flags()
    campaign = Campaign.objects.get()
    assert (campaign.submissions, campaign.texts) == (2, 2)
    assert set(Flag.objects.filter(kind="alike").values_list("reference", flat=True)) == {
        one.reference,
        two.reference,
    }


def test_step_by_step_changes_become_one_group_also_across_sweeps(consultation):
    first, last, between = (". ".join(flood.PETITION[part]) for part in (slice(0, 7), slice(3, 10), slice(1, 9)))
    assert like(first, last) < minhash.ALIKE
    groups = []
    for text in (first, last, between):
        send(consultation, {1: text})
        near_duplicates.compare_new()
        groups.append(Fingerprint.objects.values("group").distinct().count())
    # What lies between the two made one of what had been groups of their own.
    assert groups == [1, 2, 1]


def test_two_sweeps_at_once_compare_everything_once(consultation):
    for n in range(40):
        send(consultation, {1: f"{LETTER} Number {n}."})
    taken = []

    def sweep():
        taken.append(near_duplicates.compare_new())

    at_once(*[sweep] * 2)
    assert sum(taken) == 40
    assert Fingerprint.objects.count() == 40
    assert Fingerprint.objects.values("group").distinct().count() == 1


def test_individuals_are_no_organisation(consultation):
    for number in range(3):
        send(consultation, {1: LETTER}, submitting_as="individual", organisation="", email=f"{number}@example.org")
    raise_flags()
    assert Campaign.objects.values_list("submissions", "organisations").get() == (3, 0)


def test_one_consultation_that_fails_holds_up_no_flag_of_another(consultation, monkeypatch):
    other = make_consultation(opens_at=consultation.opens_at, closes_at=consultation.closes_at, slug="other", themes=1)
    for one in (consultation, other):
        send(one, {1: "Short."})
    original = sweep._sweep

    def broken(one, at):
        if one == consultation:
            raise ValueError("what nobody thought of")
        return original(one, at)

    with monkeypatch.context() as for_now:
        for_now.setattr(sweep, "_sweep", broken)
        raise_flags()
        assert set(Flag.objects.values_list("consultation__slug", flat=True)) == {"other"}
        for_now.setattr(figures, "_counted", lambda one: 1 / 0 if one == consultation else real(one))
        assert figures.count_all() == 1
    raise_flags()
    assert set(Flag.objects.values_list("consultation__slug", flat=True)) == {"other", consultation.slug}


real = figures._counted


def test_a_new_rule_makes_every_fingerprint_anew(consultation, monkeypatch):
    """As after an update: what the rule before it made is compared with nothing, and the groups come out as they do."""
    for text in (LETTER, LETTER + " Thank you.", LETTER.replace("village", "town")):
        send(consultation, {1: text})
    with monkeypatch.context() as earlier:
        earlier.setattr(minhash, "FORM", minhash.FORM - 1)
        earlier.setattr(minhash, "ALIKE", 1.1)  # under which nothing was alike
        raise_flags()
        assert (Campaign.objects.count(), Fingerprint.objects.values("group").distinct().count()) == (0, 3)
        assert near_duplicates.compare_new() == 0
    assert raise_flags() == 3
    assert Campaign.objects.values_list("submissions", "texts").get() == (3, 3)
    assert set(Fingerprint.objects.values_list("form", flat=True)) == {minhash.FORM}
    assert near_duplicates.compare_new() == 0


@pytest.mark.timeout(900)
def test_a_flood_among_as_many_others_is_one_group(consultation):
    labels = flood.store(flood.labelled(FLOOD, FLOOD))
    raise_flags()
    members, of_flood = next(flood.found(labels))
    assert of_flood / members > 0.95
    assert of_flood / FLOOD > 0.95
    assert Campaign.objects.order_by("-submissions")[0].submissions == members
    # Nothing was left over, and a second sweep finds nothing to do.
    assert Fingerprint.objects.count() == 2 * FLOOD
    bands = Band.objects.count()
    assert (near_duplicates.compare_new(), Band.objects.count()) == (0, bands)
