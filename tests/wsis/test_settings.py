"""Settings refuse to guess. Each case is a process of its own, because settings are read once."""

import subprocess
import sys
from pathlib import Path

import pytest

# Each starts an interpreter.
pytestmark = pytest.mark.slow

BASE = Path(__file__).resolve().parent.parent.parent


def load(tmp_path, expression="'loaded'", **env) -> tuple[int, str]:
    code = f"from wsis import settings; shown = ({expression}); print(*shown if isinstance(shown, tuple) else [shown])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE,
        env={"PATH": "/usr/bin:/bin", "LOCAL_DIR": str(tmp_path), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.mark.parametrize(
    ("env", "result"),
    [
        ({}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "x", "DEBUG": "flase"}, "DEBUG"),
        ({"SECRET_KEY": "x", "PORT": "eight"}, "PORT"),
        ({"SECRET_KEY": "x", "PUBLIC_URL": "consultation.example.org"}, "PUBLIC_URL is 'consultation.example.org'"),
        ({"SECRET_KEY": "x", "DATABASE_URL": "mysqlx://nowhere"}, "mysqlx"),
    ],
)
def test_what_cannot_be_read_stops_the_start(tmp_path, env, result):
    code, output = load(tmp_path, **env)
    assert code != 0
    assert result in output


def test_https_follows_from_the_public_address(tmp_path):
    names = ["SESSION_COOKIE_SECURE", "IS_HTTPS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"]
    shown = ", ".join(f"settings.{name}" for name in names)
    public = {"SECRET_KEY": "x", "PUBLIC_URL": "https://consultation.example.org/"}
    assert load(tmp_path, shown, **public) == (
        0,
        "True True ['consultation.example.org'] ['https://consultation.example.org']",
    )
    assert load(tmp_path, shown, SECRET_KEY="x") == (
        0,
        "False False ['127.0.0.1', 'localhost'] ['http://127.0.0.1:8000']",
    )


def test_debug_is_off_unless_asked_for(tmp_path):
    assert load(tmp_path, "settings.DEBUG", SECRET_KEY="x") == (0, "False")
    assert load(tmp_path, "settings.DEBUG", DEBUG="true") == (0, "True")
    code, output = load(tmp_path, "settings.DEBUG", DEBUG="true", PUBLIC_URL="https://consultation.example.org")
    assert code != 0
    assert "DEBUG shows settings and code to every visitor" in output


def test_cookies_are_this_hosts_own_and_browsers_are_asked_for_no_list(tmp_path):
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "SECURE_HSTS_PRELOAD")
    shown = ", ".join(f"settings.{name}" for name in names)
    public = {"SECRET_KEY": "x", "PUBLIC_URL": "https://consultation.example.org/"}
    assert load(tmp_path, shown, **public) == (0, "__Host-sessionid __Host-csrftoken __Host-language False")
    assert load(tmp_path, shown, SECRET_KEY="x") == (0, "sessionid csrftoken language False")
    assert load(tmp_path, "settings.SECURE_HSTS_PRELOAD", **public, HSTS_PRELOAD="true") == (0, "True")


def test_sockets_of_the_embedded_servers(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "keys").mkdir()
    (tmp_path / "run" / "sockets").write_text("/tmp/wsis-abc\n")
    (tmp_path / "keys" / "database-password-wsis").write_text("p@ss/word\n")
    (tmp_path / "keys" / "secret-key").write_text("kept\n")
    database = "[settings.DATABASES['default'][k] for k in ('HOST', 'NAME', 'USER', 'PASSWORD')]"
    shown = f"{database}, settings.CELERY_BROKER_URL, settings.SECRET_KEY"
    assert load(tmp_path, shown) == (
        0,
        "['/tmp/wsis-abc', 'wsis', 'wsis', 'p@ss/word'] redis+socket:///tmp/wsis-abc/valkey.sock kept",
    )


def test_what_the_address_of_the_database_asks_for_stays(tmp_path):
    url = "postgres://u:p@db.example.org/wsis?sslmode=verify-full&options=-c%20search_path%3Dx"
    shown = "settings.DATABASES['default']['OPTIONS']['sslmode'], settings.DATABASES['default']['OPTIONS']['options']"
    assert load(tmp_path, shown, SECRET_KEY="x", DATABASE_URL=url) == (0, "verify-full -c search_path=x")
    code = "from wsis import gunicorn; from django.conf import settings as s; print(s.DATABASES['default']['OPTIONS'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE,
        env={
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": "wsis.settings",
            "SECRET_KEY": "x",
            "DATABASE_URL": url,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'options': '-c search_path=x -c statement_timeout=10s" in done.stdout
    assert "'sslmode': 'verify-full'" in done.stdout
