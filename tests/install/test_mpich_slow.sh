#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Another MPI, a serial HDF5 and no libcurl: it builds, sweeps under that MPI's mpirun, and its dataset has the content
# hash of the build under test. Two MPIs in one program are refused. Debian's packages are unpacked into a folder of the
# test: installed, they might change which MPI `mpicc` is for everybody.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
skip() { echo "skipped: $*"; exit 77; }
for tool in apt-get dpkg ldd h5dump cmake pkg-config; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done

mkdir debs root
packages="mpich libmpich-dev libmpich12 libhdf5-dev libhdf5-103-1 libhdf5-hl-100 libhwloc15 libfabric1 libucx0 libslurm38"
# shellcheck disable=SC2086 # words
(cd debs && apt-get download $packages) >apt.log 2>&1 || skip "apt-get download: $(grep -m 1 ^E: apt.log)"
for deb in debs/*.deb; do dpkg -x "$deb" root; done
lib=$work/root/usr/lib/$(gcc -print-multiarch)
mpicc=$work/root/usr/bin/mpicc.mpich
sed -i "s#^prefix=/usr#prefix=$work/root/usr#; s#=/usr/\(include\|lib\)#=$work/root/usr/\1#" "$mpicc"
export LD_LIBRARY_PATH=$lib OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
for name in $(compgen -e | grep -E '^(SLURM|OMPI_COMM|PMI|PMIX)_?' || true); do unset "$name"; done
if ldd "$lib/libmpich.so.12" | grep -q 'not found'; then skip "MPICH needs more: $(ldd "$lib/libmpich.so.12" | grep 'not found')"; fi

# A pkg-config that knows no libcurl.
mkdir bin
# shellcheck disable=SC2016 # who stands in for it expands it
printf '#!/bin/sh\ncase "$*" in *libcurl*) exit 1 ;; esac\nexec %s "$@"\n' "$(command -v pkg-config)" >bin/pkg-config
chmod +x bin/pkg-config

configure() { # folder option ...
    local folder=$1
    shift
    # -O1 compiles faster, and decides no bits.
    cmake -S "$RITARDANDO_SOURCE" -B "$folder" -DBUILD_TESTING=OFF -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS_RELEASE=-O1 \
        -DCMAKE_C_COMPILER_LAUNCHER="$(command -v ccache || true)" \
        -DPKG_CONFIG_EXECUTABLE="$work/bin/pkg-config" -DMPI_C_COMPILER="$mpicc" "$@"
}

parallel=$(find "/usr/lib/$(gcc -print-multiarch)" -maxdepth 3 -path '*openmpi/libhdf5.so' | head -n 1)
if [ -n "$parallel" ]; then
    expect 1 -E 'Two MPIs would be in one program|cannot be linked into one program' \
        configure two -DHDF5_ROOT="$(dirname "$parallel")" -DHDF5_PREFER_PARALLEL=TRUE -DHDF5_C_COMPILER_EXECUTABLE="$(command -v h5pcc)"
else
    echo "not tried: two MPIs in one program, as there is no HDF5 for Open MPI here"
fi

configure mpich -DHDF5_ROOT="$lib/hdf5/serial" -DHDF5_C_COMPILER_EXECUTABLE=HDF5_C_COMPILER_EXECUTABLE-NOTFOUND >configure.log 2>&1 ||
    { cat configure.log; exit 1; }
cmake --build mpich -j 2 >build.log 2>&1 || { tail -30 build.log; exit 1; }
expect 0 -E '^MPI  *MPICH' mpich/ritardando --version
expect 74 -F 'built without libcurl' mpich/ritardando fetch-data "$work/chorales.json" --from https://localhost/x
expect 65 -F 'built without ScaLAPACK' mpich/ritardando spectrum run point -o x.h5 # Debian's for Open MPI is none for this MPI
expect 65 -F 'not the chorale file' mpich/ritardando fetch-data "$work/chorales.json" --from "file://$work/build.log"
[ "$(ldd mpich/ritardando | grep -c 'libmpi[.c]')" = 1 ] || { ldd mpich/ritardando; exit 1; }

printf 'grid: {width: [3, 6], seed: [1, 2]}\ndata: {chorales: 2}\nstop: {tau: 20}\n' >tiny.yaml
"$RITARDANDO" sweep tiny.yaml -o here 2>log || { cat log; exit 1; }
expect 0 -F 'points done' "$work/root/usr/bin/mpiexec.hydra" -launcher fork -n 3 mpich/ritardando sweep tiny.yaml -o there
hash_of() { h5dump -a content_hash "$1/phase-diagram.h5" | grep -o '"[0-9a-f]\{64\}"'; }
[ -n "$(hash_of here)" ] && [ "$(hash_of here)" = "$(hash_of there)" ] || { cat out; echo "another content hash"; exit 1; }

# The job script, as Slurm would start it on one node, with MPICH's mpirun.
ln -s mpiexec.hydra root/usr/bin/mpirun
printf 'PATH=%q:$PATH\n' "$work/root/usr/bin" >profile
job() { # CONFIG RUN
    env HYDRA_LAUNCHER=fork SLURM_JOB_ID=1 SLURM_SUBMIT_DIR="$RITARDANDO_SOURCE" SLURM_JOB_NODELIST=localhost SLURM_NODELIST=localhost \
        SLURM_JOB_NUM_NODES=1 SLURM_TASKS_PER_NODE=3 RITARDANDO_RANKS_PER_NODE=3 RITARDANDO_PROFILE="$work/profile" \
        RITARDANDO="$work/mpich/ritardando" bash "$RITARDANDO_SOURCE/jobs/sweep-mpirun.sbatch" "$@"
}
expect 0 -F '2 workers' job tiny.yaml job
[ "$(hash_of job)" = "$(hash_of here)" ] || { echo "another content hash of the job"; exit 1; }
mpich/ritardando --version
echo "content hash $(hash_of there)"
