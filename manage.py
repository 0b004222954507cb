#!/usr/bin/env python
"""The project's verbs, for people who don't use make: `manage.py run`, `demo`, `seed`, `prepare`, `healthcheck`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis.settings")
    execute_from_command_line(sys.argv)
