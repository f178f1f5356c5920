#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the wheel from what lies in BUILD, installs it into a fresh environment, checks its types
# and runs its tests, the examples and the pages' Python from another folder.
# Usage: wheel_test.sh PYTHON BUILD SOURCE   (77: packages are missing)
set -eu
python=$1
build=$2
source=$3
fail() {
  echo "FAILED: $*" >&2
  exit 1
}

for module in build cffi setuptools wheel venv ensurepip numpy pandas PIL pytest sklearn mypy; do
  if ! "$python" -c "import $module" 2>/dev/null; then
    echo "skipped: $python has no module $module" >&2
    exit 77
  fi
done
if ! command -v patchelf >/dev/null; then
  echo "skipped: patchelf is missing" >&2
  exit 77
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset FACET_MODEL FACET_LIBRARY PYTHONPATH VIRTUAL_ENV || true
# Cores that wait for one another's threads are lost to the other tests.
export FACET_SOURCE_DIR="$source" FACET_BUILD_DIR="$build" FACET_COMMAND="$build/facet" \
  OMP_WAIT_POLICY=passive PYTHONDONTWRITEBYTECODE=1 MYPY_CACHE_DIR="$work/mypy"

cp -r "$source/bindings/python" "$work/source" # building leaves files beside the sources
rm -rf "$work/source/build"
"$python" -m build --wheel --no-isolation --outdir "$work" "$work/source" >"$work/build.log" 2>&1 ||
  { cat "$work/build.log" >&2; fail "the wheel is not built"; }
wheel=$(echo "$work"/facet-*-py3-none-*linux*.whl)
[ -f "$wheel" ] || fail "no wheel for every Python 3: $(ls "$work")"
"$python" -m zipfile -e "$wheel" "$work/wheel"
if ls "$work/wheel/facet/lib" | grep -E 'heif|x265|tiff|jbig|raw'; then
  fail "the wheel holds a library under the GPL, or one that brings it"
fi
grep -q '^License: .*non-commercial research only' "$work"/wheel/facet-*.dist-info/METADATA ||
  fail "the metadata does not say what the weights are for"

"$python" -m venv --system-site-packages "$work/venv"
"$work/venv/bin/pip" install --quiet --no-index --no-deps "$wheel" || fail "not installed"
mkdir "$work/elsewhere"
cd "$work/elsewhere"
inside="$work/venv/bin/python"
"$inside" -c '
import facet, sys
assert facet.__file__.startswith(sys.prefix), facet.__file__
assert not {"sklearn", "pandas", "PIL"} & set(sys.modules), "slow to import"
assert facet.__version__ == sys.argv[1], facet.__version__
' "$(sed -n 's/^project(facet VERSION \([0-9.]*\).*/\1/p' "$source/CMakeLists.txt")" ||
  fail "what is imported is not the wheel"
# No library of facet's comes from the system but those that every system has.
if "$inside" -c 'import facet; print(open("/proc/self/maps").read())' |
  grep -E '/lib(dnnl|jpeg|png16|webp|exif|facet)' | grep -v "$work/venv"; then
  fail "the library is not the one inside the wheel"
fi

# As the package python3-facet has it: Python files alone, beside a library of the system.
if [ -f "$build/bindings/python/_ffi.py" ]; then
  for component in python library models; do
    cmake --install "$build" --component $component --prefix "$work/system" >"$work/install.log" ||
      { cat "$work/install.log" >&2; fail "installing $component"; }
  done
  library=$(find "$work/system" -name 'libfacet.so.0*' | head -n 1)
  LD_LIBRARY_PATH=$(dirname "$library") PYTHONPATH="$work/system/lib/python3/dist-packages" \
    "$python" -c '
import facet, sys
answer = facet.Model("fast").predict(sys.argv[1] + "/samples/astronaut.png")
assert len(answer) == 1, answer
assert sys.argv[2] in open("/proc/self/maps").read(), "another library was loaded"
' "$source" "$work/system" || fail "beside a library of the system"
fi

echo "types"
"$python" -m mypy --config-file "$source/bindings/python/pyproject.toml" "$work/wheel/facet" ||
  fail "types"
echo "tests"
"$inside" -m pytest -q -p no:cacheprovider "$source/bindings/python/tests" || fail "tests"
echo "examples and pages"
"$inside" "$source/tests/python/pages_test.py" "$source" || fail "examples or pages"
