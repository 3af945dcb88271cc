/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How wide the lines of a table may be. */
#ifndef RITARDANDO_BASE_TERMINAL_H
#define RITARDANDO_BASE_TERMINAL_H

/** Characters in a line of the terminal that an open descriptor is, at least 40; `otherwise` if it is none.
 */
int rit_terminal_columns(int fd, int otherwise);

#endif
