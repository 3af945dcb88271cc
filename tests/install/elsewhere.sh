#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Another Debian in a folder (debootstrap, chroot), in which the tarball of `make dist` is built. It needs root, the network, a
# gigabyte and some minutes; what the machine does not allow is skipped with a reason, exit code 77.
#   elsewhere.sh PROGRAM trixie [COMPILER ...]  Debian 13, by these of its compilers (gcc): the sweep of docs/install.md, with
#                                               three ranks, has the content hash that it has with PROGRAM
#   elsewhere.sh PROGRAM definition             the same, built by what packaging/ritardando.def says, command by command
#   elsewhere.sh PROGRAM mpich [REGEX]          Debian 12 with MPICH and no other MPI: the tests (that match), but for slow ones; what
#                                               is skipped, and why, is listed at the end
set -euo pipefail
usage="usage: elsewhere.sh PROGRAM trixie|definition|mpich [...]"
[ $# -ge 2 ] || { echo "$usage" >&2; exit 64; }
# What is mounted is this process's alone, and gone with it, however it ends.
if [ -z "${MOUNTS_ALONE-}" ] && unshare --mount true 2>/dev/null; then
    MOUNTS_ALONE=yes exec unshare --mount bash "$0" "$@"
fi
program=$(realpath "$1") what=$2
shift 2
source=$(realpath "$(dirname "$0")/../..")
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "debootstrap and chroot need root"
PATH=$PATH:/usr/sbin:/sbin
for tool in debootstrap chroot git make h5dump; do command -v $tool >/dev/null || skip "$tool is not installed"; done
git -c safe.directory='*' -C "$source" rev-parse HEAD >/dev/null 2>&1 || skip "no checkout"
unset MAKEFLAGS MAKELEVEL MFLAGS RITARDANDO_DATA
for name in $(compgen -e | grep -E '^(SLURM|OMPI|PMI|PMIX)_' || true); do unset "$name"; done
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

work=$(mktemp -d)
root=$work/root
trap 'umount "$root/dev/pts" "$root/sys" "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
section() { sed -n "/^%$1\$/,/^%/p" "$source/packaging/ritardando.def" | sed '/^%/d'; }
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \
    PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe "$@"; }
# quietly WHAT COMMAND...: its words only if it fails.
quietly() {
    local name=$1
    shift
    "$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log"; fail "$name"; }
}
# What the network does not give is no fault of ours.
fetch() { # COMMAND...
    inside "$@" >"$work/log" 2>&1 && return
    ! grep -m 1 -E 'Failed to fetch|Unable to fetch|Could not (resolve|connect)|Temporary failure' "$work/log" || skip "$*: no network"
    tail -n 40 "$work/log"
    fail "$*"
}
install_packages() { fetch apt-get install -y --no-install-recommends "$@"; }

make_root() { # SUITE
    debootstrap --variant=minbase "$1" "$root" "$mirror" >"$work/log" 2>&1 ||
        skip "debootstrap $1: $(grep -m 1 -E '^[EW]:' "$work/log" || tail -n 1 "$work/log")"
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/fast" # nobody needs it after a power cut
    { mount -t proc proc "$root/proc" && mount -t sysfs sysfs "$root/sys" && mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"; } ||
        skip "no /proc, /sys and /dev/pts can be mounted"
    ln -sf pts/ptmx "$root/dev/ptmx"
    chmod 1777 "$root/dev/shm" # MPICH's ranks meet there, as an ordinary user, too
    fetch apt-get update
}

make_tarball() {
    git -c safe.directory='*' clone -q --depth 1 "file://$source" "$work/checkout"
    quietly "make dist" make -s -C "$work/checkout" dist
    cp "$work/checkout"/ritardando-*.tar.gz "$root/opt/ritardando.tar.gz"
}

unpack() {
    mkdir "$root/opt/source"
    tar -xzf "$root/opt/ritardando.tar.gz" --strip-components=1 -C "$root/opt/source"
}

hash_of() { h5dump -a content_hash "$1/phase-diagram.h5" | grep -o '[0-9a-f]\{64\}'; }
printf 'grid: {width: [3, 6], seed: [1, 2]}\ndata: {chorales: 2}\nstop: {tau: 20}\n' >"$work/tiny.yaml"

compare() { # NAME: the sweep there and here
    cp "$work/tiny.yaml" "$root/tiny.yaml"
    rm -rf "$root/run"
    quietly "the sweep by $1" inside mpirun -n 3 ritardando sweep /tiny.yaml -o /run
    grep -q 'complete after .* 4 of 4 points done' "$work/log" || { cat "$work/log"; fail "the sweep by $1 is not one of three ranks"; }
    [ -e "$work/run" ] || "$program" sweep "$work/tiny.yaml" -o "$work/run" 2>/dev/null
    echo "$1: $(inside ritardando version | sed -n '1s/.*, //p; s/^\(MPI\|HDF5\)  */\1 /p' | paste -sd ';'), $(inside cmake --version | head -n 1)"
    echo "content hash $(hash_of "$root/run")"
    [ "$(hash_of "$root/run")" = "$(hash_of "$work/run")" ] || fail "another content hash than here, $(hash_of "$work/run")"
}

case $what in
trixie)
    [ $# -gt 0 ] || set -- gcc
    make_root trixie
    make_tarball
    unpack
    install_packages make "$@"
    quietly ".ci/packages build" inside sh -c 'cd /opt/source && .ci/packages build'
    rm "$root"/usr/bin/dpkg* # it builds without
    echo "built without dpkg and $(inside sh -c 'command -v python3 || echo without Python')"
    for compiler in "$@"; do
        quietly "building with $compiler" inside sh -c "cd /opt/source && rm -rf build && cmake -S . -B build -DCMAKE_C_COMPILER=$compiler \
            -DBUILD_TESTING=OFF -DRIT_WERROR=ON && cmake --build build -j 2 && cmake --install build"
        compare "Debian 13, $compiler"
    done
    ;;
definition)
    make_root bookworm
    make_tarball
    section post >"$root/post"
    quietly "the %post of packaging/ritardando.def" inside sh /post
    section test >"$root/test"
    quietly "the %test of packaging/ritardando.def" inside sh /test
    install_packages cmake
    compare "packaging/ritardando.def"
    ;;
mpich)
    make_root bookworm
    make_tarball
    unpack
    # No ScaLAPACK: Debian's for MPICH brings Open MPI's mpirun along.
    install_packages gcc make cmake pkg-config git ca-certificates mpich libmpich-dev libhdf5-dev libyaml-dev libgsl-dev libssl-dev \
        librandom123-dev libcurl4-openssl-dev libcmocka-dev hdf5-tools procps python3 python3-numpy python3-scipy python3-h5py \
        python3-matplotlib python3-xarray python3-h5netcdf python3-yaml python3-jsonschema
    quietly "building" inside sh -c 'cd /opt/source && cmake -S . -B build -DRIT_WERROR=ON && cmake --build build -j 2'
    inside /opt/source/build/ritardando version
    code=0
    inside ctest --test-dir /opt/source/build -j 2 -LE slow -R "${1-.}" --output-on-failure >"$work/tests" 2>&1 || code=$?
    sed -n '/% tests passed/,/^Label/p' "$work/tests" | sed '/^Label/d'
    echo "Skipped, and why:"
    sed -n '/did not run:/,/^$/s/.* - \(.*\) (Skipped)/\1/p' "$work/tests" >"$work/skipped"
    awk 'NR == FNR {skipped[$1]; next} / Testing: / {name = $NF} /^<end of output>/ && name in skipped {print "  " name ": " last}
        NF {last = $0} /^-+$/ {last = ""}' "$work/skipped" "$root/opt/source/build/Testing/Temporary/LastTest.log"
    [ "$code" = 0 ] || { sed -n '/\*\*\*Failed\|\*\*\*Timeout/,/^ *$/p' "$work/tests"; fail "tests with MPICH alone"; }
    ;;
*) echo "$usage" >&2; exit 64 ;;
esac
