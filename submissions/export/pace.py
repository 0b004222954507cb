"""How fast an export may go: at full speed once intake is closed, and with rests while stakeholders are sending.

What slows a rush is the processor time that the rows take, in PostgreSQL above all, wherever they are read. So the
reader rests: while it does not read, PostgreSQL has nobody to send rows to and rests as well.
"""

from time import monotonic, sleep

RESTS_WHILE_OPEN = 5.0  # for each second of work, seconds of rest; bench/export.py measures what a rush notices
MAX_REST = 1.0  # seconds: a slow moment is no reason for a long one


class Pace:
    def __init__(self, rests: float) -> None:
        self.rests = rests
        self.rested_until = monotonic()

    def __call__(self) -> None:
        """Rests as long as the work since the last call deserves."""
        if self.rests:
            sleep(min((monotonic() - self.rested_until) * self.rests, MAX_REST))
            self.rested_until = monotonic()
