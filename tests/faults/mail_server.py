"""A mail server that counts what it gets, and can refuse or stall."""

import threading
from email.message import EmailMessage


class MailServer:
    """A mail server of ours, that counts, and can be told to refuse or to dawdle."""

    def __init__(self) -> None:
        self.port = 0
        self.got: list[tuple[str, str]] = []
        self.contents: list[bytes] = []
        self.messages: list[EmailMessage] = []
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
        import email.policy

        self.entered.set()
        while not self.pause.is_set():
            await asyncio.sleep(0.05)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.contents.append(envelope.content)
        self.messages.append(message)
        self.got.append((envelope.rcpt_tos[0], message["Message-ID"]))
        return "250 OK"
