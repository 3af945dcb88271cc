/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The variable `record` of a dataset: of each row its content hash and the shape of its outcome, by which the
 * outcome can be taken from the arrays again, bit for bit, and be verified.
 *     SHA-256, then for each variable " NAME", " ~NAME" if its numbers are a library's, and ":LENGTH" for
 * each dimension, then for each dimension with labels " @DIM" and "=LABEL" for each of them
 */
#ifndef RITARDANDO_STORE_RECORD_H
#define RITARDANDO_STORE_RECORD_H

#include "base/pack.h"
#include "store/reader.h"
#include "store/results.h"

/** Append the record of an outcome, with a closing zero. */
void rit_record_print(const struct rit_hash *content, const struct rit_outcome *outcome,
                      struct rit_buffer *out);

/**
 * The result of a row, for rit_result_release: what makes its content hash, host, program, kernel and
 * seconds. Point and trajectory are the caller's to set. False, with nothing to release, if the content is
 * not that of the record, or is not all in its hash, since it has numbers of a library.
 */
bool rit_record_take(const struct rit_dataset *dataset, size_t row, struct rit_result *result);

#endif
