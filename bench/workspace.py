"""The workspace with many submissions: what the server takes for each of its pages, and how many queries.

    python -m bench.workspace [--submissions 100000] [--turns 9] [--reviewed]

Fills a consultation in a temporary PostgreSQL, ten texts a submission, and asks each page through Django's own client:
the median of the turns, the slowest, the queries. The ratio is to the page of one submission, of the same run.
"""

import argparse
import gc
import statistics
import time

from bench.staging import database


def main() -> None:
    arguments = argparse.ArgumentParser(description="The secretariat's pages.")
    arguments.add_argument("--submissions", type=int, default=100_000)
    arguments.add_argument("--turns", type=int, default=9)
    arguments.add_argument("--reviewed", action="store_true", help="as after weeks of work: reviews, tags, decisions")
    asked = arguments.parse_args()
    with database():
        from bench.filling import fill, review

        began = time.perf_counter()
        count = fill(asked.submissions, themes=10, final=False)
        changes = review() if asked.reviewed else 0
        filled = time.perf_counter() - began
        print(f"{asked.submissions:,} submissions, {count:,} texts, {changes:,} changes, filled in {filled:.0f} s\n")
        measure(asked.turns)


def measure(turns: int) -> None:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    from submissions.models import KeptFigures, Submission, Tag
    from submissions.queries import figures, matrix

    # What the worker keeps.
    figures.count_all()
    matrix.count_all()
    setup_test_environment()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.SECOND_FACTOR = False
    # As a web process is (wsis/gunicorn.py): what the filling left behind is not looked through again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("bench"))
    lists = "/admin/submissions/submission/"
    middle = Submission.objects.order_by("pk")[Submission.objects.count() // 2]
    pages = {
        "one submission": f"{lists}{middle.pk}/change/",
        "list": lists,
        "list, page 20": f"{lists}?p=20",
        "filtered: country": f"{lists}?country=KE",
        "filtered: group and theme": f"{lists}?stakeholder_group__exact=academia&theme=3",
        "filtered: new": f"{lists}?review=new",
        "search: a reference": f"{lists}?q={middle.reference}",
        "search: two words": f"{lists}?q=organisation+{middle.pk}",
        "search: a word of a text": f"{lists}?q={middle.pk}",
        "search: found nowhere": f"{lists}?q=zyzzyva",
        "contributions": "/admin/submissions/contribution/",
        "contributions: a theme": "/admin/submissions/contribution/?theme__id__exact=3",
        "one theme, read": "/admin/submissions/contribution/reading/?theme__id__exact=3",
        "filtered: a tag": f"{lists}?tag={getattr(Tag.objects.first(), 'pk', 0)}",
        "filtered: changed since read": f"{lists}?review=changed",
        "contributions: to decide": "/admin/submissions/contribution/?publication=open",
        "filtered: flagged": f"{lists}?flag=any",
        "matrix": f"{lists}matrix/?rows=tag",
        "near-identical texts": "/admin/submissions/campaign/",
        "mails": "/admin/submissions/mail/",
        "changes": "/admin/submissions/change/",
        "changes: a reference": f"/admin/submissions/change/?q={middle.reference}",
        "changes: of reviews, a word": "/admin/submissions/change/?of=submissions.Review&q=reviewed",
        "front page": "/admin/",
        "front page, worker away": "/admin/",
    }
    usual = 0.0
    print(f"{'':28} {'median':>10} {'slowest':>10} {'queries':>8} {'ratio':>7}")
    for name, url in pages.items():
        took = []
        figures.count_all()  # as the worker does twice a minute
        for _turn in range(turns + 1):
            if name.endswith("away"):
                cache.clear()
                KeptFigures.objects.all().delete()
            began = time.perf_counter()
            answer = client.get(url)
            took.append(time.perf_counter() - began)
            assert answer.status_code == 200, (name, answer.status_code)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        median = statistics.median(took[1:])  # the first warms the caches
        usual = usual or median
        print(
            f"{name:28} {median * 1000:>7.0f} ms {max(took[1:]) * 1000:>7.0f} ms {len(captured):>8} "
            f"{median / usual:>7.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
