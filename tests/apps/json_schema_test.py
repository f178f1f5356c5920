# SPDX-License-Identifier: Apache-2.0
"""What the command writes follows docs/facet-report.schema.json and docs/json.md.

Usage: json_schema_test.py FACET SOURCE [--make-clip PROGRAM] [--teach]
Exits with 77 where Debian's python3-jsonschema or python3-pil is missing.
"""
import copy
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
    from PIL import Image
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

FACET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
TEACHES = "--teach" in sys.argv[3:]
MAKE_CLIP = dict(zip(sys.argv, sys.argv[1:])).get("--make-clip")
SAMPLES = SOURCE / "samples"
SCHEMA = json.loads((SOURCE / "docs/facet-report.schema.json").read_text())


def closed(schema):
    """The schema without room for members that it does not name."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if "required" in result and "properties" in result and result.get("type") == "object":
        result["additionalProperties"] = False
    return result


VALIDATOR = jsonschema.Draft202012Validator(closed(SCHEMA))


def run(*arguments, codes=(0,)):
    ran = subprocess.run([FACET, *map(os.fsencode, arguments)], capture_output=True)
    assert ran.returncode in codes, ran.stderr.decode(errors="replace")
    return ran.stdout


def report(*arguments, codes=(0,)):
    """What was written, held to the schema."""
    text = run(*arguments, "--format", "json", codes=codes).decode("utf-8")
    result = json.loads(text)
    VALIDATOR.validate(result)
    lines = text.splitlines()
    assert [json.loads(line.rstrip(",")) for line in lines[1:-1]] == result["images"]
    return result


def documented_path():
    """The function in docs/json.md, as it stands there."""
    code = re.search(r"```python\n(.*?)```", (SOURCE / "docs/json.md").read_text(), re.S).group(1)
    names = {}
    exec(code, names)  # noqa: S102
    return names["path_of"]


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.work = pathlib.Path(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_holds_predictions(self):
        result = report("predict", SAMPLES)
        statuses = {photo["status"] for photo in result["images"]}
        self.assertEqual(statuses, {"ok", "no_face"})
        self.assertEqual(result["model"], result["model_name"] + " " + result["model_version"])
        for options in (
            ["--head", "lfwa", "--threshold-mode", "balanced", "--precision", "fp32"],
            ["--dominant"],
            ["--max-faces", "2", "--turns", "none"],
        ):
            report("predict", SAMPLES / "coffee.png", SAMPLES / "solvay_1927.jpg", *options)
        dominant = report("predict", SAMPLES / "coffee.png", "--dominant", "--threshold", "999")
        self.assertTrue(dominant["images"][0]["faces"][0]["below_threshold"])

    def test_holds_places_without_attributes(self):
        result = report("locate", SAMPLES / "astronaut.png", "--all")
        self.assertNotIn("head", result)
        self.assertNotIn("attributes", result["images"][0]["faces"][0])

    def test_holds_explanations(self):
        result = report("explain", SAMPLES / "astronaut.png", SAMPLES / "coffee.png")
        face = result["images"][0]["faces"][0]
        self.assertTrue(face["sentence"].startswith("labelled as: "))
        held = {one["name"] for one in face["attributes"] if one["present"]}
        self.assertEqual({one["name"] for one in face["explanations"]}, held)
        for one in face["explanations"]:
            terms = one["average_score"] + one["rest"]
            terms += sum(term["contribution"] for term in one["concepts"])
            self.assertAlmostEqual(terms, one["score"], delta=1e-4)
            sparse = one["sparse"]
            terms = sparse["average_score"] + sum(t["contribution"] for t in sparse["neurons"])
            self.assertAlmostEqual(terms, sparse["score"], delta=1e-4)
            self.assertEqual(len(one["region"]["values"]), one["region"]["side"] ** 2)
        asked = report("explain", SAMPLES / "astronaut.png", "--attribute", "Bald", "--head", "lfwa")
        asked = asked["images"][0]["faces"][0]["explanations"]
        self.assertEqual([one["name"] for one in asked], ["Bald"])
        run("explain", SAMPLES / "astronaut.png", "--attribute", "Wings", codes=(2,))

    def test_explains_in_a_page_of_its_own(self):
        page = self.work / "why.html"
        run("explain", SAMPLES / "astronaut.png", "--html", page)
        text = page.read_text(encoding="utf-8")
        self.assertIn("<title>", text)
        self.assertIn("hair and forehead", text)
        addresses = re.findall(r"""(?:src|href)\s*=\s*["']([^"']*)|url\(([^)]*)\)""", text)
        self.assertTrue(addresses)
        for one in addresses:
            self.assertTrue((one[0] or one[1]).startswith("data:image/"), one)
        self.assertNotRegex(text, r"https?://")

    def test_holds_photos_that_cannot_be_read(self):
        (self.work / "text.jpg").write_text("no photo")
        photo = (SAMPLES / "astronaut.png").read_bytes()
        (self.work / "cut.png").write_bytes(photo[:-12])
        result = report(
            "predict", self.work / "text.jpg", self.work / "cut.png", self.work / "none.jpg",
            codes=(1,),
        )  # fmt: skip
        self.assertEqual(
            [one["status"] for one in result["images"]], ["unreadable", "ok", "unreadable"]
        )
        self.assertIn("warning", result["images"][1])

    def test_holds_turned_and_reduced_photos(self):
        with Image.open(SAMPLES / "astronaut.png") as photo:
            face = photo.convert("RGB").crop((100, 20, 350, 270))
        face.rotate(90).save(self.work / "turned.png")
        face.resize((8000, 8000)).save(self.work / "large.jpg")
        turned, large = report("predict", self.work / "turned.png", self.work / "large.jpg")["images"]
        self.assertIn(turned["faces"][0].get("turn"), (90, 180, 270))
        self.assertIn(large["decoded_at"], ("1/2", "1/4", "1/8"))
        self.assertEqual((large["width"], large["height"]), (8000, 8000))

    def test_holds_videos(self):
        if MAKE_CLIP is None:
            self.skipTest("no program that makes a video")
        clip = self.work / "clip.mp4"
        subprocess.run([MAKE_CLIP, SAMPLES / "astronaut.png", clip], check=True)
        frames = report("predict", clip, "--every", "500ms")["images"]
        self.assertEqual([frame["time"] for frame in frames], [0, 0.5, 1, 1.5, 2, 2.5])
        self.assertEqual([frame["status"] for frame in frames], ["ok"] * 4 + ["no_face"] * 2)
        (video,) = report("predict", clip, "--every", "500ms", "--tracks")["images"]
        self.assertEqual(video["frames"], 6)
        (face,) = video["faces"]
        self.assertEqual((face["track"]["first"], face["track"]["last"]), (0, 1.5))
        self.assertEqual(face["track"]["frames"], 4)

    def test_holds_taught_heads(self):
        if not TEACHES:
            self.skipTest("built without facet teach")
        boxes = (SOURCE / "tests/predict/samples/solvay_1927_boxes.txt").read_text().splitlines()
        boxes = [line.split() for line in boxes if line and not line.startswith("#")][:12]
        labels = ["path,label"]
        with Image.open(SAMPLES / "solvay_1927.jpg") as crowd:
            for i, (x, y, width, height) in enumerate([map(float, box[:4]) for box in boxes]):
                around = (x - width, y - height / 2, x + 2 * width, y + 1.5 * height)
                crowd.crop(tuple(map(int, around))).resize((240, 208)).save(self.work / f"{i}.png")
                labels.append(f"{i}.png,{i % 2}")
        (self.work / "labels.csv").write_text("\n".join(labels) + "\n")
        photos = [self.work / f"{i}.png" for i in range(len(boxes))]
        head = self.work / "hat.head"
        run("teach", "Hat", "--labels", self.work / "labels.csv", *photos, "--out", head)
        result = report("predict", photos[0], "--extra-head", head)
        self.assertEqual(result["images"][0]["faces"][0]["attributes"][-1]["name"], "Hat")

    def test_gives_paths_that_are_not_utf8_and_takes_them_back(self):
        path_of = documented_path()
        names = [b"caf\xe9.png", b"100%.png", b"50%\xff\xfe.png", "café.png".encode(), b"%E9.png"]
        folder = self.work / "names"
        folder.mkdir()
        for name in names:
            with open(os.fsencode(folder) + b"/" + name, "wb") as file:
                file.write((SAMPLES / "coffee.png").read_bytes())
        paths = [os.fsencode(folder) + b"/" + name for name in names]
        given = subprocess.run(
            [FACET, "predict", *paths, "--format", "json"], capture_output=True, check=True
        ).stdout
        result = json.loads(given.decode("utf-8"))
        VALIDATOR.validate(result)
        back = [path_of(photo) for photo in result["images"]]
        self.assertEqual([os.fsencode(path) for path in back], paths)
        # Typed again they are found again.
        again = json.loads(run("predict", *back, "--format", "json"))
        self.assertEqual(again, result)
        encodings = [photo.get("path_encoding") for photo in result["images"]]
        self.assertEqual(encodings, ["percent", None, "percent", None, None])
        # In CSV they stand as they are.
        table = run("predict", *back, "--format", "csv").decode("utf-8", "surrogateescape")
        rows = list(csv.DictReader(io.StringIO(table)))
        self.assertEqual([os.fsencode(row["path"]) for row in rows], paths)

    def test_is_seen_to_refuse(self):
        good = report("predict", SAMPLES / "astronaut.png")
        face = good["images"][0]["faces"][0]

        def refuses(change):
            bad = copy.deepcopy(good)
            change(bad, bad["images"][0], bad["images"][0]["faces"][0])
            self.assertFalse(VALIDATOR.is_valid(bad))

        self.assertEqual(len(face["attributes"]), 40)
        refuses(lambda all, photo, face: all.update(schema=2))
        refuses(lambda all, photo, face: all.update(more=1))
        refuses(lambda all, photo, face: all.update(model_checksum="abc"))
        refuses(lambda all, photo, face: all.pop("threshold_mode"))
        refuses(lambda all, photo, face: photo.update(status="no_face"))
        refuses(lambda all, photo, face: photo.update(reason="none"))
        refuses(lambda all, photo, face: photo.update(path_encoding="base64"))
        refuses(lambda all, photo, face: photo.pop("min_face"))
        refuses(lambda all, photo, face: photo.update(status="unreadable"))
        refuses(lambda all, photo, face: face.update(turn=0))
        refuses(lambda all, photo, face: face["box"].pop("x"))
        refuses(lambda all, photo, face: face["box_normalized"].update(x=1.5))
        refuses(lambda all, photo, face: face["attributes"][3].update(probability=1.01))
        refuses(lambda all, photo, face: face["attributes"][3].update(extra=True))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
