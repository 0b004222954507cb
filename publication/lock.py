"""What is made of published texts waits for those who are holding something of them back.

Triggers take this lock shared in the transaction that holds something back (migrations/sql/published.sql). Whoever has
had it alone once knows: what was not committed before marks what was made meanwhile.
"""

from django.db import connection, transaction

LOCK_SPACE = 0x5055424C  # "PUBL" in ASCII, beside themes/lock.py's; the second half is the consultation's id
TIMEOUT = "2s"  # then the next sweep tries again: nobody's withdrawal waits behind this one for longer


def lock_version() -> None:
    """Before any text is: whoever holds one back takes the two in this order. To the end of the transaction.

    Raises:
        OperationalError: somebody has it for longer than the worker waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TIMEOUT])
        cursor.execute("SELECT FROM themes_roundversion FOR UPDATE")


def wait_for_holders_back(consultation_id: int) -> None:
    """Until everybody has committed who is holding something back now.

    Raises:
        OperationalError: somebody takes longer than that.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TIMEOUT])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, consultation_id])
