#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A release is one version everywhere that names it: the build, the citation, the changelog with the same day, the packages, and
# the run of it that later versions must read.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
cd "$RITARDANDO_SOURCE" || exit 1
version=$("$RITARDANDO" version | sed -n '1s/^ritardando \([0-9.]*\).*/\1/p')
day=$(sed -n 's/^date-released: //p' CITATION.cff)
names() { grep -qE -- "$2" "$1" || { echo "$1 does not say: $2"; failures=$((failures + 1)); }; }
dotted=${version//./\\.}
names CMakeLists.txt "^project\(ritardando VERSION $dotted "
names CITATION.cff "^version: $dotted\$"
names CHANGELOG.md "^## $dotted, $day\$"
names packaging/debian/changelog "^ritardando \($dotted-[0-9]+\)"
names packaging/ritardando.def "ritardando-$dotted\.tar\.gz"
names packaging/spack/package.py "version\(\"$dotted\""
[ -e "tests/store/before/run-$version.tar.gz" ] || { echo "no run of $version for later versions to read"; exit 1; }
if git -c safe.directory='*' rev-parse -q --verify "v$version^{commit}" >/dev/null 2>&1; then
    tagged() { git -c safe.directory='*' show "v$version:$1" >tagged; }
    cd "$work" || exit 1
    export GIT_DIR=$RITARDANDO_SOURCE/.git
    tagged CITATION.cff && names tagged "^version: $dotted\$"
    tagged CHANGELOG.md && names tagged "^## $dotted, $day\$"
fi
