"""How uploads reach the disk before a view runs: no more than a file may have, and without a crash."""

import errno
from typing import Any, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from .readers import LIMITS

# One byte more than the largest file, so that whoever counts sees that it was too large.
KEEP_BYTES = LIMITS.text_bytes + 1
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_MARK = "pars.upload_found_no_room"


def found_no_room(request: HttpRequest) -> bool:
    """The disk was full while this request's file came in; the file is then missing from `request.FILES`."""
    return bool(request.META.get(_MARK))


def means_no_room(error: OSError) -> bool:
    """The disk, or this process's share of it, is full."""
    return error.errno in _NO_ROOM


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Streams into a temporary file and stops writing, not reading, past what any file may have.

    A full disk drops the file and marks the request: this runs inside the form protection's middleware, where
    an exception could only become a broken page.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._give_up(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            if start < KEEP_BYTES:
                super().receive_data_chunk(raw_data[: KEEP_BYTES - start], start)
        except OSError as error:
            self._give_up(error)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        try:
            return super().file_complete(file_size)
        except OSError as error:
            # The last bytes are written only now.
            self._mark(error)
            return None

    def _give_up(self, error: OSError) -> NoReturn:
        self._mark(error)
        raise SkipFile from error

    def _mark(self, error: OSError) -> None:
        if not means_no_room(error) or self.request is None:
            raise error
        self.request.META[_MARK] = True
