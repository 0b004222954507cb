"""What no address can be, for every page at once: without this, looking it up is a 500."""

from collections.abc import Callable

from django.contrib.admin.options import TO_FIELD_VAR
from django.http import Http404, HttpRequest, HttpResponse


class ImpossibleAddresses:
    """PostgreSQL stores no null character, so no page has an address with one; and no field of a model has no name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        if "\0" in request.path_info:
            raise Http404
        # Django's admin looks for the field that this names, also where it names none.
        is_admin = request.resolver_match is not None and "admin" in request.resolver_match.app_names
        if is_admin and "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
            raise Http404
