/* SPDX-License-Identifier: ISC */
#ifndef REPORT_TRANSFER_LETTER_H
#define REPORT_TRANSFER_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct err;

/*
 * 线索移送函: the covering sheet for the body that a clue goes to, one A4 page
 * to be printed, signed and sealed on both sides.
 */
struct transfer_material {
	const char *title; /* "附件1（图片 image/jpeg）": never a file's name */
	uint64_t size_bytes;
	bool has_hash;
	unsigned char sha256[SHA256_BYTES];
};
struct transfer_reporter {
	const char *name, *address, *reply_to, *signature; /* "" = unknown */
};
struct transfer_letter {
	const char *office, *body; /* from, to */
	const char *document;	   /* its number; "" = for the pen */
	const char *number, *channel, *domain, *area, *accused;
	const char *received, *transferred; /* days; "" = for the pen */
	const char *subject, *text;	    /* the citizen hidden */
	const char *original; /* SHA-256 of the letter itself, hex; "" */
	const struct transfer_material *materials;
	size_t n_materials;
	const struct transfer_reporter *reporter; /* NULL = not told */
	const char *seal;    /* the ledger's end */
	int64_t created_s;   /* for the file: same facts, same bytes */
};
/* xlsx to a file, or to standard output (path NULL). */
int transfer_letter_write(
    const struct transfer_letter *l, const char *path, struct err *err);

#endif
