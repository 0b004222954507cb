"""The web server's configuration, the same on a laptop and in production."""

import gc
import os
import shutil
import tempfile
from typing import Any

from django.conf import settings
from gunicorn import glogging

from wsis.logs import WithoutRows

# A request is short: whatever holds one up is cut off, and the visitor gets a page with their text instead.
# The worker's long exports are not cut: these are set for the web server alone.
_options = settings.DATABASES["default"]["OPTIONS"]
_bounds = "-c statement_timeout=10s -c lock_timeout=8s -c idle_in_transaction_session_timeout=15s"
_options["options"] = f"{_options.get('options', '')} {_bounds}".strip()

# Where the web processes count for /metrics/; set before the library that counts is loaded with the app.
if settings.METRICS_TOKEN:
    settings.METRICS_DIR = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="wsis-metrics-")

bind = settings.BIND
workers = settings.WEB_PROCESSES
threads = 8
worker_class = "wsis.web_worker.WaitressWorker"
# Of the worker's own life, not of a visitor's silence.
timeout = 60
graceful_timeout = 20
# Replaces a process now and then, so that a leak never becomes an outage.
max_requests = 20_000
max_requests_jitter = 2_000
# The app is loaded once and its processes are forked from it: they start sooner, and share what they do not change.
preload_app = True
errorlog = "-"
control_socket_disable = True


class Logger(glogging.Logger):  # type: ignore[misc]
    """The log of the server itself; each request is logged by web_worker.py."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(WithoutRows(self.error_fmt, self.datefmt))


logger_class = Logger


# What was loaded once stays: no process looks through it again for what may be thrown away, nor writes to its pages.
def pre_fork(server: Any, worker: Any) -> None:
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    gc.set_threshold(20_000, 20, 20)
    # This file is read before the app is loaded, so this cannot be imported above.
    from wsis.heartbeat import keep_beating  # noqa: PLC0415
    from wsis.models import Heartbeat  # noqa: PLC0415

    keep_beating(Heartbeat.Part.WEB)


def on_exit(server: Any) -> None:
    if settings.METRICS_TOKEN:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
