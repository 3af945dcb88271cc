#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The installed module files are loaded by Environment Modules and by Lmod: the program, its manual pages and its Python
# package are found, those of the system stay, and unloading leaves nothing. Debian's packages of the two exclude each
# other, so what is not installed is unpacked into a folder of the test.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
prefix="$work/my prefix"
cmake --install "$RITARDANDO_BUILD" --prefix "$prefix" >install.log || { cat install.log; exit 1; }
export files=$prefix/share/ritardando/modulefiles
version=$("$RITARDANDO" version | sed -n '1s/ritardando \([0-9.]*\).*/\1/p')
unset MANPATH MODULEPATH LOADEDMODULES
tried=0

# What a user does, in a shell that knows `module`.
# shellcheck disable=SC2016 # bash -c expands it
loaded='module use "$files" && module load ritardando/'$version' && ritardando version && echo "program $(type -P ritardando)" &&
    echo "home $RITARDANDO_HOME" && /usr/bin/python3 -c "import sys; print(\"python\", *sys.path, sep=\"|\")" &&
    { ! type -P man >/dev/null || { echo "manual $(man -w ritardando-sweep)" && man -w man; }; } &&
    module unload ritardando && echo "after $(type -P ritardando) ${RITARDANDO_HOME-none}"'

works() { # name command-that-defines-module
    env -u RITARDANDO -u RITARDANDO_HOME bash -c "$2; $loaded" >out 2>&1 || { echo "$1:"; cat out; failures=$((failures + 1)); }
    for line in "ritardando $version" "program $prefix/bin/ritardando" "home $prefix/share/ritardando" \
        "|$prefix/share/ritardando/python|" "after  none"; do
        grep -qF -- "$line" out || { echo "$1: without '$line'"; cat out; failures=$((failures + 1)); }
    done
    ! grep -q '^manual' out || grep -qF "manual $prefix/share/man/man1/ritardando-sweep.1" out || { echo "$1: manual"; failures=$((failures + 1)); }
    tried=$((tried + 1))
    echo "$1: loaded and unloaded"
}

unpack() { # package ...: whether they are now in ./root
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return
    mkdir -p debs root
    (cd debs && apt-get download "$@") >apt.log 2>&1 || return
    for deb in debs/*.deb; do dpkg -x "$deb" root; done
}

if [ -e /usr/share/modules/init/bash ]; then
    works "Environment Modules" '. /usr/share/modules/init/bash'
else
    echo "Environment Modules not tried: not installed"
fi

if [ -e /usr/share/lmod/lmod/init/bash ]; then
    works Lmod '. /usr/share/lmod/lmod/init/bash'
elif unpack lmod lua5.3 lua-filesystem lua-lpeg lua-json lua-bit32 lua-posix lua-term; then
    export lmod=$work/root/usr/share/lmod/lmod/libexec lua=$work/root/usr/bin/lua5.3
    sed -i "s#/usr/share/#$work/root/usr/share/#g; s#/usr/lib/#$work/root/usr/lib/#g" "$lmod/lmod"
    # shellcheck disable=SC2016
    works Lmod 'export LMOD_DIR=$lmod; module() { eval "$("$lua" "$lmod/lmod" bash "$@")"; }'
else
    echo "Lmod not tried: neither installed nor to be had: $(grep -m 1 ^E: apt.log 2>/dev/null)"
fi
[ $tried -gt 0 ] || [ $failures -gt 0 ] || exit 77
exit 0 # unless something was not as expected
