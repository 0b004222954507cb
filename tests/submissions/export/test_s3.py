"""Exports kept in a bucket: a real server that speaks S3, over HTTP on loopback, and the settings people would set."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from bench.filling import fill
from submissions.export import access, jobs
from submissions.models import Contribution, Export
from tests.export_page import ask, post, rows
from tests.factories import ENGLISH, send
from tests.roles import analyze, as_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    yield f"http://{host}:{port}"
    started.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    """The bucket, empty, and the settings that a deployment makes of its environment."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    env = {
        "EXPORTS_S3_BUCKET": "exports-of-a-test",
        "EXPORTS_S3_ENDPOINT": server,
        "EXPORTS_S3_ACCESS_KEY": "key",
        "EXPORTS_S3_SECRET_KEY": "secret",
    }
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            "from django.conf import settings; import pickle, sys;"
            "sys.stdout.buffer.write(pickle.dumps(settings.STORAGES['default']))",
        ],
        env={**os.environ, **env, "DJANGO_SETTINGS_MODULE": "wsis.settings"},
        capture_output=True,
        check=True,
    ).stdout
    import pickle

    settings.STORAGES = {**settings.STORAGES, "default": pickle.loads(result)}
    client = boto3.client(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(s3={"addressing_style": "path"}),
    )
    client.create_bucket(Bucket="exports-of-a-test")
    yield lambda: [one["Key"] for one in client.list_objects_v2(Bucket="exports-of-a-test").get("Contents", [])]
    for name in [one["Key"] for one in client.list_objects_v2(Bucket="exports-of-a-test").get("Contents", [])]:
        client.delete_object(Bucket="exports-of-a-test", Key=name)
    client.delete_bucket(Bucket="exports-of-a-test")


def test_made_fetched_and_removed(bucket, admin_client, consultation):
    send(consultation, {1: ENGLISH})
    (row,) = rows(ask(admin_client))
    assert row["text"] == "'" + ENGLISH
    export = Export.objects.get()
    assert bucket() == [f"exports/{export.key}/1.csv"]
    Export.objects.update(expires_at=export.finished_at)
    assert access.remove_expired() == 1
    assert bucket() == []


def test_a_large_one_in_parts(bucket, admin_client, consultation):
    """Above 8 MB it is sent in parts, and fetched through a file."""
    with as_owner():
        fill(200, themes=1, characters=45_000, final=False)
    analyze()
    content = ask(admin_client, profile="verbatim")
    assert len(content) > 9_000_000
    texts = list(Contribution.objects.order_by("submission_id").values_list("text", flat=True))
    assert [row["text"] for row in rows(content)] == texts
    assert len(texts) == 200


def test_a_bucket_that_is_not_there_is_a_failure_with_a_reason(bucket, admin_client, consultation, settings):
    send(consultation)
    options = {**settings.STORAGES["default"]["OPTIONS"], "bucket_name": "no-such-bucket"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    post(admin_client)
    export = Export.objects.get()
    Export.objects.update(attempts=jobs.MAX_ATTEMPTS - 1)
    assert jobs.make_next() == export.pk
    export.refresh_from_db()
    assert (export.state, export.failure) == ("failed", "storage")
    assert "NoSuchBucket" in export.error
