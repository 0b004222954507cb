"""Lists whose address was typed by hand, cut off or made up: they say so and start anew, and never fail."""

from contextlib import nullcontext
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError, connection, transaction
from django.http import HttpRequest


class TolerantListMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What no check of a lookup's name finds: a value that PostgreSQL cannot read, a year that is none."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        # Within a transaction, such as a form's, what PostgreSQL refused would refuse everything after it.
        guard = transaction.atomic() if connection.in_atomic_block else nullcontext()
        try:
            with guard:
                return super().get_changelist_instance(request)
        except (DataError, ValueError, OverflowError) as refusal:
            raise IncorrectLookupParameters(str(refusal)) from refusal
