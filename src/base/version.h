/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What this program is: kept with every result, part of none. */
#ifndef RITARDANDO_BASE_VERSION_H
#define RITARDANDO_BASE_VERSION_H

/** "1.0.0 (git 1a2b3c4d5e6f)", without the revision where it was not built from a checkout. */
const char *rit_version(void);

/** "gcc 12.2.0" */
const char *rit_compiler(void);

#endif
