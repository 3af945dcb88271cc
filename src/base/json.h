/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Writing JSON that may also stand inside a page of HTML. */
#ifndef RITARDANDO_BASE_JSON_H
#define RITARDANDO_BASE_JSON_H

#include "base/pack.h"

/** As short as the bits of x allow; null if it is not finite. */
void rit_json_number(double x, struct rit_buffer *out);
/** A number that may be infinite too, which is then 1e999: JSON, and infinite to all that read numbers as
 * doubles.
 */
void rit_json_size(double x, struct rit_buffer *out);
/** x to `digits` significant digits; null if it is not finite. */
void rit_json_rounded(double x, int digits, struct rit_buffer *out);
/** A quoted text. '<' is escaped, so that no text can end the element of a page that holds it. */
void rit_json_text(const char *text, struct rit_buffer *out);

#endif
