"""What stakeholders wrote never reaches a log."""

import logging

import pytest
from django.db import IntegrityError

from tests.factories import send
from wsis.logs import WithoutRows


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
