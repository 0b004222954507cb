"""Sends mail by SMTP, also to addresses with other letters than a to z before the @ (RFC 6531, "SMTPUTF8")."""

import email
import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from typing import Any

from django.core.mail.backends import smtp
from django.utils.encoding import punycode


class EmailBackend(smtp.EmailBackend):
    def _send(self, email_message: Any) -> bool:
        recipients = email_message.recipients()
        if all(address.rpartition("@")[0].isascii() for address in recipients):
            return bool(super()._send(email_message))  # type: ignore[misc]
        # Django writes such an address as an encoded word, which is another mailbox.
        to = [_address(address) for address in recipients]
        message = email.message_from_bytes(email_message.message().as_bytes(), _class=EmailMessage, policy=SMTPUTF8)
        del message["To"]
        message["To"] = to
        try:
            # Of a server that does not take it: SMTPNotSupportedError.
            self.connection.send_message(message, to_addrs=[address.addr_spec for address in to])  # type: ignore[union-attr]
        except smtplib.SMTPException:
            if not self.fail_silently:
                raise
            return False
        return True


def _address(text: str) -> Address:
    """Its domain in ASCII, as name servers know it."""
    name, _at, domain = text.rpartition("@")
    return Address(username=name, domain=punycode(domain))
