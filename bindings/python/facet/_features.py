# SPDX-License-Identifier: Apache-2.0
"""Photos to feature vectors, for scikit-learn."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from facet._error import Error
from facet._model import Model

if TYPE_CHECKING:
    import numpy.typing as npt


class Features(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A scikit-learn transformer: a photo becomes the feature vector of its strongest face.

    X is a list (or an array of objects) of photos, as Model.predict() takes them; the result is an
    array of float32, photos × features. Nothing is learnt, so fit() may be left out.

    model: a facet.Model, or the path or name of one; ``None``: the default model, at fp32, so that
        what is taught does not depend on the processor.
    head: the bundled head whose features are taken, ``"celeba"`` or ``"lfwa"``.
    missing: what stands for a photo without a face. ``"raise"``: facet.Error; ``"nan"``: a row of
        NaN; ``"strongest"``: the strongest window, though it is below the threshold.

    A photo that cannot be read raises facet.Error, whatever ``missing`` says.
    """

    def __init__(
        self,
        model: "Model | str | os.PathLike[str] | None" = None,
        *,
        head: str = "celeba",
        missing: str = "raise",
        threads: "int | None" = None,
    ) -> None:
        self.model = model
        self.head = head
        self.missing = missing
        self.threads = threads

    def fit(self, X: Any, y: Any = None) -> "Features":
        """Checks the parameters; photos are not looked at."""
        self._loaded()
        return self

    def transform(self, X: "Sequence[Any]") -> "npt.NDArray[np.float32]":
        if self.missing not in ("raise", "nan", "strongest"):
            raise Error(
                f'missing is {self.missing!r}, must be "raise", "nan" or "strongest"',
                "invalid_argument",
            )
        model = self._loaded()
        found = model.predict(
            list(X),
            head=self.head,
            features=True,
            dominant=self.missing == "strongest",
            max_faces=1,
        )
        rows = np.full((len(found), model.feature_size(self.head)), np.nan, dtype=np.float32)
        for i, photo in enumerate(found):
            if photo.faces:
                rows[i] = photo[0].features
            elif self.missing == "raise":
                raise Error(f"photo {i} {photo.path}: no face", "invalid_argument")
        return rows

    def get_feature_names_out(self, input_features: Any = None) -> "npt.NDArray[Any]":
        size = self._loaded().feature_size(self.head)
        return np.array([f"facet{i}" for i in range(size)], dtype=object)

    def _loaded(self) -> Model:
        if isinstance(self.model, Model):
            return self.model
        wanted = (self.model, self.threads)
        if getattr(self, "_loaded_as", None) != wanted:
            self._own_model = Model(self.model, precision="fp32", threads=self.threads)
            self._loaded_as = wanted
        return self._own_model

    def _more_tags(self) -> "dict[str, Any]":
        return {"X_types": ["photos"], "requires_fit": False, "stateless": True, "allow_nan": True}
