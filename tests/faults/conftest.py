import json
import threading
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller

from tests.stack import Stack, free_port


class Post:
    """A mail server of ours, that counts, and can be told to refuse or to dawdle."""

    def __init__(self) -> None:
        self.port = 0
        self.got: list[tuple[str, str]] = []
        self.refuses: dict[str, str] = {}
        self.pause = threading.Event()
        self.pause.set()
        self.entered = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        import asyncio
        import email

        self.entered.set()
        while not self.pause.is_set():
            await asyncio.sleep(0.05)
        message = email.message_from_bytes(envelope.content)
        self.got.append((envelope.rcpt_tos[0], message["Message-ID"]))
        return "250 OK"


@pytest.fixture
def post() -> Iterator[Post]:
    handler = Post()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    handler.pause.set()
    controller.stop()


@pytest.fixture
def run() -> Iterator[Callable[..., Stack]]:
    """Starts stacks, and stops and removes them at the end."""
    stacks: list[Stack] = []

    def start(*arguments, **keywords) -> Stack:
        # A folder of its own is one that has something about it, such as a small disk.
        stacks.append(Stack(*arguments, **keywords) if arguments else Stack.ready(**keywords))
        return stacks[-1].start()

    yield start
    for stack in stacks:
        stack.stop()
        stack.remove()


def rows(stack: Stack, expression: str):
    """What an expression over the models gives, asked in a process of its own: `Submission`, `Mail` … are imported."""
    code = (
        "import json; from submissions.models import *; from themes.models import *; from themes import cutoff;"
        f"print(json.dumps({expression}, default=str))"
    )
    return json.loads(stack.manage("shell", "--no-imports", "-c", code))
