/* SPDX-License-Identifier: ISC */
#ifndef PARSE_HEADER_H
#define PARSE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * A header block (RFC 5322 section 2.2) → its fields, as raw slices of the
 * input.  Bears what mail brings: junk lines, blanks before the colon, any
 * mix of line ends, a missing empty line before the body, no header at all.
 */
struct header {
	const char *name; /* not terminated */
	size_t name_len;
	const char *value; /* folds and line ends inside, none at the end */
	size_t value_len;
};

struct headers {
	const struct header *list;
	size_t n;
	size_t body;	/* where the body begins in the data */
	bool separated; /* an empty line stood before the body */
	bool cut;	/* more than MAX_HEADER_LINES or MAX_HEADER_BYTES */
};

/* Whether a line (without its end) ends the block, as a boundary does. */
typedef bool header_stop_fn(void *arg, const char *line, size_t len);

/* Reads the block at the start of data.  A block in which no header of mail
 * is known is taken for text: n = 0, body = 0.  stop may be NULL.  Returns -1
 * only when memory is out. */
int headers_read(const char *data, size_t len, header_stop_fn *stop, void *arg,
    struct arena *arena, struct headers *out);

/* As above for the groups of fields in a report (RFC 3464 section 2.1), where
 * any name will do. */
int headers_read_fields(
    const char *data, size_t len, struct arena *arena, struct headers *out);

/* The first field of that name (ASCII case ignored) at or after index from;
 * NULL if none. */
const struct header *headers_next(
    const struct headers *h, const char *name, size_t from);
const struct header *headers_find(const struct headers *h, const char *name);

/* A copy of the first field's value as one line: folds and control bytes are
 * single blanks, trimmed.  "" if there is none; NULL when memory is out. */
const char *headers_line(
    const struct headers *h, const char *name, struct arena *arena);
/* The same for one field, cut to max bytes (0 = uncut). */
const char *header_line(
    const struct header *f, size_t max, struct arena *arena);

/* The length of the line at `at` without its line end, which may be LF, CR LF
 * or CR CR LF; *next_out is where the next one begins. */
size_t header_line_at(
    const char *data, size_t len, size_t at, size_t *next_out);

/* Whether this looks like a header's first line ("Name: …"); *name_len_out
 * and *value_out say where the parts are. */
bool header_like(
    const char *line, size_t len, size_t *name_len_out, size_t *value_out);

#endif
