"""Figures for whoever runs the install, in the format of Prometheus, at /metrics/ for those who have METRICS_TOKEN.

How long requests took and had waited is counted in each web process and summed here, over all of them. What the
database knows (mail that waits, the last round of beat and worker) is asked when somebody looks. Apps add theirs by
`gauge`. Nothing here is about a visitor: addresses of pages stand by the name of their view alone.
"""

import time
from collections.abc import Callable, Iterable
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from wsis import heartbeat
from wsis.models import Heartbeat
from wsis.request_queue import lane_of, waited

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

took_seconds = Histogram("wsis_request_seconds", "Time to answer a request", ["view", "method"], buckets=SECONDS)
waited_seconds = Histogram("wsis_request_waited_seconds", "Time before it was begun", ["lane"], buckets=SECONDS)
answers = Counter("wsis_answers", "Answers by their status", ["view", "status"])

Reading = Callable[[], Iterable[tuple[dict[str, str], float]]]
"""Gives (labels, value) pairs."""
_gauges: dict[str, tuple[str, list[str], Reading]] = {}


def gauge(name: str, meaning: str, labels: Iterable[str] = ()) -> Callable[[Reading], Reading]:
    """Decorates what is asked when somebody looks."""

    def decorate(reading: Reading) -> Reading:
        _gauges[name] = (meaning, list(labels), reading)
        return reading

    return decorate


@gauge("wsis_round_of_beat_and_worker_age_seconds", "Since the minute in which a worker last did what beat had sent")
def _age() -> Iterable[tuple[dict[str, str], float]]:
    age = heartbeat.age(Heartbeat.Part.WORKER)
    return [({}, age.total_seconds())] if age is not None else []


class _Asked(Collector):
    def collect(self) -> Iterable[GaugeMetricFamily]:
        for name, (meaning, labels, reading) in _gauges.items():
            family = GaugeMetricFamily(name, meaning, labels=labels)
            for values, value in reading():
                family.add_metric([values[label] for label in labels], value)
            yield family


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Looks like no page at all to whoever has not the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Asked())
    # Under another server than ours there is one process, and no folder in which several count.
    counted = CollectorRegistry()
    if hasattr(settings, "METRICS_DIR"):  # wsis/gunicorn.py
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    else:
        for metric in (took_seconds, waited_seconds, answers):
            counted.register(metric)
    return HttpResponse(generate_latest(registry) + generate_latest(counted), content_type=CONTENT_TYPE_LATEST)


class Measured:
    """Counts each request, where somebody may look at the figures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.METRICS_TOKEN:
            return self.get_response(request)
        began = time.monotonic()
        lane = lane_of(request.method or "", request.path, request.headers.get("Cookie", ""))
        waited_seconds.labels(lane.name.lower()).observe(waited(request))
        response = self.get_response(request)
        view = (request.resolver_match.view_name if request.resolver_match else "") or "none"
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
        took_seconds.labels(view, method).observe(time.monotonic() - began)
        answers.labels(view, str(response.status_code)).inc()
        return response
