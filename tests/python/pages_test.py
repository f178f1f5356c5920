# SPDX-License-Identifier: Apache-2.0
"""The Python in README.md and docs/python.md runs as it stands there, and so do the examples.

Usage: pages_test.py SOURCE, with FACET_COMMAND in the environment
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from PIL import Image

SOURCE = pathlib.Path(sys.argv[1])


def run(command, folder):
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def make_photos(folder):
    """What the pages speak of: photo.jpg, and photos/ with labels.csv."""
    photos = folder / "photos"
    photos.mkdir()
    shutil.copyfile(SOURCE / "samples/astronaut.png", folder / "photo.jpg")
    crowd = Image.open(SOURCE / "samples/solvay_1927.jpg")
    boxes = (SOURCE / "tests/predict/samples/solvay_1927_boxes.txt").read_text().splitlines()
    lines = ["path,label"]
    for i, box in enumerate([one for one in boxes if one and not one.startswith("#")][:16]):
        x, y, width, height = map(float, box.split()[:4])
        around = (x - width, y - height / 2, x + 2 * width, y + 1.5 * height)
        crowd.crop(tuple(map(int, around))).resize((240, 208)).save(photos / f"{i}.png")
        lines.append(f"photos/{i}.png,{int(x < crowd.width / 2)}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", page.read_text(), flags=re.M | re.S)


def check_pages(folder):
    count = 0
    for page in (SOURCE / "README.md", SOURCE / "docs/python.md", SOURCE / "docs/json.md"):
        for number, code in enumerate(blocks(page)):
            file = folder / f"block{number}.py"
            file.write_text(code)
            said = run([sys.executable, file], folder)
            if page.name != "json.md" and "print" in code:
                assert said.strip(), f"{page.name}, block {number + 1} of Python says nothing"
            count += 1
    assert count >= 5, f"only {count} blocks of Python were found"


def check_examples(folder):
    examples = SOURCE / "examples/python"
    (folder / "photos/broken.jpg").write_text("no photo")
    said = run([sys.executable, examples / "describe_folder.py", "photos", "table.csv"], folder)
    assert said.startswith("17 photos, "), said
    assert (folder / "table.csv").read_text().startswith("path,status,x,y,")
    teach = [sys.executable, examples / "teach.py", "Sits_Left", "labels.csv", "left.head"]
    said = run(teach, folder)
    assert "right in" in said, said
    shown = run(
        [os.environ["FACET_COMMAND"], "predict", "photos/0.png", "-f", "csv"]
        + ["--extra-head", "left.head"],
        folder,
    )
    assert shown.splitlines()[0].endswith(",Sits_Left"), shown


with tempfile.TemporaryDirectory() as name:
    make_photos(pathlib.Path(name))
    check_pages(pathlib.Path(name))
    check_examples(pathlib.Path(name))
