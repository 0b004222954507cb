"""Questions to the database of a started stack."""

from typing import Any

from tests.stack import Stack


def rows(stack: Stack, expression: str) -> Any:
    """What an expression over the models gives: `Submission`, `Mail`, `database_now` … are at hand."""
    return stack.ask(expression)
