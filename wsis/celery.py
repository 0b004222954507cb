"""The Celery app and the whole timetable.

Everything that happens later is a sweep that looks for due rows. Nothing is scheduled for a distant date,
so a worker that slept, two beats or a flushed broker change nothing but the moment of the next look.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis.settings")

app = Celery("wsis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.update(
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # The hard limit stays below the visibility timeout, or Redis hands a running task to a second worker.
    task_time_limit=30 * 60,
    broker_transport_options={"visibility_timeout": 60 * 60, "socket_timeout": 5, "socket_connect_timeout": 5},
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    timezone="UTC",
)

# A message older than its period is stale: the next sweep does the same work. So it expires, and a worker
# that comes back after a day finds one of each, not a day's backlog.
app.conf.beat_schedule = {
    "close what is due": {
        "task": "themes.close_due_consultations",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "write the records of what is closed": {
        "task": "submissions.write_due_records",
        "schedule": 15,
        "options": {"expires": 15},
    },
    "make the export that has waited longest": {
        "task": "submissions.make_next_export",
        "schedule": 3,
        "options": {"expires": 3},
    },
    "remove the exports that were kept long enough": {
        "task": "submissions.remove_expired_exports",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "send the mail that is due": {
        "task": "submissions.send_due_mail",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "read what came back, and what people answer": {
        "task": "submissions.read_mailbox",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "remind drafters of the cutoff": {
        "task": "submissions.queue_due_reminders",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "write the day's checkpoint": {
        "task": "submissions.write_due_checkpoint",
        "schedule": 10 * 60,
        "options": {"expires": 10 * 60},
    },
    "remove the personal data that was kept long enough": {
        "task": "privacy.remove_outdated",
        "schedule": 10 * 60,
        "options": {"expires": 10 * 60},
    },
    "raise and take down flags": {
        "task": "submissions.raise_flags",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "tell colleagues what was given to them": {
        "task": "submissions.tell_assigned",
        "schedule": 10 * 60,
        "options": {"expires": 10 * 60},
    },
    "index what was sent, for the search": {
        "task": "submissions.index_new",
        "schedule": 3,
        "options": {"expires": 3},
    },
    "add to the register, and sign it": {
        "task": "publication.append_to_register",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "mail news of closings and publications": {
        "task": "publication.queue_mailings",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "have closings stamped by others": {
        "task": "publication.stamp_checkpoints",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "publish what was confirmed, and draw anew what was held back": {
        "task": "publication.keep_up",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "count the front page's figures": {
        "task": "submissions.count_figures",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "count the matrices that are due": {
        "task": "submissions.count_matrices",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "say that beat and worker are alive": {
        "task": "wsis.beat_heart",
        "schedule": 30,
        "options": {"expires": 30},
    },
}
