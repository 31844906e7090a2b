/* SPDX-License-Identifier: ISC */
#include "fetch/window.h"

#include "base/err.h"
#include "fetch/uids.h"
#include "fetch/wire.h"

size_t
window_room(const struct window *w)
{
	size_t used = w->n_sent + w->n_asked;

	return used < MAX_WINDOW_MESSAGES ? MAX_WINDOW_MESSAGES - used : 0;
}

bool
window_fits(const struct window *w, uint64_t bytes)
{
	uint64_t used = w->sent_bytes + w->asked_bytes;

	if (window_room(w) == 0)
		return false;
	return used == 0 || used + bytes <= MAX_WINDOW_BYTES;
}

void
window_ask(struct window *w, uint64_t bytes)
{
	w->n_asked++;
	w->asked_bytes += bytes;
}

void
window_unask(struct window *w, uint64_t bytes)
{
	w->n_asked--;
	w->asked_bytes -= bytes;
}

void
window_unask_all(struct window *w)
{
	w->n_asked = 0;
	w->asked_bytes = 0;
}

void
window_send(struct window *w, const struct window_entry *e)
{
	w->sent[w->n_sent++] = *e;
	w->sent_bytes += e->bytes;
}

static struct window_entry *
find(struct window *w, const struct fetch_ack *ack, uint32_t uid)
{
	for (size_t i = 0; i < w->n_sent; i++) {
		struct window_entry *e = &w->sent[i];

		if (e->uid == uid && e->folder == ack->folder &&
		    e->uidvalidity == ack->uidvalidity)
			return e;
	}
	return NULL;
}

int
window_ack(struct window *w, const struct fetch_ack *ack,
    struct uids *to_mark, struct err *err)
{
	for (uint32_t i = 0; i < ack->n_uids; i++) {
		struct window_entry *e = find(w, ack, ack->uids[i]);

		if (e == NULL)
			return err_set(err, ERR_BUG, ERR_OWN, 0,
			    "the core acknowledged UID %u, which was not sent",
			    ack->uids[i]);
		if (e->mark)
			uids_add(to_mark, e->uid);
		w->sent_bytes -= e->bytes;
		*e = w->sent[--w->n_sent];
	}
	return 0;
}
