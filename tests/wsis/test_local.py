"""`make run`, as a process: what it starts, keeps, says and stops. Nothing here is faked."""

import io
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.roles import owner_url
from tests.source import APPS
from tests.stack import BASE, Stack, is_alive, until
from wsis.local.folder import LocalFolder
from wsis.local.lock import FolderLock, Held
from wsis.local.stack import Stack as LocalStack
from wsis.local.stack import StackError

pytestmark = pytest.mark.slow
WORKER_HEARTBEATS = "__import__('wsis.models').models.Heartbeat.objects.filter(part='worker').count()"
PARTS = {"postgres", "valkey", "web", "worker", "beat"}


@pytest.fixture
def stack():
    """Makes stacks, of installs that were made ready before, or from nothing."""
    stacks: list[Stack] = []

    def make(*arguments, from_nothing: bool = False, **keywords) -> Stack:
        stacks.append(Stack(*arguments, **keywords) if from_nothing else Stack.ready(*arguments, **keywords))
        return stacks[-1]

    yield make
    for built in stacks:
        built.discard()


@pytest.fixture(scope="module")
def running():
    """One for the tests that leave it running."""
    with Stack.ready() as started:
        yield started


def write_draft(stack: Stack, text: str) -> str:
    """Saves a text as a visitor does, over HTTP, and returns the cookie that opens it."""
    import http.cookiejar
    import re
    import urllib.parse
    import urllib.request

    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{stack.url}/elements-paper/themes/1/").read().decode()
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "text": text}).encode()
    answer = browser.open(f"{stack.url}/elements-paper/themes/1/", form)
    assert answer.url.endswith("/themes/2/")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def read_draft(stack: Stack, cookie: str) -> str:
    import urllib.request

    request = urllib.request.Request(f"{stack.url}/elements-paper/themes/1/", headers={"Cookie": cookie})
    return urllib.request.urlopen(request).read().decode()


@pytest.fixture
def odd_folder():
    """A path with blanks and accents, and a long one."""
    folder = Path(tempfile.mkdtemp(prefix="wsis stack ")) / ("a long name with spaces " * 4).strip() / "and äöü"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder.parent.parent, ignore_errors=True)


def test_from_nothing_to_a_page_and_back(odd_folder, stack):
    one = stack(odd_folder, from_nothing=True).start()
    assert "Tell the co-facilitators" in one.get("/")
    assert set(one.processes()) == PARTS
    result = one.log()
    assert f"{one.url}/admin/" in result
    assert f"user admin, password {one.password}" in result
    keys = one.folder / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys.iterdir()} == {0o600}
    assert {key.name for key in keys.iterdir()} >= {"secret-key", "admin-password", "database-password-wsis"}
    # The round of beat and worker comes within its half minute.
    until(lambda: one.ask(WORKER_HEARTBEATS), "no round of beat and worker")
    assert "was noted" in healthcheck(one, "beat")
    assert "answers" in healthcheck(one, "web")
    sockets = Path((one.folder / "run" / "sockets").read_text().strip())
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    pids = one.processes()
    assert one.stop(signal.SIGINT) == 0
    assert [name for name, pid in pids.items() if is_alive(pid)] == []
    assert not sockets.exists()
    # Again: the data is there, and so is the password.
    password = one.password
    assert "migrations, themes, static files" in one.log()
    one.forget()
    one.start()
    assert one.password == password
    assert "nothing has changed since it was made ready" in one.log()
    assert "Traceback" not in "".join(path.read_text() for path in (one.folder / "logs").iterdir())


def healthcheck(stack: Stack, what: str) -> str:
    try:
        return stack.manage("healthcheck", what)
    except subprocess.CalledProcessError as error:
        return str(error.stderr)


def test_killed_and_started_again_has_everything(stack):
    """The supervisor alone, and then everything at once as a power cut would: PostgreSQL too, which then recovers.

    The first start finds its port taken, and takes the next.
    """
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one = stack(port=port).start()
        assert f"{port} is taken by {psutil.Process().name()}" in one.log()
        assert one.url != f"http://127.0.0.1:{port}"
        assert "answers" in healthcheck(one, "web")
    cookie = write_draft(one, "Written before the kill.")
    pids = one.processes()
    assert one.process is not None
    os.kill(one.process.pid, signal.SIGKILL)
    one.process.wait()
    # The supervisor had no time to stop anything, and the next start finds what it left.
    assert all(is_alive(pid) for pid in pids.values())
    one.forget()
    one.start()
    assert "stopped what an earlier start left running: beat, worker, web, valkey, postgres" in one.log()
    assert [name for name, pid in pids.items() if is_alive(pid)] == []
    assert "Written before the kill." in read_draft(one, cookie)

    everything = [one.process.pid, *one.processes().values()]
    for pid in everything:
        os.kill(pid, signal.SIGKILL)
    one.process.wait()
    until(lambda: not any(map(is_alive, everything)))
    one.forget()
    one.start()
    assert "Written before the kill." in read_draft(one, cookie)
    assert "database system was not properly shut down" in (one.folder / "logs" / "postgres.log").read_text()


def answers(stack: Stack) -> bool:
    try:
        return "Tell the co-facilitators" in stack.get("/")
    except OSError:
        return False


@pytest.mark.parametrize("part", ["web", "worker", "valkey", "postgres"])
def test_a_part_that_dies_is_started_again(running, part):
    one = running
    one.forget()
    pid = one.processes()[part]
    os.kill(pid, signal.SIGKILL)
    until(lambda: one.has_printed(f"{part} ended (code -9) and is started again"))
    until(lambda: one.processes()[part] != pid)
    until(lambda: answers(one), "the page does not come back")


def test_a_killed_postgresql_starts_again_beside_a_long_statement(running):
    """Whose session notices its server's end only when it is done, and holds the memory that a new one needs."""
    one = running
    one.forget()
    with closing(psycopg.connect(LocalFolder(one.folder).database_url())) as connection:
        session = psutil.Process(connection.info.backend_pid)
        connection.pgconn.send_query(b"SELECT count(*) FROM (SELECT generate_series(1, 10000000000)) AS numbers")
        until(lambda: session.cpu_times().user > 0.2)
        pid = one.processes()["postgres"]
        os.kill(pid, signal.SIGKILL)
        until(lambda: one.processes()["postgres"] != pid)
        until(lambda: not is_alive(session.pid))
        until(lambda: answers(one), "the page does not come back")
    assert one.log().count("is started again") == 1


def test_a_second_start_in_the_same_folder_says_where_the_first_is(running):
    one = running
    two = subprocess.run(
        [sys.executable, "manage.py", "run"], cwd=BASE, env=one.env, capture_output=True, text=True, check=False
    )
    assert two.returncode != 0
    assert f"It runs already, as process {one.process.pid}: {one.url}/" in two.stderr
    assert "Tell the co-facilitators" in one.get("/")


@contextmanager
def hold(folder: Path, *, address: str = "") -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the folder's lock, as a stack that starts or stops does."""
    (folder / "run").mkdir(parents=True, exist_ok=True)
    code = (
        "import sys, time; from pathlib import Path; from wsis.local.lock import FolderLock;"
        "lock = FolderLock(Path(sys.argv[1])); lock.take(on_wait=print); lock.write(sys.argv[2]);"
        "print('held', flush=True); time.sleep(60)"
    )
    arguments = [sys.executable, "-c", code, str(folder / "run" / "lock"), address]
    with subprocess.Popen(arguments, cwd=BASE, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()


def test_whoever_waits_in_vain_for_the_lock_is_told_so(tmp_path):
    """The holder has no address yet: that is said, with its process, and nothing is raised from inside."""
    waited: list[str] = []
    with hold(tmp_path) as holder:
        with pytest.raises(Held) as refused:
            FolderLock(tmp_path / "run" / "lock").take(on_wait=waited.append, patience=1)
        assert (refused.value.pid, refused.value.address) == (str(holder.pid), "")
        assert waited == [str(holder.pid)]
        servers = {"embed_postgres": False, "embed_valkey": False}
        second = LocalStack(
            base=BASE, folder=LocalFolder(tmp_path), port=1, public_url=None, out=io.StringIO(), **servers
        )
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(FolderLock.take, "__kwdefaults__", {"patience": 0.1})
            with pytest.raises(StackError, match=f"Process {holder.pid} holds .*still starting or stopping"):
                second.run(parent=None)


def test_after_a_kill_nobody_is_sent_to_the_old_address(tmp_path):
    """The address stands in the locked file: a new holder's is empty until it answers."""
    with hold(tmp_path, address="http://127.0.0.1:1111/"):
        pass
    assert "1111" in (tmp_path / "run" / "lock").read_text()
    with hold(tmp_path) as second:
        with pytest.raises(Held) as refused:
            FolderLock(tmp_path / "run" / "lock").take(on_wait=lambda pid: None, patience=0.1)
        assert (refused.value.pid, refused.value.address) == (str(second.pid), "")


def test_given_servers_nothing_embedded_starts(stack):
    """The servers of these tests are given by their addresses, the owner's for what makes the tables."""
    owner = owner_url() or os.environ["DATABASE_URL"]
    url, owners_url = (given.rpartition("/")[0] + "/given" for given in (os.environ["DATABASE_URL"], owner))
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS given")
        connection.execute("CREATE DATABASE given")
    one = stack(
        from_nothing=True, DATABASE_URL=url, DATABASE_OWNER_URL=owners_url, REDIS_URL=os.environ["REDIS_URL"]
    ).start()
    try:
        assert set(one.processes()) == {"web", "worker", "beat"}
        assert not (one.folder / "postgres").exists()
        assert "Tell the co-facilitators" in one.get("/")
    finally:
        one.stop()
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("DROP DATABASE given")


def test_a_public_address_of_ones_own(stack):
    """The server answers to its public name alone, and is found alive all the same."""
    one = stack(PUBLIC_URL="http://consultation.example.org").start()
    assert one.url == "http://consultation.example.org"
    assert "answers" in healthcheck(one, "web")


def test_others_on_the_machine_are_not_trusted(running):
    one = running
    sockets = (one.folder / "run" / "sockets").read_text().strip()
    for role in ("wsis", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=sockets, user=role, dbname="wsis", password="wrong")
    password = (one.folder / "keys" / "database-password-wsis").read_text().strip()
    with psycopg.connect(host=sockets, user="wsis", dbname="wsis", password=password) as connection:
        row = connection.execute(
            "SELECT rolsuper, current_setting('listen_addresses') FROM pg_roles WHERE rolname = 'wsis'"
        )
        assert row.fetchone() == (False, "")
        version = connection.execute("SHOW server_version").fetchone()
        assert version is not None
        assert version[0].startswith("18.")


def test_stops_with_its_parent():
    """`make` killed outright leaves nothing behind: the supervisor notices."""
    one = Stack.ready()
    folder = one.folder
    shell = subprocess.Popen(
        ["/bin/sh", "-c", f'"{sys.executable}" manage.py run --stop-with-parent > "{folder}/run.out" 2>&1; true'],
        cwd=BASE,
        env=one.env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until(lambda: (folder / "run.out").exists() and one.has_printed("Ctrl-C here stops it all"))
        pids = list(one.processes().values())
        shell.kill()
        shell.wait()
        until(lambda: not any(map(is_alive, pids)), "something outlived its parent")
    finally:
        one.remove()


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming an ordinary user takes root")
def test_as_an_ordinary_user(stack):
    """Root runs PostgreSQL under the account wsis-local; anybody else runs it as themselves. Here: as `nobody`."""
    nobody = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="wsis-stack-"))
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    source = Path(tempfile.mkdtemp(prefix="wsis-source-"))
    source.chmod(0o755)
    try:
        for part in ("manage.py", *APPS, "templates", "static", "locale"):
            copy = shutil.copytree if (BASE / part).is_dir() else shutil.copy
            copy(BASE / part, source / part)
        python = next(
            path
            for path in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")
            if subprocess.run(["test", "-x", path], user=nobody.pw_uid, check=False).returncode == 0
        )
        one = Stack(folder)
        with (folder / "run.out").open("wb") as out:
            one.process = subprocess.Popen(
                [python, "manage.py", "run"],
                cwd=source,
                env={
                    **one.env,
                    "HOME": "/nonexistent",
                    "PYTHONDONTWRITEBYTECODE": "1",
                    # For an interpreter that is not the virtual environment's own.
                    "PYTHONPATH": str(Path(psycopg.__file__).parent.parent),
                },
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=nobody.pw_uid,
                group=nobody.pw_gid,
                extra_groups=[],
            )
        until(lambda: one.has_printed("Ctrl-C here stops it all") or one.process.poll() is not None)
        assert one.process.poll() is None, one.log()
        assert "Tell the co-facilitators" in one.get("/")
        assert (folder / "postgres").stat().st_uid == nobody.pw_uid
        assert "changed" not in one.log()
        assert one.stop() == 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(source, ignore_errors=True)
