"""What Django itself takes for the same rows: one view, two tables, no guard, no key, no hash, no mail.

The yardstick of bench/journey.py: it is served by the same server and stores in the same PostgreSQL.
"""

import os
import uuid
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path
from django.utils import timezone

if not settings.configured:
    settings.configure(
        SECRET_KEY="only-for-a-bench",
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="bench.bare",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": os.environ["BARE_DATABASE"],
                "HOST": os.environ["BARE_HOST"],
                "USER": os.environ["BARE_USER"],
                "PASSWORD": os.environ["BARE_PASSWORD"],
                "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}},
            }
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()

TEXT = "word " * 250
PAGE = engines["django"].from_string("<!doctype html><title>{{ title }}</title><p>{{ title }}")


class Sending(models.Model):
    reference = models.CharField(max_length=14)
    version = models.PositiveSmallIntegerField(default=1)
    sending_key = models.UUIDField(unique=True, default=uuid.uuid4)
    received_at = models.DateTimeField(db_index=True)
    content_sha256 = models.CharField(max_length=64)
    answers = models.TextField()

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return self.reference


class Text(models.Model):
    sending = models.ForeignKey(Sending, models.CASCADE)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    words = models.PositiveIntegerField()

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return str(self.number)


def make_tables() -> None:
    with connection.schema_editor() as editor:
        for model in (Sending, Text):
            editor.create_model(model)


def store(request: HttpRequest, areas: int) -> HttpResponse:
    key = uuid.uuid4()
    with transaction.atomic():
        sending = Sending._default_manager.create(
            reference=key.hex[:14],
            sending_key=key,
            received_at=timezone.now(),
            content_sha256=key.hex * 2,
            answers="A bench, KE, civil-society, a.person@example.org",
        )
        Text._default_manager.bulk_create(
            Text(sending=sending, number=number, text=TEXT, words=250) for number in range(1, areas + 1)
        )
    answer = HttpResponseRedirect("/")
    answer.status_code = 303
    return answer


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render({"title": "A small page"}, request))


urlpatterns: list[Any] = [path("", page), path("store/<int:areas>/", store)]
application = get_wsgi_application()
