/* SPDX-License-Identifier: ISC */
#include "letter/draft.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/pack.h"
#include "letter/letter.h"

/* No whole letter begins so.  Another layout, or another way from a draft to a
 * letter, is another number: what waits must still become what it was. */
#define MAGIC "\1draft1\n"
#define MAGIC_BYTES (sizeof(MAGIC) - 1)

/* What a line or a list of them may have at the most, on the way back. */
#define MAX_PACKED MAX_LETTER_BYTES

void
draft_put(struct buf *out, const struct draft *d)
{
	buf_add(out, MAGIC, MAGIC_BYTES);
	pack_str(out, d->date);
	pack_str(out, d->from_name);
	pack_str(out, d->from_addr);
	pack_str(out, d->to_name);
	pack_str(out, d->to_addr);
	pack_str(out, d->subject);
	pack_str(out, d->message_id);
	pack_str(out, d->in_reply_to);
	pack_str(out, d->references);
	pack_str(out, d->auto_submitted);
	pack_bool(out, d->priority);
	pack_u32(out, (uint32_t)d->lines.n);
	for (size_t i = 0; i < d->lines.n; i++) {
		const struct letter_line *line = &d->lines.list[i];

		pack_u8(out, (uint8_t)line->kind);
		pack_bool(out, line->strong);
		pack_u32(out, (uint32_t)line->label_len);
		pack_u32(out, (uint32_t)(line->value - line->text));
		pack_str(out, line->text);
	}
	pack_u32(out, (uint32_t)d->n_attachments);
	for (size_t i = 0; i < d->n_attachments; i++) {
		pack_str(out, d->attachments[i].name);
		pack_str(out, d->attachments[i].type);
		pack_bytes(out, d->attachments[i].data,
		    d->attachments[i].len);
	}
}

bool
draft_is(const void *bytes, size_t len)
{
	return len >= MAGIC_BYTES && memcmp(bytes, MAGIC, MAGIC_BYTES) == 0;
}

static const char *
get_str(struct unpack *u, struct arena *a)
{
	const char *s = unpack_str(u, a, MAX_PACKED, false);

	u->bad |= s == NULL;
	return s != NULL ? s : "";
}

static void
get_line(struct unpack *u, struct arena *a, struct letter_line *line)
{
	size_t value, len;

	line->kind = (enum line_kind)unpack_u8(u);
	u->bad |= line->kind > LINE_BLOCK;
	line->strong = unpack_bool(u);
	line->label_len = unpack_u32(u);
	value = unpack_u32(u);
	line->text = get_str(u, a);
	len = strlen(line->text);
	u->bad |= line->label_len > value || value > len;
	line->value = line->text + (value <= len ? value : 0);
}

/* A count of things that take so many bytes each at the least. */
static size_t
get_count(struct unpack *u, size_t least)
{
	size_t n = unpack_u32(u);

	u->bad |= n > (size_t)(u->end - u->at) / least;
	return u->bad ? 0 : n;
}

static void
get_lines(struct unpack *u, struct arena *a, struct letter_lines *out)
{
	out->n = get_count(u, 14);
	out->list = arena_array(a, out->n, sizeof(*out->list));
	u->bad |= out->list == NULL;
	for (size_t i = 0; i < out->n && !u->bad; i++)
		get_line(u, a, &out->list[i]);
}

static void
get_attachments(struct unpack *u, struct arena *a, struct draft *d)
{
	size_t n = get_count(u, 12);
	struct letter_attachment *list = arena_array(a, n, sizeof(*list));

	u->bad |= list == NULL;
	for (size_t i = 0; i < n && !u->bad; i++) {
		list[i].name = get_str(u, a);
		list[i].type = get_str(u, a);
		list[i].data = unpack_bytes(u, MAX_PACKED, &list[i].len);
	}
	d->attachments = list;
	d->n_attachments = n;
}

int
draft_get(const void *bytes, size_t len, struct arena *a, struct draft *out,
    struct err *err)
{
	char magic[MAGIC_BYTES];
	struct draft d;
	struct unpack u;

	unpack_init(&u, bytes, len);
	unpack_fixed(&u, magic, sizeof(magic));
	d.date = get_str(&u, a);
	d.from_name = get_str(&u, a);
	d.from_addr = get_str(&u, a);
	d.to_name = get_str(&u, a);
	d.to_addr = get_str(&u, a);
	d.subject = get_str(&u, a);
	d.message_id = get_str(&u, a);
	d.in_reply_to = get_str(&u, a);
	d.references = get_str(&u, a);
	d.auto_submitted = get_str(&u, a);
	d.priority = unpack_bool(&u);
	get_lines(&u, a, &d.lines);
	get_attachments(&u, a, &d);
	if (!draft_is(bytes, len) || unpack_end(&u) < 0)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "the stored letter is not as it was written");
	*out = d;
	return 0;
}
