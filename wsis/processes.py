"""The three processes of an install, as `make run` starts them and as docker-compose.yml does (one test compares)."""

PREPARE = ("manage.py", "prepare")
WEB = ("-m", "gunicorn", "--config", "python:wsis.gunicorn", "wsis.wsgi")
WORKER = (
    "-m",
    "celery",
    "--app",
    "wsis",
    "worker",
    "--concurrency",
    "3",
    "--without-gossip",
    "--without-mingle",
)
# The scheduler that keeps its state in memory: everything in the timetable is a sweep, so there is none to keep.
BEAT = ("-m", "celery", "--app", "wsis", "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", "")
