/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/version.h"

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

const char *rit_version(void)
{
    return RIT_VERSION_TEXT;
}

const char *rit_compiler(void)
{
    return COMPILER;
}
