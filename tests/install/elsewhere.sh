#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Another Debian in a folder: what packaging/ritardando.def does after `make dist` is done there, command by command, and the
# sweep of docs/install.md, with three ranks, must have the content hash that it has here. No part of `make test`: it needs
# root and the network, a gigabyte and some minutes. What the machine does not allow is skipped with a reason, exit code 77.
#   elsewhere.sh PROGRAM SUITE      bookworm: what the Apptainer definition starts from; trixie: Debian 13
set -euo pipefail
program=$(realpath "${1:?usage: elsewhere.sh PROGRAM SUITE}") suite=${2:?usage: elsewhere.sh PROGRAM SUITE}
source=$(realpath "$(dirname "$0")/../..")
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "debootstrap and chroot need root"
PATH=$PATH:/usr/sbin:/sbin
for tool in debootstrap chroot git make h5dump; do command -v $tool >/dev/null || skip "$tool is not installed"; done
unset MAKEFLAGS MAKELEVEL MFLAGS
for name in $(compgen -e | grep -E '^(SLURM|OMPI|PMI|PMIX)_' || true); do unset "$name"; done

work=$(mktemp -d)
root=$work/root
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
section() { sed -n "/^%$1\$/,/^%/p" "$source/packaging/ritardando.def" | sed '/^%/d'; }
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
    PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe "$@"; }

debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$work/log" 2>&1 || skip "debootstrap $suite: $(grep -m 1 -E '^[EW]:' "$work/log" || tail -n 1 "$work/log")"
mount -t proc proc "$root/proc" || skip "no /proc can be mounted"
git -c safe.directory='*' clone -q --depth 1 "file://$source" "$work/checkout"
make -s -C "$work/checkout" dist
cp "$work/checkout"/ritardando-*.tar.gz "$root/opt/ritardando.tar.gz"
section post >"$root/post"
inside sh /post >"$work/log" 2>&1 || { tail -n 40 "$work/log"; fail "the %post of packaging/ritardando.def"; }
section test >"$root/test"
inside sh /test || fail "the %test of packaging/ritardando.def"

printf 'grid: {width: [3, 6], seed: [1, 2]}\ndata: {chorales: 2}\nstop: {tau: 20}\n' | tee "$root/tiny.yaml" >"$work/tiny.yaml"
inside mpirun -n 3 ritardando sweep /tiny.yaml -o /run || fail "the sweep"
"$program" sweep "$work/tiny.yaml" -o "$work/run" 2>/dev/null
hash_of() { h5dump -a content_hash "$1/phase-diagram.h5" | grep -o '[0-9a-f]\{64\}'; }
echo "$suite: $(inside gcc -dumpfullversion | sed 's/^/gcc /'), $(inside cmake --version | head -n 1)"
echo "content hash $(hash_of "$root/run")"
[ "$(hash_of "$root/run")" = "$(hash_of "$work/run")" ] || fail "another content hash than here, $(hash_of "$work/run")"
