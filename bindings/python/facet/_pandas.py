# SPDX-License-Identifier: Apache-2.0
"""Results as a table."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from facet._results import Face, Photo

if TYPE_CHECKING:
    import pandas

_TEXTS = ("warning", "reason")
_NO_NUMBERS = ("path", "status", "below_threshold", *_TEXTS)


def to_pandas(results: "Photo | Iterable[Photo]") -> "pandas.DataFrame":
    """A row a face, a column an attribute's probability: the columns of ``--format csv``.

    A photo without a face has one row whose cells are empty (NaN), so that none gets lost.
    """
    import pandas

    photos = [results] if isinstance(results, Photo) else list(results)
    names: dict[str, None] = {}
    for photo in photos:
        for face in photo.faces:
            names.update(dict.fromkeys(attribute.name for attribute in face))
    columns = ["path", "status", "x", "y", "width", "height", "score", "below_threshold", "turn"]
    columns += ["faces_left_out", *_TEXTS]
    rows = [_row(photo, face) for photo in photos for face in photo.faces or (None,)]
    table = pandas.DataFrame(rows, columns=columns + list(names))
    numbers = [name for name in table.columns if name not in _NO_NUMBERS]
    table[numbers] = table[numbers].astype("float64")
    table["below_threshold"] = table["below_threshold"].astype("boolean")
    return table


def _row(photo: Photo, face: "Face | None") -> "dict[str, Any]":
    row: dict[str, Any] = {"path": photo.path, "status": photo.status}
    row.update(faces_left_out=photo.faces_left_out or None, warning=photo.warning or None)
    row.update(reason=None if photo.error is None else str(photo.error))
    if face is not None:
        row.update(face.box.to_dict())
        row.update(score=face.score, below_threshold=face.below_threshold, turn=face.turn)
        for attribute in face:
            row.setdefault(attribute.name, attribute.probability)
    return row
