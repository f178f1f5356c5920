# SPDX-License-Identifier: Apache-2.0
"""The one family of exceptions that facet raises."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facet._results import Photo


class Error(Exception):
    """What went wrong, in one line that may be shown to a user.

    ``code`` says which kind: ``"invalid_argument"``, ``"not_found"``, ``"unreadable"``,
    ``"too_large"``, ``"bad_model"``, ``"io"``, ``"unsupported"``, ``"cancelled"``,
    ``"timed_out"``, ``"out_of_memory"``, ``"internal"``.

    Where one photo of a list could not be read, ``results`` holds what was found out about all of
    them, in order; the unreadable ones have an ``error``. Otherwise it is empty.
    """

    def __init__(self, message: str, code: str, results: "list[Photo] | None" = None) -> None:
        super().__init__(message)
        self.code = code
        self.results: list[Photo] = results if results is not None else []

    def __reduce__(self) -> "tuple[Any, ...]":
        return type(self), (str(self), self.code, self.results)
