"""A mail server that counts what it gets, and can refuse or stall."""

import threading


class MailServer:
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
