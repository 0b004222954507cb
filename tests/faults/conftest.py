import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.faults.mail_server import MailServer
from tests.stack import Stack, free_port


@pytest.fixture
def post() -> Iterator[MailServer]:
    handler = MailServer()
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
        stack.discard()


@pytest.fixture
def small_disk():
    """A file system of 220 MB in memory. Mounting takes root; where that is not allowed, the test says so."""
    folder = Path(tempfile.mkdtemp(prefix="wsis-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=220m,mode=755", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        shutil.rmtree(folder)
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    shutil.rmtree(folder)
