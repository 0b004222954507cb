"""What binds a sending to its words: made with it, opened part by part, final, and forgotten with what is erased."""

import hashlib
import json

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from submissions.export.commitments import Checked, CommitmentBroken, check_commitments
from submissions.models import Commitment, Submission
from submissions.text.canonical import canonical_parts
from submissions.text.commitment import FORGOTTEN, commit, digest_of
from submissions.text.content import Content, ProposedWording
from tests.factories import FIRST, contents, make_respondent, send
from tests.roles import owner_connection

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = (ProposedWording("12", "Shall", "Because"),)
TEXTS: dict[int, str | Content] = {3: Content("On three.", ROWS, "none"), 1: "On one: مكتبة 图书馆", 15: "On fifteen."}


@pytest.fixture
def sent(consultation) -> Submission:
    return send(consultation, TEXTS).submission


def test_it_is_made_with_the_sending_and_anybody_can_recompute_it(sent):
    """By the words of the proof's own file, with nothing of ours."""
    commitment = Commitment.objects.get(submission=sent)
    parts = canonical_parts(sent.answers(), sent.contents)
    assert [json.loads(part) for part in parts[:2]] == [
        {"respondent": sent.answers()},
        {"contribution": {"text": "On one: مكتبة 图书馆", "theme": 1}},
    ]
    salts, digests = bytes(commitment.salts), bytes(commitment.digests)
    assert (len(salts), len(digests), len(parts)) == (4 * 32, 4 * 32, 4)
    assert len({salts[at : at + 32] for at in range(0, 128, 32)}) == 4
    by_hand = b"".join(hashlib.sha256(salts[32 * n : 32 * n + 32] + part).digest() for n, part in enumerate(parts))
    assert by_hand == digests
    assert bytes(commitment.value) == hashlib.sha256(digests).digest()
    assert commitment.form == 1


def test_the_same_words_are_bound_by_other_salts(consultation):
    send(consultation, {1: "The same."})
    send(consultation, {1: "The same."})
    one, other = Commitment.objects.values_list("digests", "value")
    assert not {bytes(one[0])[at : at + 32] for at in (0, 32)} & {bytes(other[0])[at : at + 32] for at in (0, 32)}
    assert one[1] != other[1]


@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 1), st.integers(0, 255))
def test_one_flipped_bit_is_refused(text, other, part, at):
    """In a text, a salt, a digest, or their order."""
    answers = make_respondent().answers()
    parts = [b"respondent", text.encode()]
    committed = commit(answers, {})
    salts = committed.salts * 2
    digests = b"".join(digest_of(salts[n * 32 : n * 32 + 32], one) for n, one in enumerate(parts))
    whole = type(committed)(salts, digests)
    assert whole.binds(parts)

    def flipped(data: bytes) -> bytes:
        place = 32 * part + at // 8
        return data[:place] + bytes([data[place] ^ (1 << at % 8)]) + data[place + 1 :]

    assert not type(committed)(flipped(salts), digests).binds(parts)
    assert not type(committed)(salts, flipped(digests)).binds(parts)
    assert not whole.binds(parts[::-1])
    assert whole.binds([parts[0], other.encode()]) is (other == text)
    assert not whole.binds(parts[:1])


def test_it_is_final_and_over_its_digests(sent):
    with pytest.raises((InternalError, ProgrammingError)):
        Commitment.objects.update(value=b"x")
    with pytest.raises((InternalError, ProgrammingError)):
        Commitment.objects.all().delete()
    for column in ("value", "salts"):
        with pytest.raises(IntegrityError, match="commitment_"), transaction.atomic(), connection.cursor() as cursor:
            columns = {name: name for name in ("salts", "digests", "value")} | {column: "'\\x00'::bytea"}
            cursor.execute(
                f"INSERT INTO submissions_commitment (submission_id, form, salts, digests, value)"
                f" SELECT -1, form, {', '.join(columns.values())} FROM submissions_commitment"
            )


def test_a_changed_word_is_found(consultation, sent):
    send(consultation, {2: FIRST})
    assert check_commitments(consultation) == Checked(whole=2)
    with owner_connection() as owner:
        owner.execute("ALTER TABLE submissions_contribution DISABLE TRIGGER USER")
        owner.execute("UPDATE submissions_contribution SET text = 'On fifteen!' WHERE text = 'On fifteen.'")
        owner.execute("ALTER TABLE submissions_contribution ENABLE TRIGGER USER")
    with pytest.raises(CommitmentBroken, match=sent.reference):
        check_commitments(consultation)


@pytest.mark.parametrize(("what", "left"), [("contacts", [False, True, True, True]), ("texts", [False] * 4)])
def test_what_is_erased_cannot_be_guessed_at(consultation, sent, what, left):
    before = Commitment.objects.get().committed
    with owner_connection() as owner:
        owner.execute("SELECT submissions_erase(ARRAY[%s], %s, 'request')", [sent.reference, what])
    after = Commitment.objects.get().committed
    assert (after.digests, after.value) == (before.digests, before.value)
    assert [salt is not None for salt, _digest in after.opened] == left
    assert after.salts[:32] == FORGOTTEN
    assert check_commitments(consultation) == Checked(erased=1)


def test_an_earlier_sending_has_none(consultation, sent):
    send(consultation, {2: "x"})
    with owner_connection() as owner:
        owner.execute("ALTER TABLE submissions_commitment DISABLE TRIGGER USER")
        owner.execute("DELETE FROM submissions_commitment WHERE submission_id = %s", [sent.pk])
        owner.execute("ALTER TABLE submissions_commitment ENABLE TRIGGER USER")
    assert check_commitments(consultation) == Checked(whole=1, unbound=1)


def test_contents_in_any_order_are_bound_alike(consultation):
    one, other = contents(consultation, {1: "a", 2: "b"}), contents(consultation, {2: "b", 1: "a"})
    answers = make_respondent().answers()
    assert canonical_parts(answers, one) == canonical_parts(answers, other)
