/* SPDX-License-Identifier: ISC */
#ifndef PARSE_TRANSFER_H
#define PARSE_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Content-Transfer-Encoding, RFC 2045 section 6, uuencode and yEnc. */
enum encoding { ENC_IDENTITY, ENC_BASE64, ENC_QP, ENC_UU, ENC_YENC };

/* The encoding that a header value names; what is unknown is identity. */
enum encoding transfer_encoding(const char *value);

/* Appends the decoded bytes; *damaged_out is set, never cleared, when bytes
 * were wrong or missing.  Never fails but by out->bad. */
void transfer_decode(enum encoding enc, const char *data, size_t len,
    struct buf *out, bool *damaged_out);

/* Whether a text that is said to be base64 can be: some mailers say so of what
 * they did not encode. */
bool transfer_may_be_base64(const char *data, size_t len);
/* Whether a text that is not said to be base64 must be: nothing but its digits,
 * in lines of one length. */
bool transfer_must_be_base64(const char *data, size_t len);

/* A file inside text, by uuencode or yEnc: where its "begin" line starts, where
 * the line behind its "end" starts, its name (not terminated). */
struct uu_file {
	enum encoding how;
	size_t begin;
	size_t end;
	const char *name;
	size_t name_len;
};

/* Finds the next one at or behind offset `at`; false if there is none. */
bool transfer_find_uu(
    const char *data, size_t len, size_t at, struct uu_file *file_out);

#endif
