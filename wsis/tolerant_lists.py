"""Lists whose address was typed by hand, cut off or made up: they say so and start anew, and never fail."""

from contextlib import nullcontext
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.db import DataError, connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

# More words than anybody looks for; a search reads the table once for each.
MAX_SEARCH_WORDS = 20


class TolerantListMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What no check of a lookup's name finds: a value that PostgreSQL cannot read, a year that is none."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        words = request.GET.get(SEARCH_VAR, "").split()
        if len(words) > MAX_SEARCH_WORDS:
            asked = request.GET.copy()
            asked[SEARCH_VAR] = " ".join(words[:MAX_SEARCH_WORDS])
            request.GET = asked  # type: ignore[assignment]
            sentence = _("A search takes %(n)d words; the others are left out.")
            messages.warning(request, sentence % {"n": MAX_SEARCH_WORDS})
        # Within a transaction, such as a form's, what PostgreSQL refused would refuse everything after it.
        guard = transaction.atomic() if connection.in_atomic_block else nullcontext()
        try:
            with guard:
                return super().get_changelist_instance(request)
        except (DataError, ValueError, OverflowError) as refusal:
            raise IncorrectLookupParameters(str(refusal)) from refusal
