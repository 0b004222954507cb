"""Counting long lists: exact while they are short, and remembered for half a minute when they are not.

What is asked of one text after the other (search/find.py) is counted up to a bound: that it is more says enough.
"""

import hashlib
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator

EXACT_COUNT_LIMIT = 1_000
READ_THROUGH_LIMIT = 1_000
CACHE_SECONDS = 30  # seconds


class CachedCountPaginator(Paginator):  # type: ignore[type-arg]
    """Counting thousands of rows costs more than showing fifty of them."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        try:
            query = str(rows.order_by().values("pk").query)
        except EmptyResultSet:
            # A number out of range, say: Django knows without asking that there is nothing.
            return 0
        key = "count:" + hashlib.sha256(query.encode()).hexdigest()
        known = cache.get(key)
        if known is None:
            is_read_through = " @@ " in query
            known = rows.order_by()[: READ_THROUGH_LIMIT + 1].count() if is_read_through else rows.count()
            if known > (READ_THROUGH_LIMIT if is_read_through else EXACT_COUNT_LIMIT):
                cache.set(key, known, CACHE_SECONDS)
        return int(known)
