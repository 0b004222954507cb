"""Time stamps (RFC 3161), by two authorities that are run here with OpenSSL and asked over HTTP."""

import http.server
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from publication.models import RegisterCheckpoint, RegisterStamp
from publication.register import stamps
from publication.register.log import append_and_sign
from publication.register.stamps import stamp_due
from tests.factories import move_cutoff_behind_now, send
from tests.visitor import HOME
from themes import cutoff_changes
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = service
[service]
dir = .
serial = serial
signer_cert = leaf.pem
signer_key = leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
"""


def openssl(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@dataclass
class Authority:
    """A time stamping authority with a root of its own; `changed` may spoil what it answers."""

    folder: Path
    changed: Callable[[bytes, bytes], bytes] = lambda question, answer: answer
    status: int = 200
    drips: bool = False
    asked: list[bytes] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir()
        (self.folder / "openssl.cnf").write_text(CONFIG.format(name=self.folder.name))
        (self.folder / "serial").write_text("01")
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", "openssl.cnf")
        openssl(self.folder, "req", "-x509", *new, "-extensions", "root", "-keyout", "root.key", "-out", "root.pem")
        openssl(self.folder, "req", *new, "-keyout", "leaf.key", "-out", "leaf.csr")
        signed = ("-CA", "root.pem", "-CAkey", "root.key", "-extfile", "openssl.cnf", "-extensions", "leaf")
        openssl(self.folder, "x509", "-req", "-in", "leaf.csr", *signed, "-set_serial", "7", "-out", "leaf.pem")

    def answer(self, question: bytes) -> bytes:
        self.asked.append(question)
        (self.folder / "question.tsq").write_bytes(question)
        asked = ("-config", "openssl.cnf", "-queryfile", "question.tsq", "-section", "service")
        return self.changed(question, openssl(self.folder, "ts", "-reply", *asked))

    def serve(self) -> http.server.ThreadingHTTPServer:
        authority = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.headers["Content-Type"] == "application/timestamp-query"
                content = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(authority.status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                for piece in [content[n : n + 1] for n in range(len(content))] if authority.drips else [content]:
                    try:
                        self.wfile.write(piece)
                    except OSError:
                        return  # whoever asked has had enough
                    time.sleep(0.05 if authority.drips else 0)

            def log_message(self, *arguments: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/"
        return server


@pytest.fixture
def authorities(tmp_path, settings) -> Iterator[list[Authority]]:
    both = [Authority(tmp_path / name) for name in ("First", "Second")]
    servers = [one.serve() for one in both]
    (tmp_path / "roots.pem").write_bytes(b"".join((one.folder / "root.pem").read_bytes() for one in both))
    settings.TIMESTAMP_ROOTS = str(tmp_path / "roots.pem")
    settings.TIMESTAMP_AUTHORITIES = [one.url for one in both]
    yield both
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def closed(consultation, settings) -> RegisterCheckpoint:
    settings.REGISTER_KEY = "a secret of the register, for tests"
    send(consultation, {1: "A text."})
    append_and_sign()
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    append_and_sign()
    return RegisterCheckpoint.objects.get(closed_at__isnull=False)


def due_again() -> None:
    RegisterStamp.objects.update(due_at=database_now())


def test_each_authority_stamps_a_closing_once_and_anybody_checks_it(authorities, closed, client, tmp_path):
    assert (stamp_due(), stamp_due()) == (2, 0)
    assert [len(one.asked) for one in authorities] == [1, 1]
    page = client.get(f"{HOME}register/").content.decode()
    (tmp_path / "checkpoint").write_bytes(client.get(f"{HOME}register/checkpoint/1").content)
    for stamp, authority in zip(RegisterStamp.objects.order_by("pk"), authorities, strict=True):
        assert (stamp.authority, stamp.last_error) == (authority.url, "")
        assert stamp.stamped_at is not None
        assert abs((stamp.stamped_at - database_now()).total_seconds()) < 120
        address = f"{HOME}register/stamps/{stamp.pk}.tsr"
        assert address in page
        (tmp_path / "stamp.tsr").write_bytes(client.get(address).content)
        # With OpenSSL alone, as the page says; and for no other checkpoint.
        checked = (
            "ts",
            "-verify",
            "-data",
            "checkpoint",
            "-in",
            "stamp.tsr",
            "-CAfile",
            f"{authority.folder.name}/root.pem",
        )
        openssl(tmp_path, *checked)
        whole = (tmp_path / "checkpoint").read_bytes()
        (tmp_path / "checkpoint").write_bytes(whole.replace(b"\n1\n", b"\n2\n"))
        done = subprocess.run(["openssl", *checked], cwd=tmp_path, capture_output=True, check=False, timeout=60)
        assert done.returncode != 0
        (tmp_path / "checkpoint").write_bytes(whole)
    assert client.get(f"{HOME}register/stamps/999999.tsr").status_code == 404


def test_one_that_does_not_answer_is_asked_again_and_holds_up_no_other(authorities, closed):
    first, _second = authorities
    first.status = 503
    assert stamp_due() == 1
    waiting = RegisterStamp.objects.get(response=None)
    assert (waiting.attempts, waiting.last_error) == (1, "StampRefused: It answered 503.")
    assert stamp_due() == 0
    first.status = 200
    due_again()
    assert stamp_due() == 1
    assert [len(one.asked) for one in authorities] == [2, 1]
    assert not RegisterStamp.objects.filter(response=None).exists()


def test_after_two_days_of_trying_it_is_given_up(authorities, closed, monkeypatch):
    monkeypatch.setattr(stamps, "MAX_ATTEMPTS", 2)
    for one in authorities:
        one.status = 500
    for _attempt in range(4):
        stamp_due()
        due_again()
    assert [len(one.asked) for one in authorities] == [2, 2]


@pytest.mark.parametrize("what", ["another question", "a changed byte", "junk", "too large", "nobody vouches for it"])
def test_an_answer_that_is_no_stamp_of_this_is_not_kept(authorities, closed, settings, what):
    first, second = authorities
    settings.TIMESTAMP_AUTHORITIES = [first.url]

    def changed(question: bytes, answer: bytes) -> bytes:
        if what == "another question":
            (first.folder / "other").write_bytes(b"Something else.")
            (first.folder / "question.tsq").write_bytes(
                openssl(first.folder, "ts", "-query", "-data", "other", "-sha256", "-cert")
            )
            asked = ("-config", "openssl.cnf", "-queryfile", "question.tsq", "-section", "service")
            return openssl(first.folder, "ts", "-reply", *asked)
        if what == "a changed byte":
            return answer[:-5] + bytes([answer[-5] ^ 1]) + answer[-4:]
        return {"junk": b"<html>", "too large": b"x" * 200_000}.get(what, answer)

    first.changed = changed
    if what == "nobody vouches for it":
        settings.TIMESTAMP_ROOTS = str(second.folder / "root.pem")
    assert stamp_due() == 0
    stamp = RegisterStamp.objects.get()
    assert (stamp.response, stamp.stamped_at) == (None, None)
    assert stamp.last_error
    # The same authority's own answer is.
    first.changed, settings.TIMESTAMP_ROOTS = (lambda question, answer: answer), str(first.folder / "root.pem")
    due_again()
    assert stamp_due() == 1


def test_one_that_sends_a_byte_at_a_time_is_not_waited_for(authorities, closed, settings, monkeypatch):
    first, _second = authorities
    first.drips = True
    settings.TIMESTAMP_AUTHORITIES = [first.url]
    monkeypatch.setattr(stamps, "ANSWER_SECONDS", 0.3)
    began = time.monotonic()
    assert stamp_due() == 0
    assert time.monotonic() - began < 10
    assert RegisterStamp.objects.get().last_error == "StampRefused: Its answer takes too long."


def test_off_unless_it_is_wanted(closed, client):
    assert stamp_due() == 0
    assert not RegisterStamp.objects.exists()
    assert b".tsr" not in client.get(f"{HOME}register/").content
