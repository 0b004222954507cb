"""Lists of the workspace that nobody types into."""

from django.db.models import Model
from django.http import HttpRequest

from wsis.tolerant_lists import TolerantListMixin


class ReadOnlyMixin(TolerantListMixin):
    """Rows that their own verbs write, and nobody types."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
