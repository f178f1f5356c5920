# SPDX-License-Identifier: Apache-2.0
"""The C API: libfacet.so beside this file, loaded once, and its errors as exceptions.

cffi lets other threads run while a function of the library works.
"""
from __future__ import annotations

import os
import pathlib
from typing import Any, Callable

from facet._error import Error
from facet._ffi import ffi as ffi, soname

HERE = pathlib.Path(__file__).resolve().parent
NULL = ffi.NULL


def _open() -> Any:
    named = os.environ.get("FACET_LIBRARY")
    beside = HERE / "lib" / "libfacet.so"
    # A package of the system has the library where the loader finds it.
    path = named or (str(beside) if beside.exists() else soname)
    try:
        return ffi.dlopen(path)
    except OSError as error:
        raise ImportError(f"facet's library cannot be loaded: {error}") from error


lib = _open()


class _Process:
    """Whether this process may predict: OpenMP does not survive fork()."""

    def __init__(self) -> None:
        self.used = False
        self.forked_after_use = False
        os.register_at_fork(after_in_child=self._in_child)

    def _in_child(self) -> None:
        self.forked_after_use = self.forked_after_use or self.used

    def check(self) -> None:
        if self.forked_after_use:
            raise Error(
                "this process was forked from one that had used facet, which cannot work; start "
                'it anew, e.g. by multiprocessing.get_context("spawn")',
                "unsupported",
            )
        self.used = True


process = _Process()


def text(pointer: Any) -> str:
    """UTF-8 of the library."""
    result: str = ffi.string(pointer).decode("utf-8", "replace")
    return result


def check(status: int) -> None:
    """Raises what the last call said, unless it succeeded."""
    if status != lib.FACET_OK:
        raise Error(text(lib.facet_last_error()), text(lib.facet_status_name(status)))


def made(kind: str, free: Callable[[Any], None], call: Callable[[Any], Any]) -> Any:
    """The handle that `call` puts into its output; freed when nobody refers to it."""
    output = ffi.new(f"facet_{kind}**")
    check(call(output))
    return ffi.gc(output[0], free)


def taken_text(call: Callable[[Any], Any]) -> str:
    """The text that `call` puts into its output."""
    output = ffi.new("char**")
    check(call(output))
    try:
        return text(output[0])
    finally:
        lib.facet_text_free(output[0])


def struct(kind: str) -> Any:
    """A struct of the API with its size set and all else 0."""
    value = ffi.new(f"{kind}*")
    value.struct_size = ffi.sizeof(kind)
    return value
