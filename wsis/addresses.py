"""What no address can be, for every page at once."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


class NoNullCharacters:
    """PostgreSQL stores no null character, so no page has an address with one; without this, looking it up is a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        if "\0" in request.path_info:
            raise Http404
