"""`.local/`: everything that `make run` keeps, in one folder that git ignores.

    postgres/   the database            valkey/   nothing that matters
    mail/       mails as files          exports/  records and exports
    static/     collected static files  logs/     a log for each process
    keys/       secrets, mode 600       run/      what is running: the lock, the children, the sockets' folder

Nothing here imports Django: the settings read this file to find the embedded servers.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import quote

NAME = "wsis"  # of the database, and of the role that runs
OWNER = "wsis_owner"  # of the tables
READER = "wsis_reader"  # for a replica
# Without look-alikes: people type the administrator's password from a terminal.
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


class LocalFolder:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.postgres = root / "postgres"
        self.valkey = root / "valkey"
        self.mail = root / "mail"
        self.logs = root / "logs"
        self.keys = root / "keys"
        self.run = root / "run"

    def make(self) -> None:
        # 711: the account that runs PostgreSQL passes through and sees nothing.
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.valkey, self.mail, self.logs, self.keys, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)

    def read_key(self, name: str) -> str:
        """The secret of that name, or "" when there is none."""
        try:
            return (self.keys / name).read_text().strip()
        except OSError:
            return ""

    def key(self, name: str, length: int = 40) -> str:
        """The secret of that name; made once, at random, in a file that only its owner reads."""
        if not (known := self.read_key(name)):
            known = "".join(secrets.choice(_ALPHABET) for _ in range(length))
            descriptor = os.open(self.keys / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(known + "\n")
        return known

    @property
    def sockets(self) -> Path:
        """The folder of the servers' sockets. Short, because a socket's path has 107 bytes at most."""
        try:
            return Path((self.run / "sockets").read_text().strip())
        except OSError:
            return self.run / "not-started"

    @property
    def port(self) -> int | None:
        """On which `make run` serves, while it does: the one that was asked for, or the next that was free."""
        try:
            return int((self.run / "port").read_text())
        except (OSError, ValueError):
            return None

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def database_url(self, role: str = NAME, database: str = NAME) -> str:
        password = self.read_key(f"database-password-{role}")
        return f"postgres://{role}:{quote(password, safe='')}@{quote(str(self.sockets), safe='')}/{database}"

    def redis_url(self) -> str:
        return f"unix://{self.valkey_socket}"
