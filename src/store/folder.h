/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The folder of a run, and which files in it are the program's own. */
#ifndef RITARDANDO_STORE_FOLDER_H
#define RITARDANDO_STORE_FOLDER_H

#include <ritardando/status.h>

#include <stdbool.h>

/**
 * RIT_OK for a folder in which a run was started, or into which one was copied or merged. RIT_IO if there is
 * no such folder, RIT_BAD_INPUT if it is a folder of anything else.
 */
enum rit_status rit_folder_is_run(const char *run, struct rit_error *err);

/** RIT_BAD_INPUT for the folder of a sweep, which only a claim may write to (store/claim.h): what else writes
 * a dataset asks first. */
enum rit_status rit_folder_is_no_sweep(const char *folder, struct rit_error *err);

/** The number of a name such as 000012.journal: six digits, not all zero, and then `ending`. 0 for any other
 * name: whatever else lies in the folders of a run is not ours and is left alone. */
int rit_folder_number(const char *name, const char *ending);

/**
 * Highest number of the regular files NNNNNN + `ending` in a folder below the open folder `at`, which `run`
 * names in messages; 0 if there is none, or no such folder.
 */
enum rit_status rit_folder_newest(int at, const char *run, const char *folder, const char *ending,
                                  int *newest, struct rit_error *err);

/** Make a folder below the open folder `at`, durably, if it is not there. */
enum rit_status rit_folder_make(int at, const char *run, const char *folder, struct rit_error *err);

#endif
