/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The folder of a run, as somebody typed it. */
#ifndef RITARDANDO_STORE_FOLDER_H
#define RITARDANDO_STORE_FOLDER_H

#include <ritardando/status.h>

/**
 * RIT_OK for a folder in which a run was started, or into which one was copied or merged. RIT_IO if there is
 * no such folder, RIT_BAD_INPUT if it is a folder of anything else.
 */
enum rit_status rit_folder_is_run(const char *run, struct rit_error *err);

#endif
