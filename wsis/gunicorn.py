"""The web server's configuration, the same on a laptop and in production."""

from django.conf import settings

bind = settings.BIND
workers = settings.WEB_PROCESSES
threads = 8
worker_class = "gthread"
# A slow visitor holds a thread, not a process; these bound how long one may say nothing.
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
