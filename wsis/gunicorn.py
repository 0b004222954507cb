"""The web server's configuration, the same on a laptop and in production."""

from typing import Any

from django.conf import settings
from gunicorn import glogging
from gunicorn.http.wsgi import Response

from wsis.logs import WithoutRows, printable, without_links

# A request is short: whatever holds one up is cut off, and the visitor gets a page with their text instead.
# The worker's long exports are not cut: these are set for the web server alone.
_options = settings.DATABASES["default"]["OPTIONS"]
_bounds = "-c statement_timeout=10s -c lock_timeout=8s -c idle_in_transaction_session_timeout=15s"
_options["options"] = f"{_options.get('options', '')} {_bounds}".strip()

bind = settings.BIND
workers = settings.WEB_PROCESSES
threads = 8
worker_class = "gthread"
# Of the worker's own life, not of a visitor's silence: what comes slowly is the proxy's to gather (docs/operations.md).
timeout = 60
graceful_timeout = 20
keepalive = 5
# Replaces a process now and then, so that a leak never becomes an outage.
max_requests = 20_000
max_requests_jitter = 2_000
# The address and the outcome; no query, no cookie, no address of the visitor.
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
errorlog = "-"
control_socket_disable = True


class Logger(glogging.Logger):  # type: ignore[misc]
    """The logs of the server: an address is one line, without a link that opens something."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(WithoutRows(self.error_fmt, self.datefmt))

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {
            name: without_links(printable(value)) if isinstance(value, str) else value for name, value in atoms.items()
        }


logger_class = Logger

_default_headers = Response.default_headers


def _headers_without_server(self: Any) -> list[str]:
    # Which program answers is nobody's business; gunicorn has no setting for it.
    return [line for line in _default_headers(self) if not line.startswith("Server:")]


Response.default_headers = _headers_without_server


def post_worker_init(worker: Any) -> None:
    # The app is loaded only now, so this cannot be imported above.
    from wsis.heartbeat import keep_beating  # noqa: PLC0415
    from wsis.models import Heartbeat  # noqa: PLC0415

    keep_beating(Heartbeat.Part.WEB)
