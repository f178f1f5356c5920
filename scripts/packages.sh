# SPDX-License-Identifier: Apache-2.0
# Sourced by the other scripts: the Debian packages each part of the project needs, one list for
# all, and how they are installed. docs/building.md says what each is for.
# shellcheck shell=sh disable=SC2034

inference_packages="g++ cmake ninja-build pkg-config libdnnl-dev libopencv-core-dev
  libopencv-imgproc-dev libjpeg62-turbo-dev libpng-dev libwebp-dev libexif-dev libcli11-dev
  nlohmann-json3-dev libsqlite3-dev liblcms2-dev"
server_packages="libboost-dev prometheus-cpp-dev"
postgres_packages="libpq-dev"
xmp_packages="libexempi-dev libexpat1-dev"
edgeboxes_packages="libopencv-contrib-dev"
photo_format_packages="libheif-dev libtiff-dev libgif-dev libjxl-dev libraw-dev"
video_packages="libavformat-dev libavcodec-dev libswscale-dev"
research_packages="liblinear-dev libopenblas-dev libmatio-dev libtomlplusplus-dev libonnx-dev
  libprotobuf-dev libeigen3-dev libopencv-dnn-dev"
training_packages="libtorch-dev libstb-dev"
test_packages="curl libgtest-dev libgmock-dev zlib1g-dev libopencv-dnn-dev postgresql exfat-fuse exfatprogs
  fish libimage-exiftool-perl man-db zsh
  parallel slurm-wlm chromium"
benchmark_packages="libbenchmark-dev libopencv-dnn-dev libopencv-objdetect-dev opencv-data"
packaging_packages="dpkg-dev lintian mmdebstrap git python3-cffi"
format_packages="git clang-format-14"
lint_packages="git clang-tidy-14"
abi_packages="abigail-tools"
# Fuzzers and the thread sanitizer.
clang_packages="clang-14 libclang-rt-14-dev libomp-14-dev"
# Debian's own Python, for tests and for the Python package.
python_packages="python3 python3-venv python3-build python3-cffi python3-setuptools python3-wheel patchelf
  python3-jsonschema python3-numpy python3-pandas python3-pil python3-pytest python3-sklearn mypy"

say() {
  echo "$(basename "$0"): $*" >&2
}

missing_packages() {
  for package in "$@"; do
    case $(dpkg-query -W -f='${db:Status-Abbrev}\n' "$package" 2>/dev/null) in
      ii* | hi*) ;;
      *) echo "$package" ;;
    esac
  done
}

apt_get() {
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root=sudo
  # Messages go to standard error: standard output belongs to what the script was asked for.
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" \
    </dev/null >&2
}

apt_install() {
  apt_get install --yes --no-install-recommends "$@"
}

# Installs those of the named packages that are missing; touches neither apt nor the network when
# there is none.
install_packages() {
  if ! command -v apt-get >/dev/null; then
    say "this is no Debian; going on with what is installed. Needed here are: $*"
    return 0
  fi
  missing=$(missing_packages "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    say "run as root, or with sudo installed: these packages are missing: $missing"
    return 1
  fi
  say "installing $missing"
  # Package lists that are absent or too old show as a failure; then a fresh list is worth a try.
  # shellcheck disable=SC2086 # a list of words
  if apt-get -qq --simulate install $missing >/dev/null 2>&1 && apt_install $missing; then
    return 0
  fi
  apt_get update
  # shellcheck disable=SC2086
  apt_install $missing
}
