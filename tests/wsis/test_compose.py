"""No docker engine is needed to know that docker-compose.yml starts what the tests start."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from wsis import processes

BASE = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def test_follows_the_compose_schema():
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_part_is_there_and_watched():
    assert set(SERVICES) == {"db", "redis", "mail", "prepare", "web", "worker", "beat"}
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"prepare"}


@pytest.mark.parametrize(
    ("service", "argv"),
    [
        ("prepare", processes.PREPARE),
        ("web", processes.WEB),
        ("worker", processes.WORKER),
        ("beat", processes.BEAT),
    ],
)
def test_commands_are_the_ones_that_make_run_starts(service, argv):
    assert SERVICES[service]["command"] == ["python", *argv]


def test_the_image_starts_the_web_server():
    dockerfile = (BASE / "Dockerfile").read_text(encoding="utf-8")
    (command,) = re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)
    assert yaml.safe_load(command) == ["python", *processes.WEB]
    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE) == ["wsis"]
    for copied in re.findall(r"^COPY (\S+) ", dockerfile, re.MULTILINE):
        assert (BASE / copied).exists(), copied


def test_health_checks_are_commands_that_exist():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "python", "manage.py", "healthcheck", name]


def test_the_environment_is_one_that_settings_accept(tmp_path):
    """With Compose's defaults filled in, every app service starts from the same environment, and settings load."""
    environments = [SERVICES[name]["environment"] for name in ("prepare", "web", "worker", "beat")]
    assert all(environment == environments[0] for environment in environments)
    given = {"SECRET_KEY": "a-key", "POSTGRES_PASSWORD": "a-password"}

    def fill(value: str) -> str:
        return re.sub(
            r"\$\{(\w+)(?::([-?])([^}]*))?\}",
            lambda m: given.get(m[1]) or (m[3] if m[2] == "-" else pytest.fail(f"{m[1]} has no value")),
            str(value),
        )

    env = {name: fill(value) for name, value in environments[0].items() if value is not None}
    known = set(re.findall(r"^#?([A-Z0-9_]+)=", (BASE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    # Without a value it is what .env says, and else the settings' own default.
    assert set(environments[0]) <= known
    assert {"MAIL_FROM", "SECRET_KEY_FALLBACKS", "SECOND_FACTOR"} <= set(environments[0]) - set(env)
    names = ["CELERY_BROKER_URL", "EMAIL_HOST", "EMAIL_PORT", "BIND", "IS_DATABASE_EMBEDDED"]
    shown = ", ".join(["s.DATABASES['default']['HOST']", *(f"s.{name}" for name in names)])
    done = subprocess.run(
        [sys.executable, "-c", f"from wsis import settings as s; print({shown})"],
        cwd=BASE,
        env={"PATH": "/usr/bin:/bin", "LOCAL_DIR": str(tmp_path), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["db", "redis://redis:6379/0", "mail", "1025", "0.0.0.0:8000", "False"]
