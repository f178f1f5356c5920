# SPDX-License-Identifier: Apache-2.0
"""Builds the wheel: facet's library, the libraries it needs, plugins and models go into it.

FACET_BUILD_DIR names a build of facet to take them from; without it, one is made in
build-inference. This folder lies in a checkout of facet, or FACET_SOURCE_DIR names one.
"""
import os
import pathlib
import re
import subprocess
import sys

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.dist import Distribution
from wheel.bdist_wheel import bdist_wheel

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import native_files  # noqa: E402  (beside this file)

HERE = pathlib.Path(__file__).resolve().parent
ROOT = pathlib.Path(os.environ.get("FACET_SOURCE_DIR") or HERE.parents[1]).resolve()


def version() -> str:
    """As CMake has it."""
    cmake = ROOT / "CMakeLists.txt"
    if not cmake.exists():
        sys.exit(
            "facet's wheel is built in a checkout of facet: "
            "python3 -m build --wheel --no-isolation bindings/python"
        )
    found = re.search(r"project\(facet VERSION ([0-9.]+)", cmake.read_text())
    assert found is not None
    return found.group(1)


def build_folder() -> pathlib.Path:
    named = os.environ.get("FACET_BUILD_DIR")
    if named:
        return pathlib.Path(named).resolve()
    subprocess.run(["cmake", "--preset", "inference"], cwd=ROOT, check=True)
    subprocess.run(["cmake", "--build", "--preset", "inference"], cwd=ROOT, check=True)
    return ROOT / "build-inference"


class BuildWithLibrary(build_py):
    """Python files, then what is not Python."""

    def run(self) -> None:
        super().run()
        package = pathlib.Path(self.build_lib) / "facet"
        major, minor = version().split(".")[:2]
        native_files.write_interface(
            ROOT / "include/facet/facet.h", package / "_ffi.py", f"libfacet.so.{major}.{minor}"
        )
        native_files.collect(ROOT, build_folder(), package)


class WheelOfThisMachine(bdist_wheel):
    """For every Python 3, and for systems whose C library is as new as the files inside ask for."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self) -> "tuple[str, str, str]":
        libraries = pathlib.Path(self.bdist_dir or "").glob("facet/lib/*.so*")
        return "py3", "none", native_files.platform_tag(list(libraries))


class DistributionWithLibrary(Distribution):
    def has_ext_modules(self) -> bool:
        return True


setup(
    version=version(),
    package_data={"facet": ["py.typed"]},
    cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": WheelOfThisMachine},
    distclass=DistributionWithLibrary,
)
