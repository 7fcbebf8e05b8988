#!/bin/sh
# Builds and runs the examples outside of the source tree, against installed files:
#     outside.sh pkg-config|cmake PREFIX VERSION CC
set -eu
how=$1 prefix=$2 version=$3 cc=$4
here=$(cd "$(dirname "$0")" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cp "$here"/examples/* "$project"
cd "$project"
unset CFLAGS LDFLAGS MAKEFLAGS

# Runs a program that was linked in a way, and looks at what the loader must find for it.
check() {
    "$1" 2>/dev/null | grep -q '^Turnout will be high.$'
    if command -v objdump >/dev/null && test "$(uname)" = Linux; then
        needed=$(objdump -p "$1" | grep -c "NEEDED *libunfurnish.so.$version\$" || true)
        test "$2" = static && wanted=0 || wanted=1
        if test "$needed" != $wanted; then echo "$1 is not $2: libunfurnish $needed times"; exit 1; fi
    fi
    echo "$how, $2: as it should be"
}

case $how in
pkg-config)
    export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
    test "$(pkg-config --modversion unfurnish)" = "$version"
    $cc -std=c99 minimal.c -o shared $(pkg-config --cflags --libs unfurnish) -Wl,-rpath,"$prefix/lib"
    check ./shared shared
    $cc -std=c99 minimal.c -o static $(pkg-config --cflags unfurnish) $(pkg-config --variable=static unfurnish)
    check ./static static
    ;;
cmake)
    export CC="$cc"
    for link in shared static; do
        test $link = static && static=ON || static=OFF
        cmake -S . -B $link -D CMAKE_PREFIX_PATH="$prefix" -D LINK_STATIC=$static >log 2>&1 &&
            cmake --build $link >>log 2>&1 || { cat log; exit 1; }
        check ./$link/minimal $link
    done
    # A version that it is not.
    sed 's/find_package(unfurnish [0-9.]*/find_package(unfurnish 99.0/' CMakeLists.txt >new && mv new CMakeLists.txt
    cmake -S . -B other -D CMAKE_PREFIX_PATH="$prefix" >log 2>&1 || true
    grep -q 'version: ' log
    ;;
esac
