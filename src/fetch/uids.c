/* SPDX-License-Identifier: ISC */
#include "fetch/uids.h"

#include <stdlib.h>

#include "base/buf.h"

void
uids_done(struct uids *u)
{
	free(u->v);
	*u = (struct uids)UIDS_INIT;
}

void
uids_clear(struct uids *u)
{
	u->n = 0;
	u->bad = false;
}

void
uids_add(struct uids *u, uint32_t uid)
{
	size_t size = u->size > 0 ? u->size * 2 : 64;
	uint32_t *grown;

	if (u->n == u->size) {
		grown = reallocarray(u->v, size, sizeof(*grown));
		if (grown == NULL) {
			u->bad = true;
			return;
		}
		u->v = grown;
		u->size = size;
	}
	u->v[u->n++] = uid;
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void
uids_sort(struct uids *u)
{
	size_t n = 0;

	if (u->n == 0)
		return;
	qsort(u->v, u->n, sizeof(*u->v), compare);
	for (size_t i = 0; i < u->n; i++) {
		if (i == 0 || u->v[i] != u->v[n - 1])
			u->v[n++] = u->v[i];
	}
	u->n = n;
}

bool
uids_has(const uint32_t *list, size_t n, uint32_t uid)
{
	return n > 0 &&
	    bsearch(&uid, list, n, sizeof(*list), compare) != NULL;
}

void
uid_set_end(struct uid_set *s)
{
	if (s->first == 0)
		return;
	if (s->out->len > 0)
		buf_addc(s->out, ',');
	buf_addf(s->out, "%u", s->first);
	if (s->last != s->first)
		buf_addf(s->out, ":%u", s->last);
	s->first = 0;
}

void
uid_set_add(struct uid_set *s, uint32_t uid, bool joined)
{
	if (s->first != 0 && (joined || uid - 1 == s->last)) {
		s->last = uid;
		return;
	}
	uid_set_end(s);
	s->first = s->last = uid;
}
