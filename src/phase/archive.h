/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * An analysis as a file: phase-analysis.h5, gridded arrays over the axes of the dataset, which xarray opens
 * with named dimensions. docs/analysis.md is its schema. It lies beside phase-diagram.h5, and not in it,
 * because that file is written anew while a sweep goes on; the attribute `of` is the content hash of the runs
 * analysed.
 */
#ifndef RITARDANDO_PHASE_ARCHIVE_H
#define RITARDANDO_PHASE_ARCHIVE_H

#include <ritardando/status.h>

#include "phase/analysis.h"

/** Replaces `path` atomically. */
enum rit_status rit_analysis_write(const char *path, const struct rit_analysis *analysis,
                                   struct rit_error *err);

#endif
