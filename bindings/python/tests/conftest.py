# SPDX-License-Identifier: Apache-2.0
"""What the tests of the installed package find: photos, and the command to compare with."""
import json
import os
import pathlib
import subprocess

import pytest

import facet

SOURCE = pathlib.Path(os.environ["FACET_SOURCE_DIR"])


@pytest.fixture(scope="session")
def samples() -> pathlib.Path:
    return SOURCE / "samples"


@pytest.fixture(scope="session")
def model() -> facet.Model:
    return facet.Model()


@pytest.fixture(scope="session")
def by_command():
    """What the command says about photos, as JSON (or as text, with other formats)."""

    def ask(*arguments, text=False):
        ran = subprocess.run(
            [os.environ["FACET_COMMAND"], "predict", *map(os.fsencode, arguments)]
            + ([] if text else ["--format", "json"]),
            capture_output=True,
        )
        assert ran.returncode in (0, 1), ran.stderr
        return ran.stdout.decode() if text else json.loads(ran.stdout)

    return ask


@pytest.fixture(scope="session")
def crops(samples, tmp_path_factory):
    """Photos of one face each: from a crowd, and whether each lies in its left half."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("crops")
    crowd = Image.open(samples / "solvay_1927.jpg")
    files, left = [], []
    for line in (SOURCE / "tests/predict/samples/solvay_1927_boxes.txt").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        x, y, width, height = map(float, line.split()[:4])
        around = (x - width, y - height / 2, x + 2 * width, y + 1.5 * height)
        file = folder / f"{len(files)}.png"
        crowd.crop(tuple(map(int, around))).resize((240, 208)).save(file)
        files.append(str(file))
        left.append(x < crowd.width / 2)
    return files, left
