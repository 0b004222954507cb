"""What is away, silent, full or slow: Redis, the mail server, PostgreSQL, its disk."""

import os
import signal
import time

import psutil
import psycopg
import pytest
import redis

from tests.faults.client import Answer, Stakeholder
from tests.faults.database import rows
from tests.stack import Stack, until

pytestmark = pytest.mark.timeout(900)

# Not a measurement: `.delay()` in a request was seen to take 40 s with a silent Redis.
PATIENCE = 20.0


def send_one(stack: Stack, name: str) -> Stakeholder:
    one = Stakeholder(stack.port, name)
    key = one.ready(f"Text of {name}.")
    answer = one.send(key, timeout=PATIENCE)
    assert answer.status == 303, answer.page
    return one


@pytest.fixture(scope="module")
def lasting():
    """One for the tests after which it goes on."""
    with Stack.ready() as started:
        yield started


def children_of(pid: int) -> list[int]:
    """The worker's processes, once they are all there."""
    found = [child.pid for child in psutil.Process(pid).children()]
    return found if len(found) == 3 else []


def test_redis_silent_refusing_flushed_and_back(run, post):
    """Nobody who sends notices; and the Celery that is pinned outlives it in the middle of a task."""
    stack = run(EMAIL_URL=f"smtp://127.0.0.1:{post.port}")
    pids = stack.processes()
    worker_children = until(lambda: children_of(pids["worker"]))
    # A task is under way: the worker is talking to a mail server that takes its time.
    post.pause.clear()
    send_one(stack, "before")
    until(post.entered.is_set, "no mail under way")
    os.kill(pids["valkey"], signal.SIGSTOP)
    send_one(stack, "silent")
    time.sleep(3)
    os.kill(pids["valkey"], signal.SIGCONT)
    send_one(stack, "back")
    os.kill(pids["valkey"], signal.SIGKILL)
    send_one(stack, "refusing")
    post.pause.set()
    until(lambda: stack.processes()["valkey"] != pids["valkey"])
    socket = (stack.folder / "run" / "sockets").read_text().strip() + "/valkey.sock"
    redis.Redis(unix_socket_path=socket).flushall()
    send_one(stack, "flushed")
    until(lambda: rows(stack, "Mail.objects.filter(sent_at=None).count()") == 0, "mails are left")
    assert sorted(to for to, _id in post.got) == sorted(
        f"{name}@example.org" for name in ("before", "silent", "back", "refusing", "flushed")
    )
    # Neither the worker nor the process that was in the task has died.
    assert stack.processes()["worker"] == pids["worker"]
    assert children_of(pids["worker"]) == worker_children
    # The closing and the record happen in the end, too.
    rows(stack, "Consultation.objects.update(closes_at=database_now())")
    until(lambda: rows(stack, "Record.objects.exclude(written_at=None).count()") == 1, "no record")


def test_a_mail_server_that_is_down_then_refuses_one(run, post):
    stack = run(EMAIL_URL="smtp://127.0.0.1:9")
    send_one(stack, "first")
    send_one(stack, "second")
    # An attempt is counted when it begins; what became of it is noted when it ends.
    errors = "list(Mail.objects.values_list('last_error', flat=True))"
    until(lambda: ["refused" in error for error in rows(stack, errors)] == [True, True])
    waiting = rows(stack, "list(Mail.objects.values_list('sent_at', 'failed_at', 'attempts'))")
    assert waiting == [[None, None, 1], [None, None, 1]]
    stack.stop()
    # An hour later: the server is back, and does not know one of them.
    post.refuses["first@example.org"] = "550 No such user"
    stack.env["EMAIL_URL"] = f"smtp://127.0.0.1:{post.port}"
    stack.forget()
    stack.start()
    rows(stack, "Mail.objects.update(due_at=database_now())")
    state = "dict(Mail.objects.values_list('recipient', 'sent_at'))"
    until(lambda: rows(stack, state)["second@example.org"] is not None)
    until(lambda: rows(stack, "Mail.objects.exclude(failed_at=None).count()") == 1)
    assert [to for to, _id in post.got] == ["second@example.org"]
    failed = rows(stack, "list(Mail.objects.filter(sent_at=None).values_list('recipient', 'last_error'))")
    assert failed[0][0] == "first@example.org"
    assert "550" in failed[0][1]


def test_postgresql_stopped_and_back_without_a_new_web_server(lasting):
    stack = lasting
    before = rows(stack, "Submission.objects.count()")
    pids = stack.processes()
    one = Stakeholder(stack.port, "amina")
    key = one.ready("Kept.")
    os.kill(pids["postgres"], signal.SIGSTOP)
    try:
        # Stopped dead: nothing answers and nothing refuses. The page comes with the text, and says when to try again.
        answer = one.ask("/elements-paper/themes/2/", {"text": "Typed <meanwhile>.", "go-on": ""}, timeout=60)
    finally:
        os.kill(pids["postgres"], signal.SIGCONT)
    # What was already connected may just be slow and then succeed; what could not connect is told so.
    assert answer.status in {303, 503}
    os.kill(pids["postgres"], signal.SIGKILL)
    seen = set()
    until(lambda: stack.has_printed("postgres ended") or seen.add(one.ask("/elements-paper/themes/2/").status))
    answer = one.ask("/elements-paper/themes/2/", {"text": "Typed <meanwhile>.", "go-on": ""}, timeout=60)
    if answer.status == 503:
        assert answer.headers["Retry-After"] == "30"
        assert "Typed &lt;meanwhile&gt;.</textarea>" in answer.page
    sent = one.insist(lambda: one.send(key), until=time.monotonic() + 240)
    assert sent.status == 303
    assert stack.processes()["web"] == pids["web"]
    assert rows(stack, "Submission.objects.count()") == before + 1


def test_a_lock_that_is_held_too_long_is_a_503_with_the_way_on(lasting):
    """The web server's statements are bounded: a visitor waits seconds, not for ever, and loses nothing."""
    stack = lasting
    before = rows(stack, "[Submission.objects.count(), Mail.objects.count()]")
    one = Stakeholder(stack.port, "amina")
    key = one.ready("Kept.")
    password = (stack.folder / "keys" / "database-password-wsis").read_text().strip()
    sockets = (stack.folder / "run" / "sockets").read_text().strip()
    with psycopg.connect(host=sockets, user="wsis", dbname="wsis", password=password) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(%s, id::integer) FROM themes_consultation", [0x57534953])
        answer = one.send(key, timeout=60)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert f'name="key" value="{key}"' in answer.page
    assert "Send it again" in answer.page
    assert one.send(key).status == 303
    after = rows(stack, "[Submission.objects.count(), Mail.objects.count()]")
    assert after == [count + 1 for count in before]


def test_a_full_disk_under_postgresql(small_disk, run):
    stack = run(small_disk / "local")
    web = stack.processes()["web"]
    one = Stakeholder(stack.port, "amina")
    key = one.ready("Before it was full.")
    filler = small_disk / "filler"
    # Without a buffer: what is left in one is tried again when the file is closed.
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65_536)
        except OSError:
            pass
    answers: list[tuple[str, Answer]] = []

    def write_more() -> bool:
        text = f"Text {len(answers)} " + os.urandom(24_000).hex()
        try:
            answers.append((text, one.write(text, number=1 + len(answers) % 15)))
        except OSError:
            return False
        return answers[-1][1].status == 503

    until(write_more, "the disk never was full")
    text, refused = answers[-1]
    assert refused.headers["Retry-After"] == "30"
    assert text in refused.page
    filler.unlink()
    sent = one.insist(lambda: one.send(key), until=time.monotonic() + 240)
    assert sent.status == 303
    assert stack.processes()["web"] == web
    assert rows(stack, "Submission.objects.count()") == 1
    again = one.insist(lambda: one.write(text), until=time.monotonic() + 240)
    assert again.status == 303
