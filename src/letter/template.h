/* SPDX-License-Identifier: ISC */
#ifndef LETTER_TEMPLATE_H
#define LETTER_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

/*
 * A template:
 *
 *	Subject: {priority}【线索交办】{number} {domain}
 *
 *	线索编号：{number}
 *	{?held}
 *	未随附：{held}
 *	{/held}
 *	来信内容：
 *	{text}
 *
 * {field} becomes a value, {?field}…{/field} stays only when the field has
 * one; {{ and }} are braces.  A line whose fields are all empty disappears with
 * its label.  Values are never looked at for fields again.
 */

/* The fields that exist. */
enum slot {
	SLOT_NUMBER, SLOT_DOMAIN, SLOT_AREA, SLOT_WHY, SLOT_PEOPLE_WHY,
	SLOT_PRIORITY, SLOT_DUE_ACCEPT, SLOT_DUE_FEEDBACK,
	SLOT_DUE_CONCLUDE, SLOT_SUBJECT, SLOT_TEXT, SLOT_RECEIVED,
	SLOT_PHOTOS, SLOT_HELD, SLOT_OFFICE, SLOT_OFFICER, SLOT_DEADLINE,
	SLOT_DUE, SLOT_LEFT, SLOT_COUNT, SLOT_LIST, SLOT_CAUSE,
	SLOT_REPLY_HELP, SLOT_DISPATCHED, SLOT_STATE, SLOT_OVER, SLOT_COPY,
	SLOT_CODE, SLOT_NEXT, SLOT_RELATED, SLOT_PROGRESS, SLOT_QUESTION,
	SLOT_PERIOD, N_SLOTS,
};
const char *slot_name(enum slot s);
/* -1 when there is none. */
int slot_by_name(const char *name, size_t len);
/* Whether its value may have several lines and stands in a box of its own. */
bool slot_is_block(enum slot s);
/* Whether it is a deadline, which a reader must not miss. */
bool slot_is_strong(enum slot s);

enum node_kind { NODE_TEXT, NODE_SLOT, NODE_OPEN, NODE_CLOSE, NODE_EOL };
struct node {
	enum node_kind kind;
	enum slot slot; /* of FIELD, OPEN, CLOSE */
	const char *s;    /* of TEXT: in the template's own bytes */
	size_t len;
	int line;
};
struct template {
	const struct node *subject;
	size_t n_subject;
	const struct node *body;
	size_t n_body;
};

/* `text` must outlive *out.  ERR_CONF as "file:line: …". */
int template_parse(const char *id, const char *text, const char *file,
    struct arena *a, struct template *out, struct err *err);

#endif
