# SPDX-License-Identifier: Apache-2.0
"""What of the wheel is not Python, for setup.py.

As a program it writes the interface alone: native_files.py HEADER MODULE SONAME
"""
import pathlib
import platform
import re
import shutil
import subprocess
import sys
from typing import Dict, List, Set

# Every system has these, in the version that the wheel's tag names (PEP 600).
OF_THE_SYSTEM = re.compile(
    r"(ld-linux.*|linux-vdso|libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\+\+|libz)\.so.*"
)
# Formats whose libraries are small and bring nothing under the GPL: Debian's libheif brings x265,
# its libtiff jbigkit. Drawing and EdgeBoxes bring OpenCV, and Python does not ask for them.
PLUGINS = ["libfacet_gif.so", "libfacet_jxl.so", "libfacet_colour.so"]


def write_interface(header: pathlib.Path, target: pathlib.Path, soname: str) -> None:
    """The C API's declarations as a Python module, so that nothing is parsed at import; and what
    the library is called where the system has it."""
    import cffi

    text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.S)
    text = re.sub(r"^#.*$", "", text, flags=re.M).replace("FACET_C_API ", "")
    ffi = cffi.FFI()
    ffi.cdef(text)
    ffi.set_source("facet._ffi", None)
    ffi.emit_python_code(str(target))
    with target.open("a") as module:
        module.write(f"soname = {soname!r}\n")


def needed_libraries(file: pathlib.Path) -> Dict[str, pathlib.Path]:
    """All that the loader would load for it but what every system has: name → file."""
    listed = subprocess.run(["ldd", str(file)], check=True, capture_output=True, text=True).stdout
    found = {}
    for name, path in re.findall(r"^\s*(\S+) => (/\S+)", listed, flags=re.M):
        if not OF_THE_SYSTEM.fullmatch(name):
            found[name] = pathlib.Path(path).resolve()
    return found


def copy_licence(library: pathlib.Path, folder: pathlib.Path) -> None:
    """The copyright file of the Debian package that a library comes from."""
    for path in (library, pathlib.Path(str(library).replace("/usr/lib/", "/lib/", 1))):
        owner = subprocess.run(["dpkg", "-S", str(path)], capture_output=True, text=True)
        if owner.returncode == 0:
            package = owner.stdout.split(":")[0]
            copyright_file = pathlib.Path("/usr/share/doc") / package / "copyright"
            if copyright_file.exists():
                shutil.copyfile(copyright_file, folder / (package + ".txt"))
            return


def collect(root: pathlib.Path, build: pathlib.Path, package: pathlib.Path) -> None:
    """Copies libraries, models and licences into the package."""
    if shutil.which("patchelf") is None:
        raise SystemExit("patchelf is missing (Debian's package patchelf)")
    library = build / "libfacet.so"
    if not library.exists():
        raise SystemExit(f"{library} is missing: build the target libfacet")
    lib, models, licences = (package / name for name in ("lib", "models", "licences"))
    for folder in (lib, models, licences):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    own = [library] + [build / name for name in PLUGINS if (build / name).exists()]
    files: Dict[str, pathlib.Path] = {}
    for file in own:
        files.update(needed_libraries(file))
        files[file.name] = file.resolve()
    for name, file in files.items():
        shutil.copyfile(file, lib / name)
        if file.parent != build.resolve():
            copy_licence(file, licences)
        subprocess.run(["patchelf", "--set-rpath", "$ORIGIN", str(lib / name)], check=True)
        subprocess.run(["strip", "--strip-unneeded", str(lib / name)], check=True)
    for file in sorted((root / "models").iterdir()):
        if file.suffix in (".safetensors", ".explain", ".md"):
            shutil.copyfile(file, models / file.name)
    shutil.copyfile(root / "LICENSE", licences / "facet.txt")
    # Of what is compiled into the library.
    shutil.copyfile(root / "packaging/copyright", licences / "facet-parts.txt")


def platform_tag(libraries: List[pathlib.Path]) -> str:
    """The oldest C library that has all symbol versions the files ask for, as PEP 600 says it."""
    versions: Set[int] = set()
    for library in libraries:
        symbols = subprocess.run(
            ["objdump", "-T", str(library)], check=True, capture_output=True, text=True
        ).stdout
        versions.update(int(minor) for minor in re.findall(r"\(GLIBC_2\.(\d+)", symbols))
    machine = platform.machine()
    return f"manylinux_2_{max(versions)}_{machine}" if versions else f"linux_{machine}"


if __name__ == "__main__":
    write_interface(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3])
