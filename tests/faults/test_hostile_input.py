"""Whatever is posted: an answer in words, the text kept, never a 500, nothing half stored."""

import pytest

from submissions.models import Draft, DraftContribution, Submission
from submissions.text.content import MAX_DRAFT_THEME_CHARACTERS
from tests.visitor import ANSWERS, HOME, ready_to_send

pytestmark = pytest.mark.django_db(transaction=True)
URL = f"{HOME}themes/1/"
FORM = "application/x-www-form-urlencoded"


def stored() -> list[str]:
    return list(DraftContribution.objects.values_list("text", flat=True))


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"text=a%00b", None),
        (b"text=%ED%A0%80", "\ufffd\ufffd\ufffd"),  # a lone surrogate
        (b"text=%C0%AF", "\ufffd\ufffd"),  # an overlong slash
        (b"text=%FF%FE", "\ufffd\ufffd"),
        (b"text=\xff", "ÿ"),
        (b"text=%F0%9F%8C%8D", "🌍"),
        (b"text=%E2%80%AE%D9%85", "\u202eم"),
    ],
)
def test_bytes_that_are_no_text(client, consultation, body, kept):
    response = client.post(URL, body, content_type=FORM)
    assert response.status_code == (200 if kept is None else 303)
    assert stored() == ([] if kept is None else [kept])
    if kept is None:
        assert "Null characters are not allowed" in response.content.decode()


def test_crlf_at_the_exact_limit(client, consultation):
    """A browser sends two bytes for a line's end; the limit counts one character, and so does the store."""
    just_fits = "x\r\n" * (MAX_DRAFT_THEME_CHARACTERS // 2)
    assert client.post(URL, {"text": just_fits}).status_code == 303
    assert stored() == ["x\n" * (MAX_DRAFT_THEME_CHARACTERS // 2)]
    response = client.post(URL, {"text": just_fits + "y"})
    assert response.status_code == 200
    assert "100001 characters" in response.content.decode()
    assert stored() == ["x\n" * (MAX_DRAFT_THEME_CHARACTERS // 2)]


def test_two_megabytes_come_back_whole(client, consultation):
    text = "ä" * 1_000_000
    response = client.post(URL, {"text": text})
    assert response.status_code == 200
    assert text in response.content.decode()
    assert stored() == []


def test_far_too_much_and_far_too_many_are_told_in_words(client, consultation):
    too_many_characters = client.post(URL, {"text": "x" * 9_000_000})
    too_many = client.post(URL, {f"field{n}": "x" for n in range(1_001)})
    for response in (too_many_characters, too_many):
        assert response.status_code == 400
        assert "This request could not be read" in response.content.decode()
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("number", ["0", "16", "99999999999999999999", "-1", "one"])
def test_a_theme_that_is_none(client, consultation, number):
    response = client.post(f"{HOME}themes/{number}/", {"text": "x"})
    assert response.status_code == 404
    assert Draft.objects.count() == 0


def test_fields_that_are_missing_or_doubled(client, consultation):
    assert client.post(URL, {}).status_code == 303
    assert Draft.objects.count() == 0
    assert client.post(URL, b"text=first&text=second", content_type=FORM).status_code == 303
    assert stored() == ["second"]


@pytest.mark.parametrize("key", ["", "x", "0" * 32, "' OR 1=1", "\x00"])
def test_a_key_that_is_none_of_ours_sends_once_at_most(client, consultation, key):
    ready_to_send(client)
    response = client.post(f"{HOME}send/", {"key": key})
    assert response.status_code == 303
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"country": "XX"},
        {"language": "klingon"},
        {"stakeholder_group": "academia-technical"},
        {"submitting_as": ["individual", "coalition"], "organisation": ""},
        {"email": "a@b"},
        {"email": "victim@example.org\r\nBcc: other@example.org"},
        {"contact_name": "x" * 201},
        {"contact_name": "a\x00b"},
        {"has_accepted_privacy": ""},
    ],
)
def test_answers_that_are_none(client, consultation, answers):
    response = client.post(f"{HOME}about-you/", {**ANSWERS, **answers})
    assert response.status_code == 200
    assert "needs you" in response.content.decode() or "need you" in response.content.decode()


def test_a_cookie_that_is_rubbish(client, consultation):
    for rubbish in ("x" * 5_000, "\xff\xfe", "'; DROP TABLE", ""):
        client.cookies[f"draft-{consultation.pk}"] = rubbish
        assert client.get(URL).status_code == 200
