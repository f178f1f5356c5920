#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs facet into an empty prefix, moves it, builds examples/ against it with CMake and with
# pkg-config, and runs them. Usage: install_test.sh BUILD SOURCE
set -eu
build=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "FAILED: $*" >&2
  exit 1
}

cmake --install "$build" --prefix "$work/first" >"$work/install.log" || fail "install"
mv "$work/first" "$work/moved here"
prefix="$work/moved here"
unset FACET_MODEL FACET_DRAWING_PLUGIN FACET_EDGEBOXES_PLUGIN || true

# Headers need the standard library alone.
for header in "$prefix"/include/facet/*.hpp; do
  echo "#include <facet/$(basename "$header")>" >"$work/one.cpp"
  c++ -std=c++20 -Wall -Wextra -Wpedantic -Werror -nostdinc++ -isystem "$prefix/include" \
    $(c++ -E -x c++ - -v </dev/null 2>&1 | sed -n 's|^ \(/usr/include/.*c++/.*\)|-isystem \1|p') \
    -fsyntax-only "$work/one.cpp" || fail "$(basename "$header") does not stand alone"
done
grep -rhoE --include='*.hpp' '#include [<"][^>"]+' "$prefix/include" | sed 's/#include [<"]//' | sort -u |
  grep -vE '^facet/|^[a-z_]+$' && fail "a public header includes more than the standard library"

# The C header is C11 alone, and C++ as well.
echo '#include <facet/facet.h>' >"$work/one.c"
cc -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only "$work/one.c" ||
  fail "facet.h is not C11"
c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -fsyntax-only -x c++ \
  "$work/one.c" || fail "facet.h is not C++"

# Nothing but the API is shown: no symbol of internals, none of the libraries inside.
shown=$(nm -DC --defined-only "$(find "$prefix" -name libfacet.so)")
if echo "$shown" | grep -E ' [TDBVW] (facet::detail::|nlohmann::)' >&2; then
  fail "internals are exported"
fi
echo "$shown" | grep -q 'facet::Predictor::predict' || fail "the API is not exported"

cmake -S "$source/examples/cpp" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_BUILD_TYPE=Debug >"$work/cmake.log" 2>&1 || { cat "$work/cmake.log" >&2; fail "cmake"; }
cmake --build "$work/cmake" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; fail "build"; }
cd /
photo=$source/samples/astronaut.png
"$work/cmake/predict" "$photo" | grep -q 'smiling with probability [01]' || fail "predict"
"$work/cmake/frames" "$photo" | grep -q 'every thread: yes' || fail "frames"
cmake -S "$source/examples/c" -B "$work/c" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_BUILD_TYPE=Debug >"$work/c.log" 2>&1 || { cat "$work/c.log" >&2; fail "cmake for C"; }
cmake --build "$work/c" >"$work/c.log" 2>&1 || { cat "$work/c.log" >&2; fail "build of C"; }
"$work/c/predict" "$photo" | grep -q 'smiling with probability 0.9' || fail "predict in C"
"$work/c/frame" | grep -q '200x150 pixels, 0 faces' || fail "frame in C"
echo "no photo" >"$work/broken.jpg"
"$work/c/predict" --json "$photo" "$work/broken.jpg" >"$work/in_c.json" || fail "JSON in C"
"$prefix/bin/facet" predict "$photo" "$work/broken.jpg" -f json >"$work/by_command.json" \
  2>/dev/null || true
cmp "$work/in_c.json" "$work/by_command.json" >&2 || fail "JSON in C is not the command's"
if "$work/cmake/predict" /no/such/photo.jpg 2>"$work/error"; then fail "no error"; fi
grep -q '/no/such/photo.jpg' "$work/error" || fail "the error does not name the photo"

pc=$(dirname "$(find "$prefix" -name facet.pc)")
ln -s "$prefix" "$work/prefix" # pkg-config does not quote spaces
export PKG_CONFIG_PATH="$work/prefix/${pc#"$prefix"/}"
# shellcheck disable=SC2046 # a list of words
c++ -std=c++20 "$source/examples/cpp/predict.cpp" -o "$work/by_pkg_config" \
  $(pkg-config --cflags --libs facet) || fail "pkg-config"
# shellcheck disable=SC2046
cc -std=c11 -Wall -Wextra -Werror "$source/examples/c/frame.c" -o "$work/frame_by_pkg_config" \
  $(pkg-config --cflags --libs facet) || fail "pkg-config for C"
[ "$(pkg-config --modversion facet)" = "0.2.0" ] || fail "version"
libdir=$(pkg-config --variable=libdir facet)
LD_LIBRARY_PATH=$libdir "$work/by_pkg_config" "$photo" | grep -q 'smiling' || fail "by pkg-config"
LD_LIBRARY_PATH=$libdir "$work/frame_by_pkg_config" | grep -q '0 faces' || fail "C by pkg-config"

# The installed command finds its model and its plugin.
"$prefix/bin/facet" predict "$photo" --annotate "$work/drawn" | grep -q Smiling || fail "command"
[ -s "$work/drawn/astronaut.png" ] || fail "nothing drawn"

# So does the installed server, where it was built; it shows its page.
if [ -x "$prefix/bin/facet-server" ]; then
  "$prefix/bin/facet-server" --port 0 --db "$work/none.db" >"$work/server.out" 2>"$work/server.err" &
  server=$!
  trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
  home=
  for _ in $(seq 60); do
    [ -n "$home" ] || home=$(grep -oE 'http://[0-9.:]+' "$work/server.err" "$work/server.out" -h | head -1)
    [ -z "$home" ] || ! curl -sf "$home/v1/health" >"$work/health" || break
    sleep 1
  done
  grep -q '"status":"ok"' "$work/health" || { cat "$work/server.err" >&2; fail "server"; }
  curl -sf -H 'Content-Type: image/png' --data-binary "@$photo" "$home/v1/predict" |
    grep -q Smiling || fail "server: predict"
  curl -sf "$home/" | grep -q 'id="page"' || fail "server: page"
  kill $server
  wait $server || fail "server: end"
fi
