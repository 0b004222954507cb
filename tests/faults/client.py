"""Stakeholders over HTTP, as many as wanted, that keep trying as a person would: the same form, the same key."""

import http.client
import re
import time
import urllib.parse
from dataclasses import dataclass, field


@dataclass
class Answer:
    status: int
    page: str
    location: str
    headers: dict[str, str]


@dataclass
class Stakeholder:
    """One browser's worth of cookies, on one connection at a time."""

    port: int
    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    more_headers: dict[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"

    def ask(self, path: str, form: dict[str, str] | None = None, timeout: float = 60) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": cookies, **self.more_headers}
            if form is None:
                connection.request("GET", path, headers=headers)
            else:
                body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", path, body, headers)
            response = connection.getresponse()
            page = response.read().decode()
            for header, value in response.getheaders():
                if header.lower() == "set-cookie":
                    name, _, rest = value.partition("=")
                    self.cookies[name] = rest.partition(";")[0]
            return Answer(response.status, page, response.getheader("Location", ""), dict(response.getheaders()))
        finally:
            connection.close()

    def write(self, text: str, number: int = 1) -> Answer:
        if "csrftoken" not in self.cookies:
            self.ask(f"/elements-paper/themes/{number}/")
        return self.ask(f"/elements-paper/themes/{number}/", {"text": text, "to-list": ""})

    def say_who(self) -> Answer:
        return self.ask(
            "/elements-paper/about-you/",
            {
                "submitting_as": "individual",
                "stakeholder_group": "other",
                "country": "KE",
                "language": "en",
                "contact_name": self.name,
                "email": f"{self.name}@example.org",
                "consent": "named",
                "has_accepted_privacy": "on",
            },
        )

    def key(self) -> str:
        (key,) = re.findall(r'name="key" value="([^"]+)"', self.ask("/elements-paper/send/").page)
        return str(key)

    def send(self, key: str, timeout: float = 60) -> Answer:
        return self.ask("/elements-paper/send/", {"key": key}, timeout)

    def reference(self) -> str:
        """The reference on the receipt: once it is read, the promise is given."""
        (found,) = re.findall(r'class="reference">([^<]+)<', self.ask("/elements-paper/receipt/").page)
        return str(found)

    def ready(self, text: str) -> str:
        """Writes, says who, and returns the key that the send button carries."""
        self.write(text)
        self.say_who()
        return self.key()

    def insist(self, step, *, until: float):
        """Tries a step again through lost connections and 5xx, as a person would, until `until` (monotonic)."""
        while True:
            try:
                answer = step()
                if not isinstance(answer, Answer) or answer.status < 500:
                    return answer
            except (OSError, http.client.HTTPException, ValueError):
                pass
            if time.monotonic() > until:
                raise TimeoutError(f"{self.name} gave up")
            time.sleep(0.3)
