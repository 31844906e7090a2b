/* SPDX-License-Identifier: ISC */
#ifndef PARSE_TEXTPART_H
#define PARSE_TEXTPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "parse/charset.h"

struct decode;
struct part;

/* One text part of a message → tidy text. */

struct part_text {
	struct buf text; /* the caller's to free, also after a failure */
	struct charset_result charset;
	bool cut; /* there was more than MAX_TEXT_BYTES */
};

bool textpart_is_html(const struct part *p);
/* Whether the part says that it is a file. */
bool textpart_has_name(const struct part *p);
/* Text that a reader is shown, unlike a calendar, a card or an attachment. */
bool textpart_is_readable(const struct part *p);

/* Decodes part i, without using it yet; notes cloud links and uuencoded files
 * in it.  Returns -1 only when memory is out. */
int textpart_decode(struct decode *d, size_t i, struct part_text *out);
/* Only notes the cloud links of a part that is not read. */
int textpart_find_links(struct decode *d, size_t i);

#endif
