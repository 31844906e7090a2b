/* SPDX-License-Identifier: ISC */
#include "report/monthly_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/pack.h"
#include "conf/conf.h"

/* Goes up when what is packed changes; older ones stay readable. */
#define MONTHLY_FORMAT 1

static void
pack_row(const struct monthly_row *r, struct buf *b)
{
	pack_str(b, r->id);
	pack_str(b, r->title);
	for (int f = 0; f < FIGURE_COUNT; f++) {
		pack_u32(b, (uint32_t)r->n[f]);
		for (int64_t i = 0; i < r->n[f]; i++)
			pack_str(b, r->refs[f][i]);
	}
}

void
monthly_pack(const struct monthly *m, struct buf *b)
{
	pack_u8(b, MONTHLY_FORMAT);
	pack_str(b, m->office);
	pack_str(b, m->title);
	pack_str(b, m->period.name);
	pack_u32(b, (uint32_t)m->period.first_day);
	pack_u32(b, (uint32_t)m->period.last_day);
	pack_i64(b, m->period.from_s);
	pack_i64(b, m->period.to_s);
	pack_bool(b, m->total);
	pack_str(b, m->filled_by);
	pack_str(b, m->phone);
	pack_str(b, m->copy_to);
	pack_i64(b, m->filed_s);
	pack_u32(b, (uint32_t)m->filed_day);
	pack_i64(b, m->last_event);
	pack_str(b, m->head);
	pack_i64(b, m->n_late);
	pack_u32(b, (uint32_t)m->n_rows);
	for (size_t i = 0; i < m->n_rows; i++)
		pack_row(&m->rows[i], b);
}

/* -- and back, in the same order ------------------------------------------ */

/* The form carries strings of the configuration and of the ledger. */
static const char *
text(struct unpack *u, struct arena *a)
{
	const char *s = unpack_str(u, a, MAX_CONF_BYTES, true);

	if (s == NULL)
		u->bad = true;
	return s != NULL ? s : "";
}

static void
unpack_refs(struct unpack *u, struct arena *a, struct monthly_row *r, int f)
{
	/* Each takes at least the four bytes of its length. */
	uint32_t n = unpack_u32(u);
	const char **refs;

	if (u->bad || n > (size_t)(u->end - u->at) / 4) {
		u->bad = true;
		return;
	}
	refs = arena_array(a, n + 1, sizeof(*refs));
	if (refs == NULL) {
		u->bad = true;
		return;
	}
	for (uint32_t i = 0; i < n && !u->bad; i++)
		refs[i] = text(u, a);
	r->n[f] = n;
	r->refs[f] = refs;
}

static void
unpack_rows(struct unpack *u, struct arena *a, struct monthly *m)
{
	uint32_t n = unpack_below(u, MAX_DOMAINS + 1);
	struct monthly_row *rows = arena_array(a, n + 1, sizeof(*rows));

	if (rows == NULL) {
		u->bad = true;
		return;
	}
	for (uint32_t i = 0; i < n && !u->bad; i++) {
		rows[i].id = text(u, a);
		rows[i].title = text(u, a);
		for (int f = 0; f < FIGURE_COUNT; f++)
			unpack_refs(u, a, &rows[i], f);
	}
	m->rows = rows;
	m->n_rows = n;
}

static void
copy(char *out, size_t size, const char *from, struct unpack *u)
{
	if (strlen(from) >= size)
		u->bad = true;
	(void)snprintf(out, size, "%s", from);
}

int
monthly_unpack(const void *data, size_t len, struct arena *a,
    struct monthly *out, struct err *err)
{
	struct monthly m = {0};
	struct unpack u;

	unpack_init(&u, data, len);
	if (unpack_u8(&u) != MONTHLY_FORMAT)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "the filed form was written by a newer clued");
	m.office = text(&u, a);
	m.title = text(&u, a);
	copy(m.period.name, sizeof(m.period.name), text(&u, a), &u);
	m.period.first_day = (int32_t)unpack_u32(&u);
	m.period.last_day = (int32_t)unpack_u32(&u);
	m.period.from_s = unpack_i64(&u);
	m.period.to_s = unpack_i64(&u);
	m.total = unpack_bool(&u);
	m.filled_by = text(&u, a);
	m.phone = text(&u, a);
	m.copy_to = text(&u, a);
	m.filed_s = unpack_i64(&u);
	m.filed_day = (int32_t)unpack_u32(&u);
	m.last_event = unpack_i64(&u);
	copy(m.head, sizeof(m.head), text(&u, a), &u);
	m.n_late = unpack_i64(&u);
	unpack_rows(&u, a, &m);
	if (unpack_end(&u) < 0)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "the filed form cannot be read; compare with a backup");
	*out = m;
	return 0;
}
