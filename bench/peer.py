"""pretalx, the peer of bench/journey.py: the same PostgreSQL, two processes of eight threads, the same journey there.

Installed by `make bench-public` in an environment of its own; nothing of the project uses it.
"""

import json
import os
import re
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path

from bench.browsers import Browser

PYTHON = Path(".venv/peer/bin/python")
SLUG = "bench"

SET_UP = """
import datetime as dt
import django
django.setup()
from django.utils.timezone import now
from django_scopes import scopes_disabled
from pretalx.event.models import Event
from pretalx.event.utils import create_organiser_with_team
from pretalx.person.models import User
with scopes_disabled():
    admin = User.objects.create_superuser(email="admin@example.org", password="a-long-password-of-a-bench")
    organiser, team = create_organiser_with_team(name="Bench", slug="bench-org", users=[admin])
    event = Event.objects.create(name="Bench", slug="bench", organiser=organiser, is_public=True, locale="en",
        email="bench@example.org", date_from=(now() + dt.timedelta(days=60)).date(),
        date_to=(now() + dt.timedelta(days=61)).date(), timezone="UTC")
    event.build_initial_data()
    event.cfp.deadline = now() + dt.timedelta(days=30)
    event.cfp.save()
    print(event.submission_types.first().pk)
"""


def is_installed() -> bool:
    return PYTHON.exists()


def environment(folder: Path, database: Mapping[str, str], port: int, redis: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "pretalx.settings",
        "PRETALX_FILESYSTEM_DATA": str(folder),
        "PRETALX_FILESYSTEM_LOGS": str(folder),
        "PRETALX_SITE_URL": f"http://localhost:{port}",
        "PRETALX_SITE_SECRET": "only-for-a-bench",
        "PRETALX_DB_TYPE": "postgresql",
        "PRETALX_DB_NAME": database["name"],
        "PRETALX_DB_USER": database["user"],
        "PRETALX_DB_PASS": database["password"],
        "PRETALX_DB_HOST": database["host"],
        # Its mails wait in a queue, as ours do.
        "PRETALX_CELERY_BROKER": redis.replace("unix://", "redis+socket://"),
        "PRETALX_CELERY_BACKEND": redis.replace("unix://", "redis+socket://"),
        "PRETALX_REDIS": redis,
    }


def start(env: Mapping[str, str], port: int, log: Path) -> "tuple[subprocess.Popen[bytes], int]":
    """Its tables, an event with an open call, and its server. Returns that, and the kind of proposal to choose."""
    python = str(PYTHON.absolute())
    manage = [python, "-m", "pretalx"]
    with log.open("ab") as out:
        subprocess.run([*manage, "migrate", "--verbosity", "0"], env=env, check=True, stdout=out, stderr=out)
        subprocess.run([*manage, "rebuild"], env=env, check=True, stdout=out, stderr=out)
        kind = subprocess.run([python, "-c", SET_UP], env=env, check=True, stdout=subprocess.PIPE, stderr=out)
        server = subprocess.Popen(
            [python, "-m", "gunicorn", "--workers", "2", "--threads", "8", "--worker-class", "gthread", "--preload",
             "--keep-alive", "30", "--bind", f"127.0.0.1:{port}", "pretalx.wsgi"],
            env=env, stdout=out, stderr=out,
        )  # fmt: skip
    return server, json.loads(kind.stdout.decode().strip().splitlines()[-1])


def journey(browser: Browser, kind: int, text: str) -> None:
    """From the first page to the list that shows what was sent: a new account, one proposal of three texts."""
    name = uuid.uuid4().hex
    browser.get(f"/{SLUG}/")
    browser.get(f"/{SLUG}/cfp")
    path, page = browser.follow(browser.get(f"/{SLUG}/submit/", 302))
    proposal = {
        "title": f"Proposal {name}",
        "submission_type": kind,
        "content_locale": "en",
        "abstract": text,
        "description": text,
        "notes": text,
        "action": "submit",
    }
    path, _form = browser.follow(browser.post(path, {**page.hidden_fields(), **proposal}, 302))
    account = {
        "register_name": "A. Person",
        "register_email": f"{name}@example.org",
        "register_password": f"{name}-Passw0rd",
        "register_password_repeat": f"{name}-Passw0rd",
    }
    path, _form = browser.follow(browser.post(path, {**account, "action": "submit"}, 302))
    profile = {"name": "A. Person", "biography": "Of a bench.", "action": "submit"}
    path, page = browser.follow(browser.post(path, profile, 302))
    assert re.search(r"/me/submissions", path), page.text[:2000]
