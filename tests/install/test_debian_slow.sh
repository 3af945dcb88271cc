#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `make dist` and packaging/debian are a Debian source package that builds, has what it should and passes lintian.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
skip() { echo "skipped: $*"; exit 77; }
for tool in git dpkg-buildpackage dh lintian; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
git -c safe.directory="*" -C "$RITARDANDO_SOURCE" rev-parse HEAD >/dev/null 2>&1 || skip "no checkout"
unset MAKEFLAGS MAKELEVEL MFLAGS

version=$(sed -n 's/^project(ritardando VERSION \([0-9.]*\).*/\1/p' "$RITARDANDO_SOURCE/CMakeLists.txt")
grep -qF "version: $version" "$RITARDANDO_SOURCE/CITATION.cff" || { echo "CITATION.cff is of another version"; exit 1; }
git -c safe.directory="*" clone -q --depth 1 "file://$RITARDANDO_SOURCE" checkout
make -s -C checkout dist || exit 1
mv "checkout/ritardando-$version.tar.gz" "ritardando_$version.orig.tar.gz"
tar -xzf "ritardando_$version.orig.tar.gz"
cp -r "ritardando-$version/packaging/debian" "ritardando-$version/debian"
cd "ritardando-$version" || exit 1
# -d: build dependencies may be met otherwise, as by a parallel HDF5. noopt: what the compiler takes is more than half of it.
DEB_BUILD_OPTIONS="nocheck noopt parallel=2 noautodbgsym" dpkg-buildpackage -us -uc -d >../build.log 2>&1 || { tail -30 ../build.log; exit 1; }
cd ..
# No changelog closes a bug of Debian's here, and no release of Debian is named.
lintian --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs ./*.changes || failures=$((failures + 1))
dpkg -c ritardando_*.deb >content
for file in usr/bin/ritardando usr/share/man/man1/ritardando-sweep.1.gz usr/share/ritardando/configs/ritardando.schema.json \
    usr/share/ritardando/jobs/sweep-mpirun.sbatch usr/share/bash-completion/completions/ritardando; do
    grep -qF "/$file" content || { echo "the package has no $file"; failures=$((failures + 1)); }
done
dpkg -x ritardando_*.deb root
expect 0 -F "ritardando $version," root/usr/bin/ritardando version
