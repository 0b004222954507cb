"""The consultation's lock: an advisory lock of PostgreSQL, held to the end of the transaction.

Every sending takes it shared, in the database, at COMMIT (migrations/sql/). Whoever closes a consultation or moves
its cutoff takes it exclusively, here. So when a closing commits, no earlier sending is still on its way.
"""

from django.db import connection

# The first half of the lock's two-part key: "WSIS" in ASCII. The second half is the consultation's id.
LOCK_SPACE = 0x57534953


def lock_exclusively(consultation_id: int) -> None:
    """Waits for the sendings that are committing, and holds off new ones until this transaction ends."""
    if not connection.in_atomic_block:
        raise RuntimeError("The lock lasts as long as the transaction, and there is none.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, consultation_id])
