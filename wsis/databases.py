"""How a database is reached, from its address."""

from typing import Any

import dj_database_url


def database(url: str) -> dict[str, Any]:
    """Django's settings of one. What the address asks for, sslmode above all, stays."""
    parsed: dict[str, Any] = {**dj_database_url.parse(url)}
    return {
        "USER": "",
        **parsed,
        # A late sending is refused at COMMIT, and submissions/sending/submit.py has to see that.
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **parsed.get("OPTIONS", {})},
    }
