"""No docker engine is needed to know that docker-compose.yml starts what the tests start."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import yaml

from wsis import processes
from wsis.local.postgres import programs

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
    assert set(SERVICES) == {"db", "redis", "mail", "prepare", "front", "web", "worker", "beat"}
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


def test_images_are_pinned_by_digest():
    """What runs is what was tried, whatever a tag means tomorrow. The application's own is built here."""
    images = {service["image"] for service in SERVICES.values()} - {"wsis-consultation"}
    images |= set(re.findall(r"^FROM (\S+)", (BASE / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    assert [image for image in images if not re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", image)] == []
    assert len(images) == 5


def test_the_image_starts_the_web_server():
    dockerfile = (BASE / "Dockerfile").read_text(encoding="utf-8")
    (command,) = re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)
    assert yaml.safe_load(command) == ["python", *processes.WEB]
    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE) == ["wsis"]
    for copied in re.findall(r"^COPY (\S+) ", dockerfile, re.MULTILINE):
        assert (BASE / copied).exists(), copied


def test_what_serves_the_public_has_no_way_to_more_rights():
    for name in ("prepare", "web", "worker", "beat"):
        service = SERVICES[name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert ("database_owner_url" in service["secrets"]) == (name == "prepare")
        assert not {secret for secret in service["secrets"] if secret.endswith("password")}


def test_no_secret_stands_in_the_file_or_in_an_environment():
    """Each is a file that deploy/secrets.sh makes, and is given to those who need it alone."""
    assert "PASSWORD" not in re.sub(
        r"\w+_FILE\b", "", yaml.safe_dump([one.get("environment") for one in SERVICES.values()])
    )
    given = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert given == set(COMPOSE["secrets"])
    for service in SERVICES.values():
        files = {value for name, value in service.get("environment", {}).items() if name.endswith("_FILE")}
        assert files <= {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}


def test_only_the_front_is_reached_from_outside():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"front", "mail"}
    assert SERVICES["front"]["networks"] == ["outside"]
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_secrets_are_random_and_stay(tmp_path):
    (tmp_path / "secrets.sh").write_text((BASE / "deploy" / "secrets.sh").read_text(encoding="utf-8"))

    def run() -> dict[str, str]:
        subprocess.run(["sh", str(tmp_path / "secrets.sh")], check=True, capture_output=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    first = run()
    assert set(first) == set(COMPOSE["secrets"])
    assert len(set(first.values())) == len(first)
    assert min(map(len, first.values())) >= 64
    assert first["database_url"] == f"postgres://wsis:{first['database_password']}@db:5432/wsis"
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    (tmp_path / "secrets" / "redis_url").unlink()
    assert run() == first


def test_the_roles_that_the_database_is_made_with(tmp_path):
    """The script of Compose's database, run as the image would, on a server of the tests' own."""
    psql = shutil.which("psql") or str(programs() / "psql")
    superuser = psycopg.conninfo.conninfo_to_dict(os.environ["DATABASE_SUPERUSER_URL"])
    script = (BASE / "deploy" / "database-roles.sh").read_text(encoding="utf-8")
    # Other names, since these are taken here.
    for name in ("wsis_owner", "wsis_reader"):
        script = script.replace(name, f"compose_{name}")
    script = script.replace("ROLE wsis LOGIN", "ROLE compose_wsis LOGIN").replace("DATABASE wsis ", "DATABASE compose ")
    run = tmp_path / "roles.sh"
    run.write_text(script)
    for part in ("_owner", "", "_reader"):
        (tmp_path / f"database{part}_password").write_text(f"p'w{part}")
    env = {
        "PATH": f"{Path(psql).parent}:/usr/bin:/bin",
        "SECRETS_DIR": str(tmp_path),
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": "postgres",
        "PGHOST": str(superuser["host"]),
        "PGPASSWORD": str(superuser["password"]),
    }
    with psycopg.connect(os.environ["DATABASE_SUPERUSER_URL"], autocommit=True) as session:
        try:
            subprocess.run(["sh", str(run)], env=env, check=True, capture_output=True)
            roles = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'compose%' AND NOT (rolsuper OR rolcreaterole)"
            assert {role for (role,) in session.execute(roles)} == {
                *("compose_wsis_owner", "compose_wsis", "compose_wsis_reader")
            }
            owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'compose'"
            assert session.execute(owner).fetchone() == ("compose_wsis_owner",)
        finally:
            session.execute("DROP DATABASE IF EXISTS compose")
            session.execute("DROP ROLE IF EXISTS compose_wsis_owner, compose_wsis, compose_wsis_reader")


def test_health_checks_are_commands_that_exist():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "python", "manage.py", "healthcheck", name]


def test_the_environment_is_one_that_settings_accept(tmp_path):
    """With Compose's defaults filled in, every app service starts from the same environment, and settings load."""
    environments = [SERVICES[name]["environment"] for name in ("prepare", "web", "worker", "beat")]
    # The preparation alone has the owner's password.
    assert environments[0].pop("DATABASE_OWNER_URL_FILE") == "/run/secrets/database_owner_url"
    assert all(environment == environments[0] for environment in environments)
    (tmp_path / "secrets.sh").write_text((BASE / "deploy" / "secrets.sh").read_text(encoding="utf-8"))
    subprocess.run(["sh", str(tmp_path / "secrets.sh")], check=True, capture_output=True)

    def fill(value: str) -> str:
        return re.sub(
            r"\$\{(\w+)(?::([-?])([^}]*))?\}",
            lambda m: m[3] if m[2] == "-" else pytest.fail(f"{m[1]} has no value"),
            str(value).replace("/run/secrets", str(tmp_path / "secrets")),
        )

    env = {name: fill(value) for name, value in environments[0].items() if value is not None}
    known = set(re.findall(r"^#?([A-Z0-9_]+)=", (BASE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    # Without a value it is what .env says, and else the settings' own default.
    assert {name.removesuffix("_FILE") for name in environments[0]} <= known
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
    redis_url = (tmp_path / "secrets" / "redis_url").read_text()
    assert done.stdout.split() == ["db", redis_url, "mail", "1025", "0.0.0.0:8000", "False"]
