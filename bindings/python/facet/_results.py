# SPDX-License-Identifier: Apache-2.0
"""What facet says about a photo: plain values that do not change."""
from __future__ import annotations

import difflib
import os
import urllib.parse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterator, Sequence, overload

from facet._error import Error

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Box:
    """A rectangle; (x, y) is the upper left corner, y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    def to_dict(self) -> "dict[str, float]":
        return {"x": self.x, "y": self.y, "width": self.width, "height": self.height}


@dataclass(frozen=True)
class Attribute:
    """One attribute of one face: what labellers would have ticked, not what is true of a person."""

    name: str
    probability: float  #: 0…1, calibrated, that labellers would have ticked it
    threshold: float  #: from which it counts as present
    present: bool

    def to_dict(self) -> "dict[str, Any]":
        return {
            "name": self.name,
            "probability": self.probability,
            "threshold": self.threshold,
            "present": self.present,
        }


@dataclass(frozen=True)
class Face:
    """One face of a photo. ``face["Smiling"]`` is its attribute of that name."""

    box: Box  #: in pixels of the upright photo
    box_normalized: Box  #: in shares of its sides, 0…1
    score: float
    attributes: "tuple[Attribute, ...]" = ()
    turn: int = 0  #: degrees to turn the photo clockwise for the face to be upright
    below_threshold: bool = False  #: only with ``dominant`` or ``all``
    #: the feature vector where it was asked for (float32, read-only)
    features: "npt.NDArray[np.float32] | None" = field(default=None, compare=False, repr=False)

    def __getitem__(self, name: str) -> Attribute:
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        known = [attribute.name for attribute in self.attributes]
        near = difflib.get_close_matches(name, known, 1)
        raise KeyError(name + (f" (did you mean {near[0]}?)" if near else ""))

    def __contains__(self, name: object) -> bool:
        return any(attribute.name == name for attribute in self.attributes)

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes)

    def to_dict(self) -> "dict[str, Any]":
        """As the command writes it to JSON."""
        result: dict[str, Any] = {
            "box": self.box.to_dict(),
            "box_normalized": self.box_normalized.to_dict(),
            "score": self.score,
        }
        if self.turn:
            result["turn"] = self.turn
        if self.below_threshold:
            result["below_threshold"] = True
        if self.attributes:
            result["attributes"] = [attribute.to_dict() for attribute in self.attributes]
        return result

    @classmethod
    def from_dict(cls, value: "dict[str, Any]") -> "Face":
        return cls(
            box=Box(**value["box"]),
            box_normalized=Box(**value["box_normalized"]),
            score=value["score"],
            attributes=tuple(Attribute(**one) for one in value.get("attributes", ())),
            turn=value.get("turn", 0),
            below_threshold=value.get("below_threshold", False),
        )


@dataclass(frozen=True, eq=False)
class Photo(Sequence[Face]):
    """What was found in one photo. It is the sequence of its faces, the strongest first, and equal
    to ``[]`` where there is none.

    ``status`` is ``"ok"``, ``"no_face"`` or, only with ``errors="return"``, ``"unreadable"``; then
    ``error`` says why.
    """

    path: str  #: as it was given; bytes that are not UTF-8 as os.fsdecode() has them
    width: int  #: of the upright photo; 0 where it is unreadable
    height: int
    status: str
    faces: "tuple[Face, ...]" = ()
    min_face: float = 0.0  #: height in pixels of the smallest face that was looked for
    warning: str = ""  #: what is wrong with a file that was read all the same
    reduce: int = 1  #: the sides were divided by this when the photo was decoded
    faces_left_out: int = 0  #: because of ``max_faces``
    error: "Error | None" = None  #: why the photo is unreadable

    @overload
    def __getitem__(self, index: int) -> Face: ...

    @overload
    def __getitem__(self, index: slice) -> "tuple[Face, ...]": ...

    def __getitem__(self, index: "int | slice") -> "Face | tuple[Face, ...]":
        return self.faces[index]

    def __len__(self) -> int:
        return len(self.faces)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Photo):
            return self.to_dict() == other.to_dict()
        if isinstance(other, (list, tuple)):
            return list(self.faces) == list(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.path, self.width, self.height, self.status, self.faces))

    def to_dict(self) -> "dict[str, Any]":
        """As the command writes the photo to JSON, an element of ``"images"``."""
        result: dict[str, Any] = {"path": self.path}
        raw = os.fsencode(self.path)
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            result = {"path": _percent_encoded(raw), "path_encoding": "percent"}
        result.update(width=self.width, height=self.height)
        if self.min_face:
            result["min_face"] = self.min_face
        result["status"] = self.status
        if self.error is not None:
            result["reason"] = str(self.error)
        if self.warning:
            result["warning"] = self.warning
        if self.reduce != 1:
            result["decoded_at"] = f"1/{self.reduce}"
        if self.faces_left_out:
            result["faces_left_out"] = self.faces_left_out
        result["faces"] = [face.to_dict() for face in self.faces]
        return result

    @classmethod
    def from_dict(cls, value: "dict[str, Any]", code: str = "unreadable") -> "Photo":
        """From what the command writes; ``code`` is the kind of error of an unreadable photo."""
        path = value["path"]
        if value.get("path_encoding") == "percent":
            path = os.fsdecode(urllib.parse.unquote_to_bytes(path))
        unreadable = value["status"] == "unreadable"
        return cls(
            path=path,
            width=value["width"],
            height=value["height"],
            status=value["status"],
            faces=tuple(Face.from_dict(face) for face in value["faces"]),
            min_face=value.get("min_face", 0.0),
            warning=value.get("warning", ""),
            reduce=int(value.get("decoded_at", "1/1").split("/")[1]),
            faces_left_out=value.get("faces_left_out", 0),
            error=Error(value.get("reason", ""), code) if unreadable else None,
        )


def _percent_encoded(path: bytes) -> str:
    """'%' and bytes that are not UTF-8 as %XX; docs/json.md."""
    text = path.decode("utf-8", "surrogateescape")
    return "".join(
        f"%{ord(c) - 0xDC00:02X}" if 0xDC80 <= ord(c) <= 0xDCFF else "%25" if c == "%" else c
        for c in text
    )
