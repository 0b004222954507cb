"""What nobody may choose for the workspace, and what anybody may."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


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
