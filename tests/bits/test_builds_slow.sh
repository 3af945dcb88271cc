#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The weights after 1 000 steps have one hash, whatever compiler and option built the engine; with a cross compiler
# and qemu-user also on ARM. Every build and instruction set is named.
set -eu
source=${RITARDANDO_SOURCE:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

engine="kernel/dispatch.c model/layered/fast.c model/layered/chunk.c model/layered/gradient.c
        base/arena.c base/exact.c base/random.c base/rows.c base/status.c"
flags="-std=gnu11 -ffp-contract=off -fno-math-errno -pthread -I$source/include -I$source/src"

# build NAME KERNELS COMPILER OPTION...: KERNELS are files of src/kernel with their -march, as file:march.
build() {
    local name=$1 kernels=$2 compiler=$3
    shift 3
    mkdir -p "$work/$name"
    for kernel in $kernels; do
        local march=${kernel#*:}
        "$compiler" $flags "$@" ${march:+-march=$march} -c "$source/src/kernel/${kernel%%:*}.c" \
            -o "$work/$name/${kernel%%:*}.o"
    done
    (cd "$source/src" && "$compiler" $flags "$@" "$source/tests/bits/test_bits.c" $engine "$work/$name"/*.o \
        -lm -o "$work/$name/bits")
}

status=0
check() {
    local name=$1
    shift
    echo "$name"
    "$@" || status=1
}

if [ "$(uname -m)" = x86_64 ]; then
    kernels="avx512:x86-64-v4 avx2:x86-64-v3 portable:"
else
    kernels="portable:"
fi
for compiler in gcc clang; do
    command -v "$compiler" >/dev/null || { echo "$compiler: not here"; continue; }
    for option in -O2 -O3; do
        build "$compiler$option" "$kernels" "$compiler" "$option"
        check "$compiler $option" "$work/$compiler$option/bits"
    done
done
if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
    # Random123 is all headers; a folder of its own keeps the other headers of this machine out.
    mkdir -p "$work/include" && ln -s /usr/include/Random123 "$work/include/Random123"
    build aarch64 portable: aarch64-linux-gnu-gcc -O2 -static -I"$work/include"
    check "aarch64 under qemu" qemu-aarch64 "$work/aarch64/bits"
else
    echo "aarch64: no cross compiler or no qemu-user here"
fi
exit $status
