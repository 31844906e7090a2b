/* SPDX-License-Identifier: ISC */
#ifndef FETCH_FIREWALL_H
#define FETCH_FIREWALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

/*
 * Stands between a server's bytes and libetpan's parser, which mutated answers
 * crash about once in a thousand.  Whole lines are collected and vetted;
 * what passes is written anew in canonical form, so that the parser sees only
 * bytes that this file made, apart from the counted bytes of message bodies.
 *
 *  1. A line has at most MAX_IMAP_LINE bytes and no NUL; an answer at most the
 *     lines and line bytes granted for it; a literal at most the bytes granted.
 *  2. Lists are at most MAX_IMAP_DEPTH deep.
 *  3. Passed on: OK NO BAD BYE, CAPABILITY, SEARCH, n EXISTS, n FETCH, tagged
 *     answers (C1 …), and "+" where it is expected.  Everything else that may
 *     be ignored (RFC 3501 section 7) is dropped; what carries a literal there
 *     is refused.
 *  4. Response codes passed on: UIDVALIDITY, UIDNEXT, READ-ONLY, READ-WRITE,
 *     CAPABILITY, with 32-bit numbers.  PERMANENTFLAGS is read here.  Texts
 *     are kept here and never reach the parser.
 *  5. FETCH lines: see fetchline.h; ENVELOPE and BODYSTRUCTURE, which are never
 *     asked for, are refused.
 *  6. Numbers are at most 2^32 - 1; a SEARCH answer that is not all numbers is
 *     refused, for a UID lost from it would be lost for good.
 *
 * After a refusal nothing passes any more: the stream is out of step.
 */
struct firewall;

/* What the next answers may hold; counted anew from each call. */
struct firewall_grant {
	uint64_t literal_bytes; /* largest literal; 0 = none */
	uint64_t lines;
	uint64_t line_bytes;
	bool plus; /* a continuation is expected */
};

#define FIREWALL_TEXT 400

/* What went by. */
struct firewall_seen {
	uint32_t tag; /* of the last tagged answer: 7 for C7 */
	char status;  /* of it: 'O', 'N' or 'B' */
	/* Its text, and that of a BYE: the server's raw bytes without control
	 * characters, to be shown by say.h only. */
	char text[FIREWALL_TEXT];
	char bye[FIREWALL_TEXT];
	bool has_bye;
	uint32_t uidvalidity; /* the last that was told */
	uint32_t exists;   /* of the last EXISTS */
	uint32_t n_exists; /* how many EXISTS went by */
	/* The list of the last PERMANENTFLAGS, without the parentheses. */
	char permanent[FIREWALL_TEXT];
	bool has_permanent;
};

int firewall_new(struct firewall **fw_out, struct err *err);
void firewall_free(struct firewall **fw);

void firewall_allow(struct firewall *fw, const struct firewall_grant *grant);

/* Gives a line to the reader as if it had been vetted. */
void firewall_pretend(struct firewall *fw, const char *line);

/* Hands over raw bytes, borrowed until firewall_take() asks for more. */
void firewall_feed(struct firewall *fw, const void *raw, size_t len);

/* Vetted bytes: their number, 0 = more raw bytes are needed, -1 = refused
 * (ERR_LATER). */
ssize_t firewall_take(
    struct firewall *fw, void *out, size_t size, struct err *err);

/* Whether firewall_take() would give something now (1), needs more (0) or has
 * refused (-1); vets what was fed. */
int firewall_ready(struct firewall *fw, struct err *err);

const struct firewall_seen *firewall_seen(const struct firewall *fw);
/* Forgets what belongs to one folder, before another is selected. */
void firewall_forget_folder(struct firewall *fw);

#endif
