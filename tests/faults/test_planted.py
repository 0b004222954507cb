"""What is planted on the whole way is searched everywhere afterwards: found where the data map says, nowhere else."""

import re
import urllib.parse
import zipfile
from pathlib import Path

import psycopg
import pytest

from tests.faults.client import Stakeholder
from tests.faults.database import rows
from tests.stack import Stack, until
from wsis.local.folder import NAME, LocalFolder
from wsis.local.postgres import SUPERUSER

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WHO, TEXT, NETWORK = "Plantedname", "PlantedTextOnTheWay", "203.0.113.77"
EMAIL = f"{WHO}@example.org"
SEARCHED = "PlantedSearch"


@pytest.fixture(scope="module")
def stack():
    with Stack.ready(TRUSTED_HOPS="1", OPERATOR_EMAIL="operator@example.org") as started:
        yield started


def colleague(stack: Stack) -> Stakeholder:
    """Signed in to the workspace, over HTTP like everybody else."""
    one = Stakeholder(stack.port, "admin", more_headers={"X-Forwarded-For": NETWORK})
    one.ask("/admin/login/")
    answer = one.ask("/admin/login/?next=/admin/", {"username": "admin", "password": stack.password})
    assert answer.status == 302, answer.page
    return one


def the_whole_way(stack: Stack) -> dict[str, str]:
    """Writes, is mailed a link, sends, confirms, amends, is read, exported and closed. Returns what was planted."""
    one = Stakeholder(stack.port, WHO, more_headers={"X-Forwarded-For": NETWORK})
    key = one.ready(TEXT)
    assert one.ask("/elements-paper/come-back/mail/", {"email": EMAIL}).status == 303
    assert one.send(key).status == 303
    link = until(lambda: stack.mails_to(EMAIL, b"/elements-paper/confirm/"), "no mail")[0].decode()
    (token,) = set(re.findall(r"/elements-paper/confirm/([^\s/\"]+)/", link))
    assert one.ask(f"/elements-paper/confirm/{token}/", {}).status == 303
    until(lambda: stack.mails_to(EMAIL, TEXT.encode()), "no receipt by mail")
    admin = colleague(stack)
    (pk,) = rows(stack, "list(Submission.objects.values_list('pk', flat=True))")
    assert admin.ask(f"/admin/submissions/submission/{pk}/change/").status == 200
    assert admin.ask(f"/admin/submissions/submission/?q={SEARCHED}").status == 200
    export = {"layout": "contributions", "format": "csv", "profile": "spreadsheet", "audience": "full", "filters": ""}
    consultation = str(rows(stack, "Consultation.objects.get().pk"))
    assert admin.ask("/admin/submissions/export/add/", {**export, "consultation": consultation}).status == 302
    until(lambda: rows(stack, "Export.objects.filter(state='done').count()") == 1, "no export")
    # Things that go wrong are logged too: a page that fails to be there, a form of another site, a wrong password.
    one.ask(f"/elements-paper/nothing/?email={urllib.parse.quote(EMAIL)}")
    Stakeholder(stack.port, "x").ask("/elements-paper/themes/1/", {"text": TEXT, "email": EMAIL})
    admin.ask("/admin/login/", {"username": "admin", "password": "PlantedWrongPassword"})
    rows(stack, "Consultation.objects.update(closes_at=database_now())")
    assert one.write(TEXT + " too late").status == 409
    until(lambda: rows(stack, "Record.objects.exclude(written_at=None).count()") == 1, "no record")
    (cookie,) = [value for name, value in one.cookies.items() if name.startswith("draft-")]
    return {
        "name": WHO,
        "text": TEXT,
        "key": cookie,
        "token": token,
        "network": NETWORK,
        "session": admin.cookies["sessionid"],
        "password": stack.password,
        "wrong password": "PlantedWrongPassword",
        "search": SEARCHED,
        "form token": one.cookies["csrftoken"],
    }


def in_tables(stack: Stack, what: str) -> set[str]:
    found = set()
    with psycopg.connect(LocalFolder(stack.folder).database_url(SUPERUSER, database=NAME)) as session:
        tables = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            query = f"SELECT count(*) FROM {table} t WHERE position(lower(%s) IN lower(t::text)) > 0"
            if session.execute(query, [what]).fetchone() != (0,):
                found.add(table)
    return found


def in_files(folder: Path, what: str) -> set[str]:
    """The folders of the install whose files hold it, also inside archives; those of the database are left out."""
    wanted, found = what.lower().encode(), set()
    for path in folder.rglob("*"):
        room = path.relative_to(folder).parts[0]
        if not path.is_file() or room in {"postgres", "static", "run.out"}:
            continue
        contents = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as zipped:
                contents += [zipped.read(name) for name in zipped.namelist()]
        if any(wanted in content.lower() for content in contents):
            found.add(room)
    return found


# Where each may be, after privacy/data_map.py: tables of drafts, of submissions, of mails; files of mails and exports.
TABLES = {
    "name": {"submissions_draft", "submissions_submission", "submissions_submissionwords", "submissions_mail"},
    "text": {
        *("submissions_draftcontribution", "submissions_contribution", "submissions_contributionwords"),
        "submissions_mail",
    },
}
FILES = {
    "name": {"mail", "exports"},
    "text": {"mail", "exports"},
    # The private link and the one that confirms are in the mails that carry them.
    "key": {"mail"},
    "token": {"mail"},
    "password": {"keys"},
}


def test_found_where_the_data_map_says_and_nowhere_else(stack):
    planted = the_whole_way(stack)
    assert min(len(value) for value in planted.values()) >= 10
    tables = {name: in_tables(stack, value) for name, value in planted.items()}
    assert tables == {name: TABLES.get(name, set()) for name in planted}
    files = {name: in_files(stack.folder, value) for name, value in planted.items()}
    assert files == {name: FILES.get(name, set()) for name in planted}
    # The processes' own output, which stands beside their logs.
    assert [name for name, value in planted.items() if value in stack.log() and name != "password"] == []
    # The search can find: what is there by design was found above, and this is there too.
    assert in_files(stack.folder, "Booting worker") == {"logs"}
    assert "themes_consultation" in in_tables(stack, "elements-paper")
