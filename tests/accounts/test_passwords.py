"""What nobody may choose for the workspace, and what anybody may."""

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.passwords import BreachedPasswordValidator


@pytest.mark.parametrize(
    "password",
    [
        *(
            "123456789012",
            "consultation",
            "Consultation2026!",
            "wsis-secretariat-1",
            "adminadminadmin",
            "elementspaper1",
        ),
        *("aaaaaaaaaaaa", "abababababab", "short", "Password.Password", "The.WSIS.Summit"),
    ],
)
def test_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "trois-petits-ânes-gris", "x8#kQ2v!mZp4r", "吃葡萄不吐葡萄皮儿好吗朋友"]
)
def test_taken(password):
    validate_password(password)


def hash_of(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def is_refused(path, password: str) -> bool:
    try:
        BreachedPasswordValidator(str(path)).validate(password)
    except ValidationError as error:
        return bool(error.code == "breached")
    return False


@given(
    leaked=st.sets(st.text(st.characters(exclude_categories=["Cs"])), max_size=60),
    others=st.sets(st.text(st.characters(exclude_categories=["Cs"])), max_size=20),
    end=st.sampled_from(["\r\n", "\n"]),
    last=st.booleans(),
)
def test_each_that_leaked_is_found_and_no_other(tmp_path_factory, leaked, others, end, last):
    path = tmp_path_factory.mktemp("hashes") / "sha1.txt"
    lines = [f"{one}:{n * n}" for n, one in enumerate(sorted(map(hash_of, leaked)))]
    path.write_bytes((end.join(lines) + (end if last else "")).encode())
    assert {one for one in leaked | others if is_refused(path, one)} == leaked


def test_a_file_that_is_away_keeps_nobody_out(tmp_path, caplog):
    assert is_refused(tmp_path / "none", "correct horse battery") is False
    assert "BREACH_LIST was not read: FileNotFoundError" in caplog.text
    assert is_refused("", "password") is False


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\x00" * 5_000, b"x" * 5_000, b"FF" * 3_000 + b"\n"])
def test_a_file_of_something_else_ends_the_search(tmp_path, content):
    (tmp_path / "odd").write_bytes(content)
    assert is_refused(tmp_path / "odd", "correct horse battery") is False
