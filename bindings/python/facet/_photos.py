# SPDX-License-Identifier: Apache-2.0
"""Photos as Python has them, made into photos of the library."""
from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Iterable, Protocol, Union

import numpy as np

from facet import _library
from facet._error import Error
from facet._library import NULL, ffi, lib

if TYPE_CHECKING:
    import numpy.typing as npt


class PillowImage(Protocol):
    """A PIL.Image.Image, whose package need not be there."""

    def getexif(self) -> Any: ...


#: A path, the bytes of a photo file, a file object, a NumPy array or a Pillow image.
PhotoLike = Union[
    str,
    "os.PathLike[str]",
    bytes,
    bytearray,
    memoryview,
    BinaryIO,
    "npt.NDArray[Any]",
    PillowImage,
]

_FORMATS = {
    ("rgb", 1): "FACET_PIXELS_GREY",
    ("bgr", 1): "FACET_PIXELS_GREY",
    ("rgb", 3): "FACET_PIXELS_RGB",
    ("bgr", 3): "FACET_PIXELS_BGR",
    ("rgb", 4): "FACET_PIXELS_RGBA",
    ("bgr", 4): "FACET_PIXELS_BGRA",
}


class Input:
    """A photo of the library, with what it borrows."""

    def __init__(self, name: str, handle: Any, borrowed: Any = None) -> None:
        self.name = name
        self.handle = handle
        self._borrowed = borrowed


def is_many(photos: Any) -> bool:
    """Whether it stands for several photos."""
    if isinstance(photos, np.ndarray):
        return photos.ndim == 4 or photos.dtype == object
    one = (str, bytes, bytearray, memoryview, os.PathLike)
    return (
        isinstance(photos, Iterable)
        and not isinstance(photos, one)
        and not hasattr(photos, "read")
        and not _is_pillow(photos)
    )


def input_of(photo: Any, color: str) -> Input:
    """Raises Error or TypeError for what is no photo; a file is not read yet."""
    if isinstance(photo, (str, os.PathLike)):
        return _of_path(os.fspath(photo))
    if isinstance(photo, (bytes, bytearray, memoryview)):
        return _of_bytes(photo, "")
    if isinstance(photo, np.ndarray):
        return _of_array(photo, color)
    if _is_pillow(photo):
        name = getattr(photo, "filename", "")
        return _of_array(_pillow_array(photo), "rgb", name if isinstance(name, str) else "")
    if hasattr(photo, "read"):
        data = photo.read()
        if not isinstance(data, bytes):
            raise TypeError("a file object with a photo must be opened in binary mode")
        name = getattr(photo, "name", "")
        return _of_bytes(data, name if isinstance(name, str) else "")
    raise TypeError(
        "a photo is a path, bytes, a file object, a Pillow image or a NumPy array, not "
        + type(photo).__name__
    )


def _of_path(path: "str | bytes") -> Input:
    raw = os.fsencode(path)
    if b"\0" in raw:
        raise Error("a path cannot hold a zero byte", "invalid_argument")
    handle = _library.made(
        "photo", lib.facet_photo_free, lambda out: lib.facet_photo_from_file(raw, out)
    )
    return Input(os.fsdecode(raw), handle)


def _of_bytes(data: "bytes | bytearray | memoryview", name: str) -> Input:
    view = ffi.from_buffer(data)
    handle = _library.made(
        "photo",
        lib.facet_photo_free,
        lambda out: lib.facet_photo_from_bytes(view, len(view), os.fsencode(name), out),
    )
    return Input(name, handle, view)


def _of_array(array: "npt.NDArray[Any]", color: str, name: str = "") -> Input:
    if color not in ("rgb", "bgr"):
        raise Error(f'color is {color!r}, must be "rgb" or "bgr"', "invalid_argument")
    if array.dtype != np.uint8:
        raise Error(
            f"an array of {array.dtype}; a photo is an array of uint8, 0 to 255", "invalid_argument"
        )
    shaped = array[:, :, np.newaxis] if array.ndim == 2 else array
    if shaped.ndim != 3 or shaped.shape[2] not in (1, 3, 4) or 0 in shaped.shape:
        raise Error(
            f"an array of shape {array.shape}; a photo is height × width, or that × 1, 3 or 4",
            "invalid_argument",
        )
    height, width, channels = shaped.shape
    rows_stand = shaped.strides[1:] == (channels, 1) and shaped.strides[0] >= width * channels
    if not rows_stand:
        shaped = np.ascontiguousarray(shaped)
    pixels = _library.struct("facet_pixels")
    pixels.data = ffi.cast("uint8_t*", shaped.ctypes.data)
    pixels.size = (height - 1) * shaped.strides[0] + width * channels
    pixels.width = width
    pixels.height = height
    pixels.stride = shaped.strides[0]
    pixels.format = getattr(lib, _FORMATS[color, channels])
    handle = _library.made(
        "photo",
        lib.facet_photo_free,
        lambda out: lib.facet_photo_from_pixels(pixels, os.fsencode(name) or NULL, out),
    )
    return Input(name, handle, shaped)


def _is_pillow(photo: Any) -> bool:
    # Who has a Pillow image has imported Pillow; facet itself does without.
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(photo, module.Image)


def _pillow_array(image: Any) -> "npt.NDArray[np.uint8]":
    """Upright, as the library decodes files: alpha stays, palettes and 16 bits go."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I;16") or upright.mode == "I":
        return np.clip(np.asarray(upright) >> 8, 0, 255).astype(np.uint8)
    with_alpha = ("RGBA", "LA", "PA", "RGBa", "La")
    transparent = "transparency" in upright.info or upright.mode in with_alpha
    if upright.mode == "L" and not transparent:
        return np.asarray(upright)
    return np.asarray(upright.convert("RGBA" if transparent else "RGB"))
