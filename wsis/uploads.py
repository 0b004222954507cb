"""Bounds what anybody may upload, before it is written anywhere."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MAX_BYTES = 4_000_000
_MARK = "wsis.upload_was_refused"


class TooLargeUploadHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: past the limit nothing more of a file is kept, in memory or on disk."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            if self.request is not None:
                self.request.META[_MARK] = True
            # What still comes is read and dropped, so that the visitor gets a page and not a broken connection.
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None  # the next handler keeps it


def was_refused(request: HttpRequest) -> bool:
    """Whether the file that came with this request was too large to be taken."""
    request.FILES  # noqa: B018 - parses the request, if nobody has
    return bool(request.META.get(_MARK))
