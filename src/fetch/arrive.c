/* SPDX-License-Identifier: ISC */
#include "fetch/take.h"

#include <libetpan/libetpan.h>

#include "fetch/peer.h"
#include "fetch/session.h"
#include "fetch/spool.h"
#include "fetch/wire.h"

/* Inside libetpan's call-backs an error can only be kept, and nothing more be
 * read. */
static int
fail(struct taker *t, const struct err *err)
{
	if (!t->failed)
		t->err = *err;
	t->failed = true;
	t->s->stream.failed = true;
	return -1;
}

/* ---- towards the core --------------------------------------------------- */

static int
send_item(struct taker *t, struct item *it)
{
	struct session *s = t->s;
	struct fetch_taken f = {.folder = (uint32_t)s->folder,
	    .uidvalidity = s->uidvalidity, .uid = it->uid,
	    .internal_s = it->internal_s, .size_bytes = it->size,
	    .seen = it->seen, .oversize = it->oversize,
	    .skipped = it->state == ITEM_SKIPPED,
	    .missing = it->state == ITEM_MISSING};
	int fd = it->fd;

	f.oversize &= it->state == ITEM_READY;
	it->fd = -1;
	it->state = ITEM_SENT;
	window_unask(&t->peer->window, it->asked);
	t->peer->waited_ms = 0;
	if (peer_send_taken(t->peer, &f, fd, it->got) < 0) {
		s->stream.failed = true;
		return -1;
	}
	/* The server is not to blame for a core that is busy. */
	s->stream.deadline_ms += t->peer->waited_ms;
	return 0;
}

int
take_flush(struct taker *t)
{
	const struct firewall_seen *seen = firewall_seen(t->s->stream.fw);
	struct err err;

	while (t->sent < t->n && !t->failed) {
		struct item *it = &t->items[t->sent];

		if (it->state != ITEM_READY && it->state != ITEM_SKIPPED &&
		    it->state != ITEM_MISSING)
			return 0;
		if (seen->uidvalidity != t->s->uidvalidity) {
			(void)err_set(&err, ERR_NOW, ERR_OWN, 0,
			    "the folder was made anew (UIDVALIDITY changed)");
			return fail(t, &err);
		}
		if (send_item(t, it) < 0)
			return -1;
		t->sent++;
	}
	return t->failed ? -1 : 0;
}

/* ---- from libetpan ------------------------------------------------------ */

static bool
on_body(int type, struct mailimap_msg_att_body_section *section,
    const char *bytes, size_t len, void *arg)
{
	struct taker *t = arg;
	struct err err;

	(void)type, (void)section;
	if (spool_add(t, bytes, len, &err) == 0)
		return true;
	(void)fail(t, &err);
	return false;
}

/* What one FETCH answer tells. */
struct told {
	uint32_t uid, size;
	int64_t internal_s;
	bool has_size, seen, has_body, nil;
};

static void
read_static(struct mailimap_msg_att_static *st, struct told *told)
{
	switch (st->att_type) {
	case MAILIMAP_MSG_ATT_UID:
		told->uid = st->att_data.att_uid;
		break;
	case MAILIMAP_MSG_ATT_RFC822_SIZE:
		told->size = st->att_data.att_rfc822_size;
		told->has_size = true;
		break;
	case MAILIMAP_MSG_ATT_INTERNALDATE:
		told->internal_s =
		    spool_date_s(st->att_data.att_internal_date);
		break;
	case MAILIMAP_MSG_ATT_BODY_SECTION:
		told->has_body = true;
		told->nil =
		    st->att_data.att_body_section->sec_body_part == NULL;
		break;
	default:
		break;
	}
}

static void
read_flags(const struct mailimap_msg_att_dynamic *dyn, struct told *told)
{
	if (dyn->att_list == NULL)
		return;
	for (clistiter *i = clist_begin(dyn->att_list); i != NULL;
	    i = clist_next(i)) {
		const struct mailimap_flag_fetch *f = clist_content(i);

		told->seen |= f->fl_type == MAILIMAP_FLAG_FETCH_OTHER &&
		    f->fl_flag->fl_type == MAILIMAP_FLAG_SEEN;
	}
}

static void
read_att(struct mailimap_msg_att *att, struct told *told)
{
	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	    i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC)
			read_static(item->att_data.att_static, told);
		else if (item->att_type == MAILIMAP_MSG_ATT_ITEM_DYNAMIC)
			read_flags(item->att_data.att_dyn, told);
	}
}

/* A body arrived for an item that asked for one. */
static void
settle_body(struct taker *t, struct item *it, const struct told *told)
{
	struct err err;

	/* NIL for a message that is there, and nothing for one that has a
	 * size: the server hides something; later perhaps. */
	if (told->nil || (t->spooled == 0 && it->size > 0)) {
		it->state = ITEM_MISSING;
		return;
	}
	/* A size that was too large, and yet all of it came. */
	if (it->oversize && t->spooled < it->asked)
		it->oversize = false;
	if (t->spooled > t->s->conf->max_message_bytes)
		it->oversize = true;
	if (!it->has_size)
		it->size = (uint32_t)t->spooled;
	if (spool_seal(t, it, &err) < 0) {
		(void)fail(t, &err);
		return;
	}
	it->state = ITEM_READY;
	suspects_clear(t->suspects, it->uid);
}

static void
describe(struct item *it, const struct told *told)
{
	if (told->has_size) {
		it->size = told->size;
		it->has_size = true;
	}
	if (told->internal_s > 0)
		it->internal_s = told->internal_s;
	it->seen |= told->seen;
}

static void
on_message(struct mailimap_msg_att *att, void *arg)
{
	struct taker *t = arg;
	struct told told = {0};
	struct item *it;

	read_att(att, &told);
	it = take_item(t, told.uid);
	if (it != NULL && it->state == ITEM_NEW)
		describe(it, &told);
	/* A second answer for the same message finds it settled. */
	if (it != NULL && it->state == ITEM_ASKED && told.has_body)
		settle_body(t, it, &told);
	spool_drop(t);
	(void)take_flush(t);
}

/* libetpan calls the handler only if these exist. */
static void
on_progress(size_t now, size_t most, void *arg)
{
	(void)now, (void)most, (void)arg;
}

void
take_attach(struct taker *t)
{
	mailimap *m = t->s->imap;

	mailimap_set_progress_callback(m, on_progress, on_progress, NULL);
	mailimap_set_msg_att_handler(m, on_message, t);
	mailimap_set_msg_body_handler(m, on_body, t);
}

