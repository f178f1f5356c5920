# SPDX-License-Identifier: Apache-2.0
"""Writes the C API's declarations for cffi: write_interface.py facet.h _ffi.py."""
import pathlib
import sys

import native_files  # of bindings/python, which PYTHONPATH names

native_files.write_interface(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
