/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/yaml.h"

#include <string.h>

/* Line and column of a byte, for the reader of libyaml, which only counts bytes. */
static yaml_mark_t mark_of_byte(const char *text, size_t size, size_t byte)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < byte && i < size; i++) {
        bool continues = ((unsigned char)text[i] & 0xc0) == 0x80; /* inside one UTF-8 character */
        mark.column = text[i] == '\n' ? 0 : mark.column + !continues;
        mark.line += text[i] == '\n';
    }
    return mark;
}

static bool is_tab(const char *text, size_t size, yaml_mark_t mark)
{
    size_t at = 0;
    for (size_t line = 0; line < mark.line; line++) {
        const char *end = memchr(text + at, '\n', size - at);
        if (!end)
            return false;
        at = (size_t)(end - text) + 1;
    }
    return mark.column < size - at && text[at + mark.column] == '\t';
}

static void complain_of_syntax(const yaml_parser_t *parser, const char *text, size_t size,
                               struct rit_complaints *c)
{
    const char *problem = parser->problem ? parser->problem : "no memory to read it";
    if (parser->error == YAML_READER_ERROR) {
        rit_complain(c, mark_of_byte(text, size, parser->problem_offset), "not a text in UTF-8: %s", problem);
    } else if (parser->error == YAML_MEMORY_ERROR) {
        rit_complain_of_all(c, "no memory to read it");
    } else if (is_tab(text, size, parser->problem_mark)) {
        rit_complain(c, parser->problem_mark, "a tab cannot stand here; YAML is indented with spaces");
    } else if (parser->context && parser->context_mark.line != parser->problem_mark.line) {
        rit_complain(c, parser->problem_mark, "not YAML: %s %s that begins in line %zu", problem,
                     parser->context, parser->context_mark.line + 1);
    } else {
        rit_complain(c, parser->problem_mark, "not YAML: %s", problem);
    }
}

static yaml_char_t *anchor_or_tag(const yaml_event_t *event, const char **what)
{
    yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    case YAML_ALIAS_EVENT:
        *what = "alias *";
        return event->data.alias.anchor;
    default:
        return NULL;
    }
    *what = anchor ? "anchor &" : "tag ";
    return anchor ? anchor : tag;
}

/*
 * First pass, by events, which never looks far ahead: loading a document of 200 000 nested '[' would take
 * minutes. Returns false when loading is not worth while.
 */
static bool is_plain(yaml_parser_t *parser, const char *text, size_t size, struct rit_complaints *c)
{
    int nesting = 0, documents = 0;
    for (;;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            complain_of_syntax(parser, text, size, c);
            return false;
        }
        yaml_event_type_t type = event.type;
        yaml_mark_t at = event.start_mark;
        const char *what;
        const yaml_char_t *name = anchor_or_tag(&event, &what);
        if (name)
            rit_complain(c, at, "%s%.40s: anchors, aliases and tags are not used in a config", what,
                         (const char *)name);
        yaml_event_delete(&event);

        bool opens = type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
        nesting += opens;
        nesting -= type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT;
        documents += type == YAML_DOCUMENT_START_EVENT;
        if (nesting > RIT_CONFIG_NESTING) {
            rit_complain(c, at, "nested more than %d levels deep", RIT_CONFIG_NESTING);
            return false;
        }
        if (documents > 1) {
            rit_complain(c, at, "a second document begins here; a config is a single one");
            return false;
        }
        if (type == YAML_STREAM_END_EVENT)
            return true;
    }
}

static void open_parser(yaml_parser_t *parser, const char *text, size_t size)
{
    RIT_CHECK(yaml_parser_initialize(parser));
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)text, size);
}

bool rit_yaml_load(const char *text, size_t size, yaml_document_t *document, struct rit_complaints *c)
{
    if (size > RIT_CONFIG_BYTES) {
        rit_complain_of_all(c, "larger than the %d bytes a config may have", RIT_CONFIG_BYTES);
        return false;
    }
    if (size == 0)
        text = ""; /* libyaml will not have NULL */
    yaml_parser_t parser;
    open_parser(&parser, text, size);
    bool plain = is_plain(&parser, text, size, c);
    yaml_parser_delete(&parser);
    if (!plain)
        return false;

    open_parser(&parser, text, size);
    bool loaded = yaml_parser_load(&parser, document);
    if (!loaded) /* what only composing finds: an alias without anchor, an anchor twice */
        complain_of_syntax(&parser, text, size, c);
    yaml_parser_delete(&parser);
    return loaded;
}
