"""The secretariat's workspace, one file for each thing that is done there. None of them holds a draft."""

from submissions.admin import (
    audit_log,
    campaigns,
    contributions,
    double_coding,
    exports,
    late_access,
    mail,
    records,
    rounds,
    submissions,
    tags,
)

__all__ = [
    "audit_log",
    "campaigns",
    "contributions",
    "double_coding",
    "exports",
    "late_access",
    "mail",
    "records",
    "rounds",
    "submissions",
    "tags",
]
