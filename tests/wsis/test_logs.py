"""What stakeholders wrote never reaches a log."""

import logging

import pytest
from django.db import IntegrityError

from tests.factories import send
from wsis.logs import WithoutRows, printable, without_links


@pytest.mark.django_db(transaction=True)
def test_a_refused_row_is_not_quoted(consultation):
    private = " ".join(["Amina", "Private"])  # not as one literal, which a traceback would quote from this file
    with pytest.raises(IntegrityError) as refusal:
        send(consultation, {1: "A private sentence."}, organisation="", contact_name=private)
    record = logging.LogRecord(
        "x", logging.ERROR, "x", 1, "failed", (), (type(refusal.value), refusal.value, refusal.tb)
    )
    assert private in logging.Formatter().format(record)  # without us it would be
    text = WithoutRows().format(record)
    assert private not in text
    assert "submission_names_its_organisation" in text
    assert "DETAIL: (left out of the log)" in text


def formatted(message: str, error: Exception | None = None) -> str:
    caught = (type(error), error, None) if error else None
    return WithoutRows("%(levelname)s %(message)s").format(
        logging.LogRecord("x", logging.WARNING, "x", 1, message, (), caught)
    )


def test_a_record_is_one_line_that_no_terminal_obeys():
    """The probe: an address with %0a and ESC in it."""
    forged = "Not Found: /x\n2026-07-15 00:00:00 ERROR forged\r\x1b[2J\u2028\u202e"
    assert formatted(forged) == ("WARNING Not Found: /x\\n2026-07-15 00:00:00 ERROR forged\\r\\x1b[2J\\u2028\\u202e")
    assert printable("É 大学 جامعة") == "É 大学 جامعة"


def test_what_an_error_says_is_no_record_of_its_own():
    text = formatted("failed", ValueError("a\n2026-07-15 00:00:00 ERROR forged\x1b[2J"))
    first, *more = text.split("\n")
    assert first == "WARNING failed"
    assert all(line.startswith("  | ") for line in more)
    assert "\x1b" not in text


@pytest.mark.parametrize("door", ["late", "confirm"])
def test_no_link_that_opens_something_is_in_a_log(door):
    assert without_links(f"GET /elements-paper/{door}/7.secret-token/ 200") == f"GET /elements-paper/{door}/…/ 200"
    assert "secret-token" not in formatted(f"Not Found: /elements-paper/{door}/7.secret-token/")
