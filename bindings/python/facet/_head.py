# SPDX-License-Identifier: Apache-2.0
"""A head for an attribute of one's own, taught by scikit-learn."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple, Sequence

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.svm import LinearSVC
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from facet import _library
from facet._error import Error
from facet._library import ffi, lib
from facet._model import Model

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_FEWEST_PHOTOS = 10  # fewer are not worth a file, as `facet teach` has it


class _Calibration(NamedTuple):
    """probability = 1 / (1 + exp(-(a * score + b)))"""

    a: float
    b: float

    def logit(self, scores: "Floats") -> "Floats":
        return self.a * scores + self.b


class Head(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A linear SVM on facet's features with calibrated probabilities: what ``facet teach`` makes.

    X is what Features gives, photos × features; y holds two classes, of which the greater (1 or
    True) means that the attribute is there. Cost and calibration come from cross-validation inside
    fit().

    name: of the attribute: one word, e.g. ``"Round_Glasses"``.
    costs: of the SVM, tried; the one with the least log loss wins.
    folds: of the cross-validation at most.

    After fit(): ``classes_``, ``coef_`` (1 × features), ``intercept_``, ``calibration_`` (a, b),
    ``cost_``, and ``figures_``, the cross-validated accuracy, balanced accuracy and log loss.
    """

    def __init__(
        self,
        name: str = "Attribute",
        *,
        costs: "Sequence[float]" = (0.01, 0.1, 1.0, 10.0, 100.0),
        folds: int = 10,
    ) -> None:
        self.name = name
        self.costs = costs
        self.folds = folds

    def fit(self, X: Any, y: Any, groups: Any = None) -> "Head":
        """groups: one a photo, e.g. the person: nobody is judged by what was learnt from them."""
        X, y = self._validate_data(X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(
                f"{len(self.classes_)} class in y; a head is taught with two, the attribute "
                "there and not there"
            )
        labels = labels.astype(np.int64)
        folds = _folds(labels, groups, self.folds)
        judged = _cross_validated(X, labels, folds, self.costs)
        self.cost_, self.calibration_ = judged.cost, judged.calibration
        self.figures_ = judged.figures
        coefficients, bias = _plane(X, labels, self.cost_)
        # As the file and the command have them.
        self.coef_ = coefficients.astype(np.float32).astype(np.float64)[np.newaxis, :]
        self.intercept_ = np.array([bias], dtype=np.float32).astype(np.float64)
        self.positives_ = int(labels.sum())
        self.photos_ = len(labels)
        return self

    def decision_function(self, X: Any) -> "Floats":
        """The logarithm of the odds that the attribute is there."""
        check_is_fitted(self, "coef_")
        X = self._validate_data(X, dtype=np.float64, reset=False)
        scores: Floats = X @ self.coef_[0] + self.intercept_[0]
        return self.calibration_.logit(scores)

    def predict_proba(self, X: Any) -> "Floats":
        """photos × 2; the second column is the attribute's probability."""
        present = _logistic(self.decision_function(X))
        return np.column_stack([1 - present, present])

    def predict(self, X: Any) -> "npt.NDArray[Any]":
        present = self.decision_function(X) >= 0
        answers: npt.NDArray[Any] = self.classes_[present.astype(int)]
        return answers

    def save(
        self,
        path: "str | os.PathLike[str]",
        model: "Model | None" = None,
        *,
        features_of: str = "celeba",
        overwrite: bool = False,
    ) -> None:
        """Writes a file for ``facet predict --extra-head``, ``extra_heads`` and C++.

        model: whose features it was taught on; ``None``: the default model. A file that facet did
        not write is replaced only with ``overwrite``.
        """
        handle = self._handle(model if model is not None else Model(), features_of)
        _library.check(lib.facet_head_save(handle, os.fsencode(path), overwrite))

    @classmethod
    def load(cls, path: "str | os.PathLike[str]") -> "Head":
        """A head from a file that ``save`` or ``facet teach`` wrote."""
        file = os.fsencode(path)
        handle = _library.made(
            "head", lib.facet_head_free, lambda out: lib.facet_head_load(file, out)
        )
        values = _library.struct("facet_head_values")
        _library.check(lib.facet_head_get(handle, values))
        head = cls(_library.text(values.name))
        weight = np.frombuffer(ffi.buffer(values.weight, values.weight_count * 4)[:], np.float32)
        head.classes_ = np.array([0, 1])
        head.coef_ = weight.astype(np.float64)[np.newaxis, :]
        head.intercept_ = np.array([values.bias])
        head.calibration_ = _Calibration(values.calibration_a, values.calibration_b)
        head.cost_ = values.cost
        head.positives_, head.photos_ = values.positives, values.photos
        head.figures_ = {
            name: getattr(values, name) for name in ("accuracy", "balanced_accuracy", "log_loss")
        }
        head.n_features_in_ = len(weight)
        return head

    def _handle(self, model: Model, features_of: str = "celeba") -> Any:
        """The head as the library has it, on that model's features."""
        check_is_fitted(self, "coef_")
        if self.photos_ < _FEWEST_PHOTOS:
            raise Error(
                f"taught from {self.photos_} photos only; a head takes at least {_FEWEST_PHOTOS}",
                "invalid_argument",
            )
        values = _library.struct("facet_head_values")
        name = ffi.new("char[]", self.name.encode())
        weight = ffi.new("float[]", self.coef_[0].tolist())
        values.name = name
        values.weight = weight
        values.weight_count = len(weight)
        values.bias = self.intercept_[0]
        values.calibration_a, values.calibration_b = self.calibration_
        values.threshold = 0.5
        # Calibrated probabilities reach balanced accuracy's best cut at the attribute's own share.
        values.threshold_balanced = self.positives_ / self.photos_
        values.photos, values.positives, values.cost = self.photos_, self.positives_, self.cost_
        for figure, value in self.figures_.items():
            setattr(values, figure, value)
        of = features_of.encode()
        return _library.made(
            "head",
            lib.facet_head_free,
            lambda out: lib.facet_head_create(model._model, of, values, out),
        )

    def _more_tags(self) -> "dict[str, Any]":
        return {"binary_only": True}


class _Judged(NamedTuple):
    cost: float
    calibration: _Calibration
    figures: "dict[str, float]"


def _logistic(logits: "Floats") -> "Floats":
    with np.errstate(over="ignore"):
        result: Floats = 1 / (1 + np.exp(-logits))
    return result


def _plane(X: "Floats", labels: "npt.NDArray[np.int64]", cost: float) -> "tuple[Floats, float]":
    """LIBLINEAR's L2-loss SVM on features of equal spread, as `facet teach` trains it."""
    spread = X.std(axis=0)
    scale = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 1e-6)
    svm = LinearSVC(C=cost / len(labels), dual=False, tol=1e-4, max_iter=10_000)
    svm.fit(X * scale, labels)
    return svm.coef_[0] * scale, float(svm.intercept_[0])


def _calibrated(scores: "Floats", labels: "npt.NDArray[np.int64]") -> _Calibration:
    """A rising logistic; scores that say the opposite of the labels have learnt nothing."""
    spread = float(scores.std()) or 1.0
    logistic = LogisticRegression(C=1e4, max_iter=1000)
    logistic.fit(scores[:, np.newaxis] / spread, labels)
    a = float(logistic.coef_[0, 0]) / spread
    if a > 0:
        return _Calibration(a, float(logistic.intercept_[0]))
    positives = int(labels.sum())
    return _Calibration(0.0, float(np.log((positives + 1) / (len(labels) - positives + 1))))


def _folds(
    labels: "npt.NDArray[np.int64]", groups: Any, most: int
) -> "list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]":
    """Photos to learn from and to judge by; none where the rarer class is a single photo."""
    rarer = int(np.bincount(labels).min())
    if groups is not None:
        groups = np.asarray(groups)
        rarer = min(len(np.unique(groups[labels == of])) for of in (0, 1))
    if rarer < 2:
        return []
    split = StratifiedKFold if groups is None else StratifiedGroupKFold
    folds = split(min(most, rarer), shuffle=True, random_state=0)
    pairs = list(folds.split(labels, labels, groups))
    return [(learn, judge) for learn, judge in pairs if len(np.unique(labels[learn])) == 2]


def _log_loss(probabilities: "Floats", labels: "npt.NDArray[np.int64]") -> float:
    right = np.where(labels == 1, probabilities, 1 - probabilities)
    return float(-np.log(np.maximum(right, 1e-7)).mean())


def _chosen(
    scores: "Floats", labels: "npt.NDArray[np.int64]", costs: "Sequence[float]"
) -> "tuple[int, _Calibration]":
    """Cost (its place) and calibration by scores of photos that the SVMs had not seen."""
    calibrations = [_calibrated(of_cost, labels) for of_cost in scores]
    losses = [
        _log_loss(_logistic(calibration.logit(of_cost)), labels)
        for calibration, of_cost in zip(calibrations, scores)
    ]
    best = int(np.argmin(losses))
    return best, calibrations[best]


def _cross_validated(
    X: "Floats",
    labels: "npt.NDArray[np.int64]",
    folds: "list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]",
    costs: "Sequence[float]",
) -> _Judged:
    """No photo is judged by an SVM, a cost or a calibration that was fitted to it."""
    if not folds:
        coefficients, bias = _plane(X, labels, 1.0)
        calibration = _calibrated(X @ coefficients + bias, labels)
        return _Judged(1.0, calibration, {})
    scores = np.zeros((len(costs), len(labels)))
    for learn, judge in folds:
        for i, cost in enumerate(costs):
            coefficients, bias = _plane(X[learn], labels[learn], cost)
            scores[i, judge] = X[judge] @ coefficients + bias
    judged = np.concatenate([judge for _, judge in folds])
    probabilities = np.zeros(len(labels))
    for _, judge in folds:
        others = np.setdiff1d(judged, judge)
        if len(np.unique(labels[others])) < 2:
            others = judged
        best, calibration = _chosen(scores[:, others], labels[others], costs)
        probabilities[judge] = _logistic(calibration.logit(scores[best, judge]))
    best, calibration = _chosen(scores[:, judged], labels[judged], costs)
    right = (probabilities >= 0.5) == (labels == 1)
    figures = {
        "accuracy": float(right[judged].mean()),
        "balanced_accuracy": float(
            np.mean([right[judged][labels[judged] == of].mean() for of in (0, 1)])
        ),
        "log_loss": _log_loss(probabilities[judged], labels[judged]),
    }
    return _Judged(costs[best], calibration, figures)
