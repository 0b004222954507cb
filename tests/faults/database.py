"""Questions to the database of a started stack."""

import json

from tests.stack import Stack


def rows(stack: Stack, expression: str):
    """What an expression over the models gives, asked in a process of its own: `Submission`, `Mail` … are imported."""
    code = (
        "import json; from submissions.models import *; from themes.models import *;"
        "from themes.intake import database_now;"
        f"print(json.dumps({expression}, default=str))"
    )
    return json.loads(stack.manage("shell", "--no-imports", "-c", code))
