import http.client
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from wsis import heartbeat
from wsis.local.folder import LocalFolder
from wsis.models import Heartbeat


class Command(BaseCommand):
    help = "Ends with 0 when the web server answers, or when beat and a worker have done their round just now."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["web", "worker", "beat"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "web":
            self._web()
        else:
            self._heart()

    def _web(self) -> None:
        port = LocalFolder(settings.LOCAL_DIR).port or settings.PORT
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health/", headers={"Host": urlsplit(settings.PUBLIC_URL).netloc})
            answer = connection.getresponse().status
        except OSError as error:
            raise CommandError(f"The web server does not answer: {error}") from error
        finally:
            connection.close()
        if answer != 200:
            raise CommandError(f"The web server answers {answer}.")
        self.stdout.write("The web server answers.")

    def _heart(self) -> None:
        try:
            age = heartbeat.age(Heartbeat.Part.WORKER)
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {type(error).__name__}") from error
        if age is None or age > heartbeat.STALE_AFTER:
            raise CommandError("No round of beat and worker within the last minutes.")
        self.stdout.write(f"The last round of beat and worker was noted {age.seconds} s ago.")
