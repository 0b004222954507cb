"""A real IMAP server, Dovecot, with one mailbox in a folder of its own."""

import getpass
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.stack import free_port, until

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password=s3cret/word
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""
WITHOUT_ROOT = """
default_internal_user = {me}
default_login_user = {me}
default_internal_group = {group}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""


@dataclass
class ImapServer:
    folder: Path
    port: int
    tls_port: int

    def url(self, scheme: str = "imap", password: str = "s3cret%2Fword") -> str:
        port = self.tls_port if scheme == "imaps" else self.port
        return f"{scheme}://consultation:{password}@127.0.0.1:{port}/INBOX"

    def session(self) -> imaplib.IMAP4:
        session = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        session.login("consultation", "s3cret/word")
        session.select("INBOX")
        return session

    def deliver(self, raw: bytes) -> None:
        with self.session() as session:
            status, _answer = session.append("INBOX", "", "", raw)
            assert status == "OK"

    def flags(self) -> list[set[str]]:
        """Of each mail, in the order in which they came."""
        with self.session() as session:
            _status, found = session.uid("FETCH", "1:*", "(FLAGS)")
            return [
                {flag.decode() for flag in imaplib.ParseFlags(line)} - {r"\Recent"}
                for line in found
                if line is not None
            ]


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *pem))


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    dovecot = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    assert dovecot, "No Dovecot. `make test` installs it when root; else install dovecot-imapd and try again."
    # Its processes run as accounts of their own: they have to get here, and its sockets' paths have to be short.
    folder = Path(tempfile.mkdtemp(prefix="wsis-imap-", dir="/tmp"))
    folder.chmod(0o755)
    is_root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
    for name in ("mail", "home"):
        os.chown(folder / name, owner.pw_uid, owner.pw_gid)
    _write_certificate(folder)
    port, tls_port = free_port(), free_port()
    values = {"folder": folder, "port": port, "tls_port": tls_port, "user": owner.pw_uid, "group": owner.pw_gid}
    text = CONFIGURATION.format(**values)
    if not is_root:
        text += WITHOUT_ROOT.format(**values, me=getpass.getuser())
    (folder / "dovecot.conf").write_text(text)
    server = ImapServer(folder, port, tls_port)
    process = subprocess.Popen([dovecot, "-F", "-c", str(folder / "dovecot.conf")])
    try:
        until(lambda: _answers(server))
        yield server
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder)


def _answers(server: ImapServer) -> bool:
    try:
        server.session().logout()
    except (OSError, imaplib.IMAP4.error):
        return False
    return True
