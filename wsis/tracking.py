"""Says in the history who did it, and on which page: in the workspace alone, so that sending costs nothing more."""

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from pghistory.middleware import HistoryMiddleware

from wsis.faults import away


class WorkspaceHistory(HistoryMiddleware):
    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("admin:index")):
            return self.get_response(request)  # type: ignore[no-any-return]
        try:
            answer: HttpResponse = super().__call__(request)  # type: ignore[no-untyped-call]
        except (OperationalError, InterfaceError) as error:
            # Who it is, is asked of the database before any view: what it cannot answer is told as everywhere.
            return away(request, error)
        return answer
