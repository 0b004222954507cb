"""An OpenID provider on loopback: real HTTP and real signatures, and it lies when a test wants it to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)  # one for all of a run's: each takes long to make
CLIENT_ID, CLIENT_SECRET = "wsis", "the-client-s-secret-of-more-than-32-bytes"
AMINA = {
    "sub": "248289761001",
    "email": "amina@example.org",
    "email_verified": True,
    "preferred_username": "amina.otieno",
    "given_name": "Amina",
    "family_name": "Otieno",
    "groups": ["staff", "wsis-reviewers"],
}


class OpenIDProvider:
    """Whoever comes to its door is `person`, and is sent back at once."""

    def __init__(self) -> None:
        self.key = KEY
        self.person: dict[str, Any] = dict(AMINA)
        # What a test changes: claims of the token alone, its key and algorithm, answers in the place of its own.
        self.token: dict[str, Any] = {}
        self.signed_with: tuple[Any, str] = (self.key, "RS256")
        self.answers: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._nonces: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        # Half a second is how long stopping it takes otherwise.
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, given: dict[str, str]) -> tuple[int, Any]:  # noqa: PLR0911 - one for each address
        if path in self.answers:
            return self.answers[path]
        match path:
            case "/.well-known/openid-configuration":
                names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
                places = ("authorize", "token", "userinfo", "keys")
                found = {name: f"{self.issuer}/{place}" for name, place in zip(names, places, strict=True)}
                return 200, {"issuer": self.issuer, **found}
            case "/keys":
                public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
                return 200, {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}
            case "/authorize":
                code = f"code-{len(self._nonces)}"
                self._nonces[code] = given["nonce"]
                return 302, f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"
            case "/token":
                is_right = (given["client_id"], given["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
                if not is_right or given["code"] not in self._nonces or not given.get("code_verifier"):
                    return 400, {"error": "invalid_grant"}
                token = self.id_token(self._nonces.pop(given["code"]))
                return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}
            case "/userinfo":
                return 200, self.person
        return 404, {}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= {"sub": self.person["sub"], "auth_time": now, **self.token}
        key, algorithm = self.signed_with
        return jwt.encode(claims, key, algorithm, headers={"kid": "one"})

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                self._give(parts.path, parts.query)

            def do_POST(self) -> None:
                self._give(self.path, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _give(self, path: str, query: str) -> None:
                given = {name: values[0] for name, values in parse_qs(query).items()}
                provider.asked.append((path, given))
                status, body = provider.answer(path, given)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", body)
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


@contextmanager
def openid_provider() -> Iterator[OpenIDProvider]:
    started = OpenIDProvider()
    try:
        yield started
    finally:
        started.stop()


def settings_for(provider: OpenIDProvider) -> dict[str, str]:
    """The environment of an install that uses it."""
    return {
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME": "Example Organisation",
        "OIDC_GROUPS": "Reviewer=wsis-reviewers,Manager=wsis-managers,Administrator=wsis-administrators",
    }
