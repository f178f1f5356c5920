# SPDX-License-Identifier: Apache-2.0
"""A model that predicts."""
from __future__ import annotations

import dataclasses
import itertools
import json
import os
import threading
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Sequence, cast, overload

import numpy as np

from facet import _library, _photos
from facet._error import Error
from facet._library import NULL, ffi, lib
from facet._options import PRECISIONS, CallOptions, choice, number
from facet._photos import Input, PhotoLike
from facet._results import Box, Photo

if TYPE_CHECKING:
    from facet._head import Head

# Between so many photos of a list Python has its say, e.g. on Ctrl-C.
_PHOTOS_A_CALL = 64


class Model:
    """A model and what runs it. Thread-safe; other Python threads run while it works.

    path: a model file; ``None``: the one that ``$FACET_MODEL`` names, else ``best``. The names
        ``"best"``, ``"fast"`` and ``"paper"`` stand for those that came with this package.
    precision: ``"auto"``, ``"fp32"`` or ``"bf16"`` (only on processors that have it).
    threads: cores that one call uses; ``None``: all. Answers do not depend on it.
    calls: calls, from several Python threads, that work at once; others wait.

    A process that predicted and is then forked cannot predict in the child: facet raises Error
    ``"unsupported"`` there. Use ``multiprocessing.get_context("spawn")``; a model can be pickled,
    and is loaded again there.
    """

    def __init__(
        self,
        path: "str | os.PathLike[str] | None" = None,
        *,
        precision: str = "auto",
        threads: "int | None" = None,
        calls: int = 1,
    ) -> None:
        self._arguments = (path, precision, threads, calls)
        self._explainer: Any = None  # made when first asked for
        self._lock = threading.Lock()
        _library.process.check()
        file = NULL if path is None else _model_file(os.fspath(path))
        self._model = _library.made(
            "model", lib.facet_model_free, lambda out: lib.facet_model_load(file, out)
        )
        options = _library.struct("facet_predictor_options")
        options.threads = number("threads", threads, least=1)
        options.calls = number("calls", calls, least=1)
        options.precision = choice("precision", precision, PRECISIONS)
        self._predictor = _library.made(
            "predictor",
            lib.facet_predictor_free,
            lambda out: lib.facet_predictor_create(self._model, options, out),
        )

    def __reduce__(self) -> "tuple[Any, ...]":
        return _load, self._arguments

    def __repr__(self) -> str:
        return f"<facet.Model {self.name} {self.version}, {self.precision}>"

    @property
    def name(self) -> str:
        return _library.text(lib.facet_model_name(self._model))

    @property
    def version(self) -> str:
        """Of the weights, not of facet."""
        return _library.text(lib.facet_model_version(self._model))

    @property
    def checksum(self) -> str:
        return _library.text(lib.facet_model_checksum(self._model))

    @property
    def licence(self) -> str:
        """Of the weights and of the data behind them."""
        return _library.text(lib.facet_model_licence(self._model))

    @property
    def precision(self) -> str:
        """As it was asked for."""
        return self._arguments[1]

    @property
    def info(self) -> "dict[str, Any]":
        """What ``facet model info --json`` shows."""
        text = _library.taken_text(lambda out: lib.facet_model_info_json(self._model, out))
        result: dict[str, Any] = json.loads(text)
        return result

    def attribute_names(self, head: str = "celeba") -> "list[str]":
        count = ffi.new("size_t*")
        of = head.encode()
        _library.check(lib.facet_model_attribute_count(self._model, of, count))
        name = ffi.new("char**")
        names = []
        for i in range(count[0]):
            _library.check(lib.facet_model_attribute_name(self._model, of, i, name))
            names.append(_library.text(name[0]))
        return names

    def feature_size(self, head: str = "celeba") -> int:
        """Numbers in a face's feature vector."""
        size = ffi.new("size_t*")
        _library.check(lib.facet_model_feature_size(self._model, head.encode(), size))
        return int(size[0])

    @overload
    def predict(  # type: ignore[misc]  # a str is a photo, and a sequence as well
        self,
        photos: PhotoLike,
        *,
        head: str = ...,
        threshold_mode: str = ...,
        threshold: "float | None" = ...,
        min_face: "float | None" = ...,
        max_faces: "int | None" = ...,
        dominant: bool = ...,
        all: bool = ...,
        extra_heads: "Sequence[Head | str | os.PathLike[str]]" = ...,
        features: bool = ...,
        boxes_only: bool = ...,
        proposals: str = ...,
        turns: str = ...,
        tolerant: bool = ...,
        max_pixels: "int | None" = ...,
        timeout: "float | None" = ...,
        color: str = ...,
        errors: str = ...,
    ) -> Photo: ...

    @overload
    def predict(
        self,
        photos: "Iterable[PhotoLike]",
        *,
        head: str = ...,
        threshold_mode: str = ...,
        threshold: "float | None" = ...,
        min_face: "float | None" = ...,
        max_faces: "int | None" = ...,
        dominant: bool = ...,
        all: bool = ...,
        extra_heads: "Sequence[Head | str | os.PathLike[str]]" = ...,
        features: bool = ...,
        boxes_only: bool = ...,
        proposals: str = ...,
        turns: str = ...,
        tolerant: bool = ...,
        max_pixels: "int | None" = ...,
        timeout: "float | None" = ...,
        color: str = ...,
        errors: str = ...,
    ) -> "list[Photo]": ...

    def predict(
        self,
        photos: "PhotoLike | Iterable[PhotoLike]",
        *,
        head: str = "celeba",
        threshold_mode: str = "accuracy",
        threshold: "float | None" = None,
        min_face: "float | None" = None,
        max_faces: "int | None" = None,
        dominant: bool = False,
        all: bool = False,  # noqa: A002  (as the command calls it)
        extra_heads: "Sequence[Head | str | os.PathLike[str]]" = (),
        features: bool = False,
        boxes_only: bool = False,
        proposals: str = "evidence",
        turns: str = "auto",
        tolerant: bool = False,
        max_pixels: "int | None" = None,
        timeout: "float | None" = None,
        color: str = "rgb",
        errors: str = "raise",
    ) -> "Photo | list[Photo]":
        """The faces of one photo, or a list of them for each of several photos.

        photos: a path, the bytes of a photo file, a file object opened in binary mode, a Pillow
            image (its EXIF orientation is applied) or a NumPy array of uint8, height × width (× 1,
            3 or 4); or a list of such, or an array of arrays. Files and bytes of a list are read side
            by side on all cores; the answers come in the order of the photos.
        head: whose notion of the attributes, ``"celeba"`` or ``"lfwa"``.
        threshold_mode: ``"accuracy"`` or ``"balanced"``, which finds more of what is rare.
        threshold, min_face, max_faces, dominant, all, proposals, turns, tolerant, max_pixels: as
            the options of ``facet predict`` and ``facet locate`` of that name.
        extra_heads: further attributes: fitted heads, or files that ``facet teach`` or
            ``Head.save`` wrote.
        features: also each face's feature vector.
        boxes_only: faces without attributes.
        timeout: seconds after which Error ``"timed_out"`` is raised.
        color: ``"rgb"`` or ``"bgr"``, of arrays.
        errors: what happens to a photo of a list that cannot be read. ``"raise"``: the others
            are answered, then Error is raised, whose ``results`` hold all answers.
            ``"return"``: its answer has no face and an ``error``.
        """
        if errors not in ("raise", "return"):
            raise Error(f'errors is {errors!r}, must be "raise" or "return"', "invalid_argument")
        many = _photos.is_many(photos)
        options = CallOptions(
            self,
            head=head,
            threshold_mode=threshold_mode,
            proposals=proposals,
            turns=turns,
            threshold=threshold,
            min_face=min_face,
            max_faces=max_faces,
            max_pixels=max_pixels,
            timeout=timeout,
            extra_heads=extra_heads,
            dominant=dominant,
            all=all,
            boxes_only=boxes_only,
            features=features,
            tolerant=tolerant,
        )
        given: Iterator[Any] = iter(cast("Iterable[Any]", photos) if many else [photos])
        answers: list[Photo] = []
        while True:
            some = itertools.islice(given, _PHOTOS_A_CALL)
            part = [_photos.input_of(photo, color) for photo in some]
            if not part:
                break
            answers.extend(self._answers(part, options))
        if errors == "raise":
            _raise_first(answers, many)
        return answers if many else answers[0]

    def describe(
        self,
        photo: PhotoLike,
        boxes: "Sequence[Box | Sequence[float]]",
        *,
        head: str = "celeba",
        threshold_mode: str = "accuracy",
        extra_heads: "Sequence[Head | str | os.PathLike[str]]" = (),
        features: bool = False,
        tolerant: bool = False,
        timeout: "float | None" = None,
        color: str = "rgb",
    ) -> Photo:
        """Attributes of faces whose boxes are given, in their order, with score 0."""
        options = CallOptions(
            self,
            head=head,
            threshold_mode=threshold_mode,
            extra_heads=extra_heads,
            features=features,
            tolerant=tolerant,
            timeout=timeout,
        )
        places = ffi.new("facet_box[]", [_corners(box) for box in boxes])
        asked = _photos.input_of(photo, color)
        _library.process.check()
        result = _library.made(
            "result",
            lib.facet_result_free,
            lambda out: lib.facet_describe(
                self._predictor, asked.handle, places, len(boxes), options.value, out
            ),
        )
        return _photo_of(result, asked, features)

    def explain(
        self,
        photo: PhotoLike,
        attributes: "Sequence[str]" = (),
        *,
        head: str = "celeba",
        threshold_mode: str = "accuracy",
        max_faces: "int | None" = None,
        dominant: bool = False,
        tolerant: bool = False,
        timeout: "float | None" = None,
        color: str = "rgb",
    ) -> "dict[str, Any]":
        """Why the faces of a photo have their attributes, as ``facet explain --format json`` says it.

        attributes: those to explain, whether they hold or not; none: those that hold. Each face of
            the answer has ``"sentence"``, ``"square"`` and ``"explanations"`` (docs/explain.md);
            the terms of an explanation sum to its score.
        The model's file needs its ``.explain`` file beside it.
        """
        options = CallOptions(
            self, head=head, threshold_mode=threshold_mode, max_faces=max_faces,
            dominant=dominant, tolerant=tolerant, timeout=timeout,
        )  # fmt: skip
        text = self._explained(lib.facet_explain_json, photo, attributes, options, color)
        result: dict[str, Any] = json.loads(text)
        return result

    def explain_html(
        self,
        photo: PhotoLike,
        attributes: "Sequence[str]" = (),
        *,
        head: str = "celeba",
        threshold_mode: str = "accuracy",
        color: str = "rgb",
    ) -> str:
        """The same as a page of its own. It holds the faces of the photo."""
        options = CallOptions(self, head=head, threshold_mode=threshold_mode)
        return self._explained(lib.facet_explain_html, photo, attributes, options, color)

    def _explained(
        self, ask: Any, photo: PhotoLike, attributes: "Sequence[str]", options: CallOptions, color: str
    ) -> str:
        _library.process.check()
        with self._lock:
            if self._explainer is None:
                how = _library.struct("facet_predictor_options")
                how.threads = number("threads", self._arguments[2], least=1)
                how.precision = choice("precision", self._arguments[1], PRECISIONS)
                self._explainer = _library.made(
                    "explainer",
                    lib.facet_explainer_free,
                    lambda out: lib.facet_explainer_create(self._model, NULL, how, out),
                )
        asked = _photos.input_of(photo, color)
        names = [ffi.new("char[]", name.encode()) for name in attributes]
        given = ffi.new("char*[]", names)
        return _library.taken_text(
            lambda out: ask(
                self._explainer,
                asked.handle,
                options.value,
                ffi.cast("char const* const*", given),
                len(names),
                out,
            )
        )

    def _answers(self, photos: "list[Input]", options: CallOptions) -> "list[Photo]":
        handles = ffi.new("facet_photo*[]", [photo.handle for photo in photos])
        results = ffi.new("facet_result*[]", len(photos))
        _library.process.check()
        _library.check(
            lib.facet_predict(
                self._predictor,
                ffi.cast("facet_photo const* const*", handles),
                len(photos),
                options.value,
                results,
            )
        )
        owned = [ffi.gc(result, lib.facet_result_free) for result in results]
        return [_photo_of(result, photo, options.features) for result, photo in zip(owned, photos)]


def _load(path: Any, precision: str, threads: "int | None", calls: int) -> Model:
    return Model(path, precision=precision, threads=threads, calls=calls)


def _model_file(path: str) -> bytes:
    if path in ("best", "fast", "paper") and not os.path.exists(path):
        above = _library.HERE.parents
        # Inside the wheel; or of the system, seen from lib/python3/dist-packages/facet.
        for folder in (_library.HERE / "models", above[3] / "share/facet/models"):
            if (folder / f"{path}.safetensors").exists():
                return os.fsencode(folder / f"{path}.safetensors")
    return os.fsencode(path)


def _corners(box: "Box | Sequence[float]") -> "tuple[float, float, float, float]":
    if isinstance(box, Box):
        return box.x, box.y, box.width, box.height
    x, y, width, height = box
    return float(x), float(y), float(width), float(height)


def _features_of(result: Any, index: int) -> Any:
    face = _library.struct("facet_face")
    _library.check(lib.facet_result_face(result, index, face))
    size = face.feature_count * 4
    values = np.frombuffer(ffi.buffer(face.features, size)[:], dtype=np.float32)
    return values


def _photo_of(result: Any, photo: Input, features: bool) -> Photo:
    text = _library.taken_text(lambda out: lib.facet_result_to_json(result, out))
    code = "unreadable"
    value = json.loads(text)
    if value["status"] == "unreadable":
        about = _library.struct("facet_photo_info")
        _library.check(lib.facet_result_photo(result, about))
        code = _library.text(lib.facet_status_name(about.error))
    answer = Photo.from_dict(value, code)
    if features and answer.faces:
        faces = tuple(
            dataclasses.replace(face, features=_features_of(result, i))
            for i, face in enumerate(answer.faces)
        )
        answer = dataclasses.replace(answer, faces=faces)
    return answer


def _raise_first(answers: "list[Photo]", many: bool) -> None:
    faults = [answer for answer in answers if answer.error is not None]
    if not faults:
        return
    first = faults[0]
    assert first.error is not None
    message = f"{first.path}: {first.error}" if first.path else str(first.error)
    if len(faults) > 1:
        message += f" (and {len(faults) - 1} more of {len(answers)} photos)"
    raise Error(message, first.error.code, answers if many else None)
