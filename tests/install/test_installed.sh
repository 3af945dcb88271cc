#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What `make install` puts in place works there: as an ordinary user, in folders with spaces in their names, without the
# source tree. A sweep, its page, figures, a job script in a private Slurm; manual pages, completions and module files say what --help
# says.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
for name in $(compgen -e | grep -E '^(SLURM|SBATCH|OMPI|PMI|PMIX)_' || true); do unset "$name"; done
complain() { echo "$*"; failures=$((failures + 1)); }

prefix="$work/my prefix"
DESTDIR="$work/package" cmake --install "$RITARDANDO_BUILD" --prefix "$prefix" >install.log || { cat install.log; exit 1; }
mv "package$prefix" "$prefix"
home=$prefix/share/ritardando
if grep -rIl "$RITARDANDO_SOURCE" "$prefix"; then complain "the files above name the source tree"; fi
if grep -rIl "$work/package" "$prefix"; then complain "the files above name DESTDIR"; fi

# --- the user ---
mkdir "the user" && cd "the user" || exit 1
chmod 755 "$work"
as_user=()
if [ "$(id -u)" = 0 ]; then
    chown 65534:65534 . && as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
user() { (cd "$work/the user" && env -u RITARDANDO -u RITARDANDO_SOURCE -u RITARDANDO_BUILD HOME="$work/the user" \
    PATH="$prefix/bin:$PATH" "${as_user[@]}" "$@"); }
printf 'grid: {width: [3, 6], seed: [1, 2]}\ndata: {chorales: 2}\nstop: {tau: 20}\n' >tiny.yaml
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # MPI's own leaks are not ours
expect 0 -F '4 of 4 points done' user env OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe \
    mpirun -n 2 ritardando sweep tiny.yaml -o "my run"
expect 0 -F 'width' user ritardando show "my run"
expect 0 -F 'good' user ritardando check "$home/configs/default.yaml"
expect 0 -E . user ritardando analyse "my run"
expect 0 -F report.html user ritardando report "my run"
grep -qF '</html>' "my run/report.html" || complain "no report"
if /usr/bin/python3 -c 'import numpy, h5py, matplotlib, xarray' 2>/dev/null; then
    expect 0 -F learning-curves user /usr/bin/python3 "$home/analysis/all.py" "my run"
    [ -n "$(ls "my run/figures")" ] || complain "no figures"
    expect 0 -F 4 env PYTHONPATH="$home/python" /usr/bin/python3 -c 'import ritardando; print(4)'
else
    echo "figures not tried: Python has not what they need"
fi

# --- a job script ---
mkdir "$work/cluster" && chown --reference=. "$work/cluster" # Slurm itself takes no spaces
cluster=$home/slurm/cluster.sh
if PATH=$PATH:/usr/sbin command -v slurmctld >/dev/null && user bash "$cluster" start "$work/cluster" --owner $$; then
    export_line=$(user bash "$cluster" env "$work/cluster")
    eval "$export_line"
    user mkdir -p .config/ritardando
    user bash -c 'echo "export OMPI_MCA_odls_base_sigkill_timeout=1; prepare() { echo my profile; }" >.config/ritardando/profile'
    expect 0 -E . user sbatch --wait --export=ALL --ntasks=2 "$home/jobs/sweep-mpirun.sbatch" tiny.yaml "job run"
    grep -q 'ended with exit code 0' ./*.log && grep -q 'my profile' ./*.log || { cat ./*.log; complain "the job"; }
    for run in "my run" "job run"; do user ritardando show "$run" >"$work/shown"; cksum <"$work/shown"; done | sort -u | wc -l | grep -qx 1 ||
        complain "the job's run is another one"
    user bash "$cluster" stop "$work/cluster"
else
    echo "job script not tried: Slurm is not installed or does not start here"
fi

# --- manual pages, completions, module files ---
cd "$work" || exit 1
for name in $("$prefix/bin/ritardando" help | sed -n 's/^  \([a-z-]*\) .*/\1/p' | grep -vx help); do
    page=$prefix/share/man/man1/ritardando-$name.1
    usage=$("$prefix/bin/ritardando" help "$name" | sed -n '1s/^usage: ritardando [a-z-]* *//p')
    sed 's/\\-/-/g' "$page" 2>/dev/null | grep -qF -- "${usage:-ritardando}" || complain "$page does not say: $usage"
done
if command -v groff >/dev/null; then
    for page in "$prefix"/share/man/man1/*; do
        groff -man -ww -z "$page" >groff.log 2>&1 && [ ! -s groff.log ] || { complain "$page:"; cat groff.log; }
    done
fi
# shellcheck disable=SC2016 # bash -c expands it
complete_bash='. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ritardando; echo "${COMPREPLY[*]}"'
completion=$prefix/share/bash-completion/completions/ritardando
expect 0 -xF 'sweep' bash -c "$complete_bash" - "$completion" ritardando swe
expect 0 -x '[-]-share' bash -c "$complete_bash" - "$completion" ritardando sweep tiny.yaml --sh
expect 0 -xF '' bash -c "$complete_bash" - "$completion" ritardando sweep tin
if command -v zsh >/dev/null; then zsh -n "$prefix/share/zsh/site-functions/_ritardando" || complain zsh; fi
if command -v fish >/dev/null; then fish -n "$prefix/share/fish/vendor_completions.d/ritardando.fish" || complain fish; fi
version=$("$prefix/bin/ritardando" version | sed -n '1s/ritardando \([0-9.]*\).*/\1/p')
for module in "$home/modulefiles/ritardando/$version" "$home/modulefiles/ritardando/$version.lua"; do
    grep -qF "$prefix/bin" "$module" || complain "$module does not put the program on the path"
done
[ "$(ls "$home/modulefiles/ritardando" | wc -l)" = 2 ] || complain "other module files: $(ls "$home/modulefiles/ritardando")"
