# SPDX-License-Identifier: Apache-2.0
"""Photos in every form Python has them in, and the command's answers for all."""
import dataclasses
import io
import json
import os
import threading

import numpy as np
import pytest
from PIL import Image

import facet


def test_answers_are_the_commands_to_the_last_digit(model, samples, by_command):
    files = sorted(str(file) for file in samples.glob("*.*g"))
    assert len(files) >= 3
    for file, said in zip(files, by_command(*files)["images"]):
        assert model.predict(file).to_dict() == said


@pytest.mark.parametrize(
    "options, arguments",
    [
        (
            {"head": "lfwa", "threshold_mode": "balanced"},
            ["--head", "lfwa", "--threshold-mode", "balanced"],
        ),
        ({"min_face": 30, "max_faces": 3}, ["--min-size", "30", "--max-faces", "3"]),
        ({"dominant": True, "turns": "none"}, ["--dominant", "--turns", "none"]),
        ({"threshold": 45.0, "all": False}, ["--threshold", "45"]),
    ],
)
def test_options_are_the_commands(model, samples, by_command, options, arguments):
    files = [str(samples / name) for name in ("astronaut.png", "coffee.png")]
    said = by_command(*files, *arguments)["images"]
    assert [photo.to_dict() for photo in model.predict(files, **options)] == said


def test_precision_is_the_commands(samples, by_command):
    file = str(samples / "astronaut.png")
    said = by_command(file, "--precision", "fp32")
    model = facet.Model(precision="fp32", threads=1)
    assert model.predict(file).to_dict() == said["images"][0]
    assert (f"{model.name} {model.version}", model.checksum) == (
        said["model"],
        said["model_checksum"],
    )
    assert model.precision == said["precision"] == "fp32"
    assert facet.Model("fast").name == "fast"
    with pytest.raises(facet.Error) as error:
        facet.Model("no/such/model")
    assert error.value.code == "not_found"


def test_every_form_of_a_photo_gives_one_answer(model, samples):
    file = samples / "astronaut.png"
    faces = model.predict(file).faces
    assert len(faces) == 1
    image = Image.open(file)
    array = np.asarray(image.convert("RGB"))
    padded = np.zeros((array.shape[0], array.shape[1] + 7, 3), np.uint8)
    padded[:, : array.shape[1]] = array
    forms = {
        "str": str(file),
        "path": file,
        "bytes": file.read_bytes(),
        "bytearray": bytearray(file.read_bytes()),
        "file object": open(file, "rb"),
        "memory": io.BytesIO(file.read_bytes()),
        "Pillow": image,
        "array": array,
        "Fortran order": np.asfortranarray(array),
        "view": padded[:, : array.shape[1]],
        "with alpha": np.dstack([array, np.full(array.shape[:2], 255, np.uint8)]),
    }
    answers = model.predict(list(forms.values()))
    for name, answer in zip(forms, answers):
        assert answer.faces == faces, name
    turned = array[:, :, ::-1]
    assert model.predict(turned, color="bgr").faces == faces
    assert model.predict(np.ascontiguousarray(turned), color="bgr").faces == faces
    assert model.predict(turned).faces != faces


def test_grey_is_grey_in_every_form(model, samples):
    image = Image.open(samples / "astronaut.png").convert("L")
    array = np.asarray(image)
    faces = model.predict(array).faces
    assert faces == model.predict(array[:, :, np.newaxis]).faces
    assert faces == model.predict(np.dstack([array] * 3)).faces
    assert faces == model.predict(image).faces
    file = io.BytesIO()
    image.save(file, "PNG")
    assert faces == model.predict(file.getvalue()).faces


def test_palettes_and_alpha_of_pillow_are_those_of_files(model, samples):
    colours = Image.open(samples / "astronaut.png").convert("RGB")
    see_through = colours.copy()
    see_through.putalpha(Image.linear_gradient("L").resize(colours.size))
    for image in (colours.quantize(64), see_through, colours.convert("LA")):
        file = io.BytesIO()
        image.save(file, "PNG")
        again = Image.open(io.BytesIO(file.getvalue()))
        assert model.predict(again).faces == model.predict(file.getvalue()).faces, image.mode


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_pillow_images_is_applied_as_for_files(model, samples, orientation):
    image = Image.open(samples / "astronaut.png").convert("RGB")
    exif = image.getexif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    image.save(file, "PNG", exif=exif)
    of_bytes = model.predict(file.getvalue(), turns="none")
    of_pillow = model.predict(Image.open(io.BytesIO(file.getvalue())), turns="none")
    assert (of_bytes.width, of_bytes.height) == (of_pillow.width, of_pillow.height)
    assert of_bytes.faces == of_pillow.faces


def test_no_face_is_an_empty_list(model, samples):
    answer = model.predict(samples / "coffee.png")
    assert answer == []
    assert not answer
    assert answer.status == "no_face"
    assert [face for face in answer] == []


def test_lists_keep_their_order_and_lose_nothing(model, samples, tmp_path):
    Image.open(samples / "astronaut.png").crop((150, 40, 300, 210)).save(tmp_path / "face.png")
    Image.new("RGB", (64, 48), "grey").save(tmp_path / "flat.png")
    Image.new("L", (48, 64), "white").save(tmp_path / "white.png")
    names = ["face.png", "flat.png", "missing.png", "white.png"] * 20
    photos = [tmp_path / name for name in names]
    answers = model.predict(photos, errors="return")
    assert [os.path.basename(answer.path) for answer in answers] == names
    assert [len(answer) for answer in answers] == [1, 0, 0, 0] * 20
    assert [answer.width for answer in answers[:4]] == [150, 64, 0, 48]
    assert answers[2].status == "unreadable"
    assert answers[2].error.code == "not_found"
    assert answers[1].error is None
    with pytest.raises(facet.Error, match="missing.png.*19 more") as error:
        model.predict(photos)
    assert error.value.code == "not_found"
    assert error.value.results == answers
    assert model.predict([]) == []
    assert model.predict(tuple(photos[:2])) == answers[:2]
    assert model.predict(photo for photo in photos[:2]) == answers[:2]


def test_an_unreadable_photo_alone_is_an_error(model, tmp_path):
    (tmp_path / "text.jpg").write_text("no photo")
    for photo, code in [
        (tmp_path / "text.jpg", "unreadable"),
        (tmp_path / "none.jpg", "not_found"),
        (b"no photo", "unreadable"),
    ]:
        with pytest.raises(facet.Error) as error:
            model.predict(photo)
        assert error.value.code == code
        assert "\n" not in str(error.value)


def test_paths_need_not_be_utf8(model, samples, tmp_path, by_command):
    raw = os.fsencode(tmp_path) + b"/caf\xe9 100%.png"
    with open(raw, "wb") as file:
        file.write((samples / "astronaut.png").read_bytes())
    answer = model.predict(os.fsdecode(raw))
    said = by_command(raw)["images"][0]
    assert said["path_encoding"] == "percent"
    assert answer.to_dict() == said
    # And back: the path that JSON gives opens the file.
    assert os.fsencode(facet.Photo.from_dict(said).path) == raw
    assert os.path.exists(facet.Photo.from_dict(said).path)


def test_results_are_values(model, samples):
    answer = model.predict(samples / "astronaut.png")
    assert facet.Photo.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer
    assert hash(answer) == hash(model.predict(samples / "astronaut.png"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.width = 3
    face = answer[0]
    assert face["Smiling"].probability > 0.9
    assert face["Smiling"].present
    assert "Smiling" in face
    assert "Grinning" not in face
    with pytest.raises(KeyError, match="did you mean Smiling"):
        face["Smilling"]
    assert [attribute.name for attribute in face] == model.attribute_names()


def test_given_boxes_are_described(model, samples):
    file = samples / "astronaut.png"
    face = model.predict(file)[0]
    box = (face.box.x, face.box.y, face.box.width, face.box.height)
    described = model.describe(file, [face.box, box, (1, 2, 30, 40)], features=True)
    assert len(described) == 3
    assert described[0].attributes == described[1].attributes
    assert described[0]["Smiling"].probability == pytest.approx(
        face["Smiling"].probability, abs=1e-3
    )
    assert described[0].features.shape == (model.feature_size(),)
    with pytest.raises(facet.Error, match="cannot hold a face"):
        model.describe(file, [(0, 0, -3, 4)])


def test_features_are_given_on_request(model, samples):
    file = samples / "astronaut.png"
    answer = model.predict(file, features=True)
    assert answer[0].features.dtype == np.float32
    assert not answer[0].features.flags.writeable
    assert model.predict(file)[0].features is None
    assert answer == model.predict(file)  # they are not compared
    assert model.predict(file, boxes_only=True)[0].attributes == ()


def test_wrong_input_is_said(model):
    for photo in (3, None, object()):
        with pytest.raises(TypeError, match="a photo is"):
            model.predict(photo)
    two, none = np.zeros((4, 4, 2), np.uint8), np.zeros((0, 4, 3), np.uint8)
    for array in (np.zeros((4, 4, 3)), two, none):
        with pytest.raises(facet.Error) as error:
            model.predict(array)
        assert error.value.code == "invalid_argument"
    photo = np.zeros((64, 64, 3), np.uint8)
    for options in (
        {"head": "nobody"},
        {"min_face": 2},
        {"max_faces": 0},
        {"threshold_mode": "best"},
        {"turns": "left"},
        {"errors": "ignore"},
        {"color": "hsv"},
        {"timeout": -1},
        {"extra_heads": ["none.head"]},
    ):
        with pytest.raises(facet.Error) as error:
            model.predict(photo, **options)
        assert error.value.code in ("invalid_argument", "not_found"), options
    with pytest.raises(TypeError):
        model.predict(photo, no_such_option=1)


def test_a_timeout_ends_the_call(model):
    noise = np.random.default_rng(1).integers(0, 255, (3000, 3000, 3), np.uint8)
    with pytest.raises(facet.Error) as error:
        model.predict(noise, timeout=0.001)
    assert error.value.code == "timed_out"


def test_other_python_threads_run_meanwhile(model, samples):
    crowd = [samples / "solvay_1927.jpg"] * 3
    running = threading.Event()
    counts = []

    def work():
        running.set()
        counts.append(model.predict(crowd))
        running.clear()

    worker = threading.Thread(target=work)
    worker.start()
    assert running.wait(10)
    turns = 0
    while running.is_set():
        turns += 1
    worker.join()
    # Had the call kept the interpreter to itself, this loop would have had no more than a turn of
    # some milliseconds before and after it.
    assert turns > 1000
    assert len(counts[0]) == 3


def test_a_table_is_the_commands_csv(model, samples, by_command):
    pandas = pytest.importorskip("pandas")
    files = [str(samples / name) for name in ("astronaut.png", "coffee.png", "solvay_1927.jpg")]
    table = facet.to_pandas(model.predict(files))
    csv = pandas.read_csv(io.StringIO(by_command(*files, "--format", "csv", text=True)))
    assert list(table.columns) == list(csv.columns)
    assert len(table) == len(csv) > 20
    for column in table.columns[2:]:
        assert table[column].astype(float).equals(csv[column].astype(float)), column
    assert list(table["status"]) == list(csv["status"])
    assert facet.to_pandas([]).empty
    assert len(facet.to_pandas(model.predict(files[1]))) == 1


def test_explanations_are_the_commands(model, samples):
    file = samples / "astronaut.png"
    explained = model.explain(file)
    face = explained["faces"][0]
    assert face["sentence"].startswith("labelled as: ")
    held = {one.name for one in model.predict(file).faces[0].attributes if one.present}
    assert {one["name"] for one in face["explanations"]} == held
    for one in face["explanations"]:
        terms = one["average_score"] + one["rest"]
        terms += sum(term["contribution"] for term in one["concepts"])
        assert terms == pytest.approx(one["score"], abs=1e-4)
    asked = model.explain(np.asarray(Image.open(file).convert("RGB")), ["Bald", "Bangs"])
    assert {one["name"] for one in asked["faces"][0]["explanations"]} == {"Bald", "Bangs"}
    assert "<canvas" in model.explain_html(file, ["Bangs"])
    with pytest.raises(facet.Error) as error:
        model.explain(file, ["Wings"])
    assert error.value.code == "invalid_argument"
