# SPDX-License-Identifier: Apache-2.0
"""Options as Python gives them, made into those of the library."""
from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any, Sequence

from facet import _library
from facet._error import Error
from facet._library import ffi, lib

if TYPE_CHECKING:
    from facet._model import Model

_CHOICES = {
    "threshold_mode": {"accuracy": 0, "balanced": 1},
    "proposals": {"evidence": 0, "edgeboxes": 1},
    "turns": {"auto": 0, "none": 1, "all": 2},
}
PRECISIONS = {"auto": 0, "fp32": 1, "bf16": 2}


def choice(what: str, given: str, known: "dict[str, Any]") -> Any:
    if given in known:
        return known[given]
    names = ", ".join(f'"{name}"' for name in known)
    raise Error(f"{what} is {given!r}, must be one of {names}", "invalid_argument")


def number(what: str, given: "float | None", least: float) -> Any:
    """0, the library's word for its default, where none is given."""
    if given is None:
        return 0
    if not given >= least:  # false for what is no number
        raise Error(f"{what} is {given}, must be at least {least}", "invalid_argument")
    return given


class CallOptions:
    """The options of one call as the library has them, with what they refer to."""

    def __init__(
        self,
        model: Model,
        *,
        head: str,
        threshold: "float | None" = None,
        min_face: "float | None" = None,
        max_faces: "int | None" = None,
        max_pixels: "int | None" = None,
        timeout: "float | None" = None,
        extra_heads: "Sequence[Any]" = (),
        features: bool = False,
        **others: Any,
    ) -> None:
        self.features = features
        self.value = value = _library.struct("facet_predict_options")
        self._head = ffi.new("char[]", head.encode())
        self._extra = [_head_handle(model, extra) for extra in extra_heads]
        self._extra_array = ffi.new("facet_head*[]", self._extra)
        value.head = self._head
        value.extra_heads = ffi.cast("facet_head const* const*", self._extra_array)
        value.extra_head_count = len(self._extra)
        value.features = features
        for name, given in others.items():
            choices = _CHOICES.get(name)
            setattr(value, name, choice(name, given, choices) if choices else bool(given))
        if threshold is not None:
            value.use_threshold = True
            value.threshold = threshold
        value.min_face = number("min_face", min_face, least=8)
        value.max_faces = number("max_faces", max_faces, least=1)
        value.max_pixels = number("max_pixels", max_pixels, least=1)
        if timeout is not None:
            # No time at all still means a moment: 0 would be no limit.
            value.timeout_ms = max(1, math.ceil(1000 * number("timeout", timeout, least=0)))


def _head_handle(model: Model, head: Any) -> Any:
    if isinstance(head, (str, os.PathLike)):
        file = os.fsencode(head)
        return _library.made(
            "head", lib.facet_head_free, lambda out: lib.facet_head_load(file, out)
        )
    return head._handle(model)
