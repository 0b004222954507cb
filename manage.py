#!/usr/bin/env python
"""The project's verbs, for people who don't use make: `manage.py run`, `demo`, `seed`, `prepare`, `healthcheck`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis.settings")
    if sys.argv[1:2] == ["run"]:
        # It starts the others and needs no app loaded itself: a page comes a second sooner.
        from wsis.management.commands.run import Command

        Command().run_from_argv(sys.argv)
    else:
        execute_from_command_line(sys.argv)
