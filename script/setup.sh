# setup.sh: what script/demo, script/test and script/bench share. Sourced, not run.
#
# Finds or installs what the machine lacks, keeps one virtual environment per purpose under build/,
# and installs the Python package by path when its sources changed.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
work=${GLI_WORK_DIR:-$root/build}
mkdir -p "$work"

say() { if [ -t 1 ]; then printf '\n\033[1m== %s\033[0m\n' "$*"; else printf '\n== %s\n' "$*"; fi; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# need_packages COMMAND-OR-FILE:PACKAGE ... : install the Debian packages whose command or file is
# not here, or say exactly which to install.
need_packages() {
  local missing=() entry probe
  for entry in "$@"; do
    probe=${entry%%:*}
    case "$probe" in
      */*) compgen -G "$probe" >/dev/null || missing+=("${entry#*:}") ;;
      *) command -v "$probe" >/dev/null || missing+=("${entry#*:}") ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
  if ! command -v apt-get >/dev/null || { [ -n "$sudo" ] && ! sudo -n true 2>/dev/null; }; then
    die "missing: ${missing[*]}
  Debian and Ubuntu:  sudo apt-get install ${missing[*]}
  macOS:              brew install cmake ninja xxhash zstd python   (and criterion for the tests)
then run this again."
  fi
  say "installing: ${missing[*]}"
  { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq \
    --no-install-recommends "${missing[@]}"; } >"$work/apt.log" 2>&1 || {
    tail -5 "$work/apt.log" >&2
    die "apt-get could not install: ${missing[*]}"
  }
}

# A Python of at least 3.11.
find_python() {
  local candidate
  for candidate in ${GLI_PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

need_compiler() {
  need_packages cc:gcc make:make cmake:cmake ninja:ninja-build "/usr/include/xxhash.h:libxxhash-dev" \
    "/usr/include/zstd.h:libzstd-dev" "/usr/include/zlib.h:zlib1g-dev"
  find_python >/dev/null || need_packages python3:python3
  local python
  python=$(find_python) || die "Python 3.11 or newer is needed; here is: $(python3 --version 2>&1). Set GLI_PYTHON to one."
  "$python" -c 'import os, sysconfig; raise SystemExit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
    need_packages /no/Python.h:python3-dev
  "$python" -c 'import ensurepip, venv' 2>/dev/null || need_packages /no/venv:python3-venv
}

# make_venv FOLDER PYTHON PACKAGE ... : a virtual environment with these packages.
make_venv() {
  local folder=$1 python=$2
  shift 2
  local wanted
  wanted="$("$python" -V) $*"
  if [ ! -x "$folder/bin/python" ] || [ "$(cat "$folder/.wanted" 2>/dev/null)" != "$wanted" ]; then
    say "virtual environment ${folder#"$root"/}"
    "$python" -m venv --clear "$folder"
    "$folder/bin/python" -m pip install -q --disable-pip-version-check "$@"
    printf '%s' "$wanted" >"$folder/.wanted"
  fi
}

# What the installed package is made from, as one checksum.
source_checksum() {
  {
    find core cpu device opencl cmake python -type f \( -name '*.[ch]' -o -name '*.cl' -o -name '*.in' \
      -o -name '*.py' -o -name '*.pyi' -o -name '*.txt' -o -name '*.cmake' \) ! -path '*/__pycache__/*' -print0 | sort -z | xargs -0 cat
    cat CMakeLists.txt pyproject.toml VERSION
  } | cksum
}

# install_package VENV: groggy from this checkout, only when something changed.
install_package() {
  local folder=$1 checksum
  checksum=$(source_checksum)
  [ "$(cat "$folder/.groggy" 2>/dev/null)" = "$checksum" ] && return 0
  say "building and installing groggy (takes a minute)"
  "$folder/bin/python" -m pip install -q --disable-pip-version-check . >"$folder/pip.log" 2>&1 || {
    tail -40 "$folder/pip.log" >&2
    die "pip install . failed; the whole log is $folder/pip.log"
  }
  printf '%s' "$checksum" >"$folder/.groggy"
}
