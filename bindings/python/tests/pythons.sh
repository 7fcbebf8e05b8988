#!/bin/sh
# pythons.sh WHEELS DIRECTORY TESTED PYTHON...
#
# Tests the wheel with those interpreters that are there, but only one of each version, and none of the
# version of TESTED. They get pyarrow and numpy; what needs other packages is skipped, and the slowest tests
# are left out.
set -e
wheels=$1
directory=$2
shift 2
here=$(dirname "$0")

version() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

tested=" $(version "$1") "
shift
for python in "$@"; do
    version=$(version "$python") || continue
    case " 3.9 3.10 3.11 3.12 3.13 3.14 " in *" $version "*) ;; *) continue ;; esac
    case "$tested" in *" $version "*) continue ;; esac
    tested="$tested$version "
    venv=$directory/$version
    test -x "$venv/bin/python" || "$python" -m venv "$venv"
    "$venv/bin/python" -m pip --disable-pip-version-check --quiet install \
        --constraint "$here/requirements.txt" pytest numpy pyarrow
    "$venv/bin/python" -m pip --disable-pip-version-check --quiet install \
        --no-deps --force-reinstall "$wheels"/*.whl
    echo "== Python $version"
    "$venv/bin/python" -m pytest --quiet -p no:cacheprovider -k "not million and not two_threads" "$here"
done
echo "== tested with Python$tested"
