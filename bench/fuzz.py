"""Random requests at every address, by everybody who may come: no 500, and none that takes long.

    python -m bench.fuzz [--requests 100000] [--minutes 600] [--seed 1]

On a database of its own. The addresses are read from the site's own map, the fields from the pages' own forms; the
values are a corpus of what has broken web applications before, and random signs. tests/faults/test_fuzz.py does some.
"""

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

ROLES = ("nobody", "stakeholder", "reviewer", "exporter", "manager", "administrator")
# Values that have broken web applications before: numbers at an edge, signs of other languages, of SQL, of paths …
CORPUS = (
    *("", " ", "0", "-1", "1", "2147483648", "9223372036854775808", "1" * 400, "1e309", "NaN", "0x10", "١٢٣", "½"),
    *("null", "None", "true", "[]", "{}", "[object Object]", "%", "%00", "%0a%0d", "%ff", "..", "../../etc/passwd"),
    *("'", '"', "' OR 1=1 --", "\\", "`id`", "$(id)", "{{7*7}}", "{% now %}", "${7}", "<script>1</script>", "&#0;"),
    *(
        "\x00",
        "a\x00b",
        "\x1b[31m",
        "\r\nSet-Cookie: a=b",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "🌍",
        "e\u0301" * 50,
    ),
    *(
        "\ud800",
        "\U0010ffff",
        "ﷺ",
        "中文",
        "مرحبا",
        "x" * 5_000,
        "a b c " * 500,
        "=cmd|' /C calc'!A0",
        "@",
        "a@b",
        "a@b.c",
    ),
    *("2027-07-15", "2027-02-30", "0000-00-00", "9999-12-31T23:59:59.999999", "25:61", "-infinity", "now"),
    *("elements-paper", "admin", "on", "named", "KE", "XX", "en", "zh-hans", "xx", "organisation", "civil-society"),
    *("http://example.org/", "//example.org", "javascript:alert(1)", "/admin/", "?", "#", "&", "q=1&q=2", "a=b;c=d"),
)
QUERY_NAMES = (
    *("q", "p", "o", "e", "all", "next", "_popup", "_to_field", "_changelist_filters", "page", "of", "theme", "id"),
    *("review", "assignee", "came", "consent", "state", "when", "kind", "consultation__id__exact", "theme__id__exact"),
    *("id__in", "email__startswith", "seen_at__year", "reference__regex", "pk", "number", "language", "unknown"),
)
METHODS = ("get", "get", "get", "post", "post", "post", "head", "put", "delete", "options")
CONTENT_TYPES = ("application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "\x00", "")
FIELD = re.compile(r'name="([\w-]+)"')


@dataclass
class Findings:
    """What came of the requests."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)  # seconds, and which request

    def note(self, seconds: float, what: str) -> None:
        self.slowest = sorted([*self.slowest, (seconds, what)], reverse=True)[:5]


def addresses() -> list[tuple[str, tuple[str, ...]]]:
    """Every address by its name, with the names of its parts."""
    from django.urls import get_resolver

    def walk(resolver: Any, prefix: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name in resolver.reverse_dict:
            if isinstance(name, str):
                for possibilities, *_rest in resolver.reverse_dict.getlist(name):
                    yield from ((prefix + name, tuple(parts)) for _pattern, parts in possibilities)
        for namespace, (_path, inner) in resolver.namespace_dict.items():
            yield from walk(inner, f"{prefix}{namespace}:")

    return sorted(set(walk(get_resolver(), "")))


class Fuzz:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.addresses = addresses()
        self.fields: dict[str, list[str]] = {}
        self.clients = {role: self.client(role) for role in ROLES}
        self.found = Findings()

    def client(self, role: str) -> Any:
        """A browser of somebody's; made anew now and then, because some requests sign them out or remove them."""
        from django.contrib.auth.models import Group, User
        from django.test import Client

        client = Client(
            raise_request_exception=False, headers={"accept-language": self.dice.choice(("en", "ar", "x" * 90))}
        )
        if role in {"nobody", "stakeholder"}:
            if role == "stakeholder":
                client.post("/elements-paper/themes/1/", {"text": "A text."})
            return client
        user, _is_new = User.objects.get_or_create(username=role)
        User.objects.filter(pk=user.pk).update(is_staff=True, is_active=True, is_superuser=role == "administrator")
        user.groups.set(Group.objects.filter(name=role.capitalize()))
        client.force_login(user, backend="accounts.sign_on.backend.PasswordBackend")
        # Or all of the workspace would be asked for by nobody, and nobody would notice.
        if client.get("/admin/").status_code != 200:
            raise RuntimeError(f"{role} does not get in")
        return client

    def value(self) -> str:
        if self.dice.random() < 0.1:
            return "".join(chr(self.dice.randrange(0x3000)) for _turn in range(self.dice.randrange(60)))
        return self.dice.choice(CORPUS)

    def address(self) -> str:
        """One that is there, with parts that mostly are; or with a part that is nonsense."""
        from django.urls import NoReverseMatch, reverse

        name, parts = self.dice.choice(self.addresses)
        usual = {"slug": "elements-paper", "language": "fr", "kind": "txt", "app_label": "submissions"}
        given: dict[str, Any] = {}
        for part in parts:
            number = str(self.dice.randrange(1, 20))
            given[part] = usual.get(part, number) if self.dice.random() < 0.8 else self.value()
        # By name or by place: the workspace's own are not named throughout.
        for how in ({"kwargs": given}, {"args": list(given.values())}):
            try:
                return reverse(name, **how)
            except (NoReverseMatch, UnicodeError):
                continue
        return "/" + self.safe(self.value())

    def pairs(self, path: str) -> dict[str, Any]:
        names = [name for name in self.fields.get(path, []) if self.dice.random() < 0.8]
        names += self.dice.sample(QUERY_NAMES, self.dice.randrange(3))
        return {name: self.value() if self.dice.random() < 0.9 else [self.value(), self.value()] for name in names}

    def one(self) -> None:
        from urllib.parse import quote

        role = self.dice.choice(ROLES)
        method, path = self.dice.choice(METHODS), self.address()
        # Who is no colleague gets no further than the door there.
        while role in ROLES[:2] and path.startswith("/admin/") and self.dice.random() < 0.9:
            path = self.address()
        if self.dice.random() < 0.5:
            query = "&".join(f"{name}={self.safe(self.value())}" for name in self.dice.sample(QUERY_NAMES, 2))
            path += ("&" if "?" in path else "?") + query
        client = self.clients[role]
        if self.dice.random() < 0.05:
            client.cookies["draft-1"] = quote(self.safe(self.value()))
        more: dict[str, Any] = {}
        if method == "post":
            more["data"] = {name: self.storable(value) for name, value in self.pairs(path.partition("?")[0]).items()}
            if self.dice.random() < 0.1:
                more = {"data": self.value().encode(errors="ignore"), "content_type": self.dice.choice(CONTENT_TYPES)}
        what = f"{role} {method} {path!r} {str(more)[:600]}"
        began = time.monotonic()
        try:
            answer = getattr(client, method)(path, **more)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            self.found.errors.append(f"{what}: {type(error).__name__}: {error}")
            return
        self.found.note(time.monotonic() - began, what)
        self.found.requests += 1
        self.found.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.found.errors.append(f"{what}: {answer.status_code} {getattr(answer, 'exc_info', '')}")
        if method == "get" and answer.status_code == 200:
            self.fields[path.partition("?")[0]] = sorted(set(FIELD.findall(body.decode(errors="replace"))))[:60]

    def safe(self, text: str) -> str:
        from urllib.parse import quote

        return quote(text.encode("utf-8", errors="surrogatepass"), safe="")

    def storable(self, value: Any) -> Any:
        """What Django's client can put into a body."""
        if isinstance(value, list):
            return [self.storable(one) for one in value]
        return value.encode("utf-8", errors="replace").decode()

    def run(self, count: int, *, until: float = float("inf")) -> Findings:
        """As many requests, or until the clock (monotonic) says so."""
        for turn in range(count):
            if time.monotonic() > until:
                break
            if turn % 200 == 199:
                reopen()
                self.clients = {role: self.client(role) for role in ROLES}
            self.one()
        return self.found


def reopen() -> None:
    """Some requests do what the page is for: the round is open again, and the way in is."""
    from datetime import timedelta

    from django.utils import timezone

    from themes.models import Consultation

    now = timezone.now()
    Consultation.objects.update(opens_at=now - timedelta(days=5), closes_at=now + timedelta(days=5), closed_at=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=600, help="stop after so many, however far it is")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    from bench.staging import database

    with database():
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        settings.SECOND_FACTOR = False
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        reopen()
        call_command("demo", "--count", "30", verbosity=0)
        began = time.monotonic()
        found = Fuzz(given.seed).run(given.requests, until=began + given.minutes * 60)
        print(f"{found.requests} requests in {time.monotonic() - began:.0f} s: {dict(sorted(found.statuses.items()))}")
        print(f"{len(found.errors)} errors", *found.errors[:20], sep="\n")
        print("the slowest:", *(f"{seconds:.2f} s {what[:200]}" for seconds, what in found.slowest), sep="\n")


if __name__ == "__main__":
    main()
