# SPDX-License-Identifier: Apache-2.0
"""Features and heads within scikit-learn, and heads within the command."""
import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn")

from sklearn.base import clone  # noqa: E402
from sklearn.model_selection import cross_val_predict, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.utils import estimator_checks  # noqa: E402

import facet  # noqa: E402


def test_a_head_passes_all_checks():
    checks = 0
    for estimator, check in estimator_checks.check_estimator(
        facet.Head("Test", costs=(0.1, 10.0), folds=3), generate_only=True
    ):
        check(estimator)
        checks += 1
    assert checks > 30


def test_features_pass_the_checks_that_apply():
    """check_estimator() itself feeds rows of numbers, which are no photos, and so runs nothing for
    a transformer whose X_types lack "2darray". What does not depend on X is checked here."""
    name = "Features"
    for check in (
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_estimator_get_tags_default_keys,
    ):
        check(name, facet.Features())


def test_features_are_those_of_the_strongest_face(samples):
    photos = [samples / "astronaut.png", samples / "solvay_1927.jpg"]
    rows = facet.Features().fit_transform(photos)
    model = facet.Model(precision="fp32")
    assert rows.dtype == np.float32
    assert rows.shape == (2, model.feature_size())
    for row, answer in zip(rows, model.predict(photos, features=True)):
        assert np.array_equal(row, answer[0].features)
    assert len(facet.Features().get_feature_names_out()) == rows.shape[1]


def test_photos_without_a_face_are_not_passed_over(samples):
    photos = [samples / "astronaut.png", samples / "coffee.png"]
    with pytest.raises(facet.Error, match="coffee.png: no face"):
        facet.Features().transform(photos)
    rows = facet.Features(missing="nan").transform(photos)
    assert not np.isnan(rows[0]).any()
    assert np.isnan(rows[1]).all()
    assert not np.isnan(facet.Features(missing="strongest").transform(photos)).any()
    with pytest.raises(facet.Error):
        facet.Features(missing="guess").transform(photos)


def test_a_head_is_the_same_here_and_in_the_command(crops, tmp_path, by_command):
    files, left = crops
    rows = facet.Features(missing="strongest").transform(files)
    head = facet.Head("Sits_Left", costs=(1.0,), folds=3).fit(rows, left)
    file = tmp_path / "left.head"
    head.save(file)
    here = head.predict_proba(rows)[:, 1]
    said = by_command(*files, "--extra-head", file, "--precision", "fp32", "--dominant")
    for photo, probability in zip(said["images"], here):
        attribute = photo["faces"][0]["attributes"][-1]
        assert attribute["name"] == "Sits_Left"
        assert attribute["probability"] == pytest.approx(probability, abs=1e-5)
        assert attribute["present"] == (probability >= 0.5)
    model = facet.Model(precision="fp32")
    for extra in (head, file, facet.Head.load(file)):
        answers = model.predict(files, extra_heads=[extra], dominant=True)
        assert [answer.to_dict() for answer in answers] == said["images"]
    again = facet.Head.load(file)
    assert np.allclose(again.predict_proba(rows), head.predict_proba(rows), atol=1e-7)
    assert again.name == "Sits_Left"
    assert again.figures_ == pytest.approx(head.figures_, abs=1e-6)


def test_a_head_is_saved_only_where_it_may(crops, tmp_path):
    files, left = crops
    rows = facet.Features(missing="strongest").transform(files)
    head = facet.Head("Sits_Left", costs=(1.0,), folds=2).fit(rows, left)
    mine = tmp_path / "mine.txt"
    mine.write_text("not facet's")
    with pytest.raises(facet.Error, match="mine.txt"):
        head.save(mine)
    assert mine.read_text() == "not facet's"
    head.save(mine, overwrite=True)
    head.save(mine)  # it is facet's now
    with pytest.raises(facet.Error, match="two words"):
        clone(head).set_params(name="two words").fit(rows, left).save(tmp_path / "x.head")
    with pytest.raises(facet.Error, match="weights for"):
        facet.Head("Few").fit(rows[:, :5], left).save(tmp_path / "few.head")
    with pytest.raises(facet.Error, match="does not fit|ANet is another"):
        facet.Model("fast").predict(files[0], extra_heads=[mine])


def test_photos_are_cross_validated_in_a_pipeline(crops):
    files, left = crops
    pipeline = make_pipeline(
        facet.Features(missing="strongest"), facet.Head("Sits_Left", costs=(1.0,), folds=2)
    )
    scores = cross_val_score(pipeline, files, left, cv=2)
    assert scores.shape == (2,)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_head_learns_what_can_be_learnt():
    random = np.random.default_rng(3)
    y = np.arange(120) % 2
    X = random.normal(size=(120, 20)) + 1.2 * y[:, np.newaxis] * (np.arange(20) < 4)
    head = facet.Head("Hat", folds=5)
    outside = cross_val_predict(head, X, y, cv=5, method="predict_proba")[:, 1]
    accuracy = ((outside >= 0.5) == (y == 1)).mean()
    assert accuracy > 0.8
    fitted = head.fit(X, y)
    # Its own figures come from photos it had not seen either.
    assert abs(fitted.figures_["accuracy"] - accuracy) < 0.1
    assert fitted.figures_["log_loss"] < 0.5
    noise = facet.Head("Noise", folds=5).fit(X, random.permutation(y))
    assert noise.figures_["accuracy"] < 0.7


def test_people_are_not_judged_by_themselves():
    random = np.random.default_rng(5)
    people = np.repeat(np.arange(12), 10)
    y = people % 2
    # Each person is recognised, the attribute is not to be seen.
    X = np.eye(12)[people] * 5 + random.normal(size=(120, 12)) * 0.1
    assert facet.Head(folds=4).fit(X, y).figures_["accuracy"] > 0.95
    assert facet.Head(folds=4).fit(X, y, groups=people).figures_["accuracy"] < 0.75
