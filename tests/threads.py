"""Several at once, each in a thread of its own."""

import threading
from collections.abc import Callable


def at_once(*calls: Callable[[], object]) -> None:
    """Begins all of them, and waits until the last one has ended."""
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
