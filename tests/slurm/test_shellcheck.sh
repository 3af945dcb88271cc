#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# All shell of the project, the job scripts and profiles above all, is clean to shellcheck.
set -euo pipefail
cd "${RITARDANDO_SOURCE:?}"
command -v shellcheck >/dev/null || { echo "skipped: shellcheck is not installed"; exit 77; }
mapfile -t scripts < <(find . -path './build*' -prune -o -type f \
    \( -name '*.sh' -o -name '*.sbatch' -o -name '*.pbs' -o -path './slurm/profile*.example' -o -path './.ci/*' \) -print)
((${#scripts[@]} >= 15))
shellcheck -x -S warning "${scripts[@]}"
echo "${#scripts[@]} scripts are clean"
