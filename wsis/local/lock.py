"""The lock of a local folder: one stack at a time runs in it. It says who holds it and, once it answers, where."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

PATIENCE = 40.0  # seconds in which another stack ends, or comes up and says where it is


class Held(Exception):
    """Another process holds the lock.

    Attributes:
        pid: its process.
        address: where it answers; empty while it is starting or stopping.
    """

    def __init__(self, pid: str, address: str) -> None:
        super().__init__(pid, address)
        self.pid = pid
        self.address = address


class FolderLock:
    """Process id and address stand in the locked file itself, so that neither outlives its holder unnoticed."""

    def __init__(self, file: Path) -> None:
        self.path = file
        self._file: TextIO | None = None

    def take(self, *, on_wait: Callable[[str], None], patience: float = PATIENCE) -> None:
        """Takes the lock, waiting for a holder that is on its way out.

        Args:
            on_wait: called once with the holder's process id when there is one to wait for.

        Raises:
            Held: the holder answers somewhere, or has neither answered nor ended within `patience` seconds.
        """
        file = self.path.open("a+")
        give_up_at, is_announced = time.monotonic() + patience, False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pid, address = self._read(file)
                if address or time.monotonic() > give_up_at:
                    file.close()
                    raise Held(pid, address) from None
                if pid and not is_announced:
                    on_wait(pid)
                    is_announced = True
                time.sleep(0.5)
            else:
                self._file = file
                self.write("")
                return

    def write(self, address: str) -> None:
        """Puts the holder's address there for others; empty while it does not answer."""
        if self._file is None:
            raise RuntimeError("The lock is not held.")
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"{os.getpid()}\n{address}")
        self._file.flush()

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    @staticmethod
    def _read(file: TextIO) -> tuple[str, str]:
        file.seek(0)
        pid, _, address = file.read().partition("\n")
        return pid.strip(), address.strip()
