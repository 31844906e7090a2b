/* SPDX-License-Identifier: ISC */
#ifndef SEND_ANSWER_H
#define SEND_ANSWER_H

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

struct buf;

/* The bytes of a server's latest reply, its lines joined by blanks. */
struct answer {
	int code; /* 0 = none yet */
	bool whole; /* its last line came */
	size_t len;
	char raw[MAX_REPLY_BYTES]; /* more is cut off */
};

void answer_clear(struct answer *t);
/* One line as it came (RFC 5321 4.2: "550-…" goes on, "550 …" ends).  What is
 * no reply line is ignored.  True when it ended a reply. */
bool answer_add_line(struct answer *t, const char *line, size_t len);

/* The converter for GBK, opened before the sandbox closes; (iconv_t)-1 where
 * this machine has none. */
iconv_t answer_open_gbk(void);

/* Appends the reply as printable UTF-8: taken for GBK where it is not UTF-8
 * but is GBK (QQ's 535), else made printable.  `hide` is written as
 * "(recipient)" wherever it stands in the reply: addresses of citizens do not
 * belong into logs, nor may their words decide anything. */
void answer_printable(
    const struct answer *t, iconv_t gbk, const char *hide, struct buf *out);

#endif
