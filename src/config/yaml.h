/* SPDX-License-Identifier: GPL-3.0-or-later */
/** YAML text to a document tree of the plain kind: no anchors, aliases, tags or second document. */
#ifndef RITARDANDO_CONFIG_YAML_H
#define RITARDANDO_CONFIG_YAML_H

#include "config/complaints.h"

#include <stdbool.h>
#include <stddef.h>

enum { RIT_CONFIG_BYTES = 8 << 20, RIT_CONFIG_NESTING = 8 };

/**
 * Parse `text`. What is no YAML or no plain YAML becomes complaints. Returns false when there is no tree to
 * walk; otherwise the caller releases `document` with yaml_document_delete.
 */
bool rit_yaml_load(const char *text, size_t size, yaml_document_t *document, struct rit_complaints *c);

#endif
