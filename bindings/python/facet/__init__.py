# SPDX-License-Identifier: Apache-2.0
"""facet finds the faces in photos and says forty things about each.

    import facet

    model = facet.Model()
    for face in model.predict("photo.jpg"):
        print(face.box, face["Smiling"].probability)

The weights are for non-commercial research only. An attribute is what labellers ticked when they
looked at photos, not a truth about a person: do not decide anything about anybody by it.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from facet import _library
from facet._error import Error
from facet._model import Model
from facet._pandas import to_pandas
from facet._results import Attribute, Box, Face, Photo

if TYPE_CHECKING:
    from facet._features import Features
    from facet._head import Head

__all__ = [
    "Attribute",
    "Box",
    "Error",
    "Face",
    "Features",
    "Head",
    "Model",
    "Photo",
    "to_pandas",
]
__version__ = _library.text(_library.lib.facet_version())


def __getattr__(name: str) -> Any:
    # They bring scikit-learn, which takes a second to load: nobody else should wait for it.
    if name == "Features":
        from facet._features import Features

        return Features
    if name == "Head":
        from facet._head import Head

        return Head
    raise AttributeError(f"module 'facet' has no attribute {name!r}")


def __dir__() -> "list[str]":
    return sorted(__all__)
