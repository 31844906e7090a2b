/* SPDX-License-Identifier: ISC */
#include "fetch/take.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "fetch/peer.h"
#include "fetch/session.h"
#include "fetch/spool.h"
#include "fetch/uids.h"
#include "fetch/wire.h"

/* What a message may be larger than the server said (RFC822.SIZE is often
 * counted before line ends are made CRLF) and still be let in; then it is cut
 * like any other that is too large. */
#define SIZE_SLACK (1UL << 20)
/* The slowest line that is waited for: 32 bytes a millisecond, 32 KB/s. */
#define BYTES_PER_MS 32
/* Fewer places than this are not worth a command while others are on their
 * way. */
#define WORTH_ASKING 32

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

/* Everything that is complete goes out, in the order of the UIDs: what the
 * core has then has no gaps. */
static int
flush(struct taker *t)
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
	(void)flush(t);
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

/* ---- asking ------------------------------------------------------------- */

static bool
line_full(const struct buf *set)
{
	return set->len > MAX_SET_BYTES;
}

static void
push(struct taker *t, int tag, bool bodies, size_t from, size_t to,
    uint64_t bytes)
{
	t->questions[t->n_questions++] =
	    (struct question){tag, bodies, from, to, bytes};
}

/* Size, flags and date of the next few hundred. */
static int
ask_descriptions(struct taker *t)
{
	BUF_AUTO struct buf set = BUF_INIT;
	struct uid_set us = {&set, 0, 0};
	size_t from = t->described, to = from;
	int tag;

	while (to < t->n && to - from < MAX_ASK_MESSAGES && !line_full(&set)) {
		const struct item *it = &t->items[to];

		uid_set_add(&us, it->uid, it->joined && to > from);
		to++;
		/* Sets ascend; the second run starts anew. */
		if (to == t->n_new)
			break;
	}
	uid_set_end(&us);
	tag = session_send(t->s,
	    "UID FETCH %s (UID RFC822.SIZE FLAGS INTERNALDATE)",
	    buf_str(&set));
	if (tag < 0)
		return -1;
	push(t, tag, false, from, to, 0);
	t->described = to;
	return 0;
}

/* What is asked of a message: all, or the beginning of one that is too large
 * or whose size is not known. */
static uint64_t
wanted_bytes(const struct taker *t, const struct item *it)
{
	uint64_t most = t->s->conf->max_message_bytes;

	if (!it->has_size)
		return most + 1;
	if (it->size > most)
		return most < MAX_OVERSIZE_TAKEN ? most : MAX_OVERSIZE_TAKEN;
	return it->size;
}

static bool
is_partial(const struct taker *t, const struct item *it)
{
	return !it->has_size || it->size > t->s->conf->max_message_bytes;
}

static bool
too_old(const struct taker *t, const struct item *it)
{
	return t->s->conf->since_s > 0 && it->internal_s > 0 &&
	    it->internal_s < t->s->conf->since_s;
}

static void
hold_place(struct taker *t, struct item *it, uint64_t bytes,
    enum item_state state)
{
	it->asked = (uint32_t)bytes;
	it->state = (uint8_t)state;
	window_ask(&t->peer->window, bytes);
}

/* One message by itself. */
static int
ask_single(struct taker *t)
{
	struct item *it = &t->items[t->asked];
	uint64_t bytes = wanted_bytes(t, it);
	int tag;

	if (is_partial(t, it)) {
		it->oversize = it->has_size;
		tag = session_send(t->s,
		    "UID FETCH %u (UID BODY.PEEK[]<0.%llu>)", it->uid,
		    (unsigned long long)bytes);
	} else {
		tag = session_send(
		    t->s, "UID FETCH %u (UID BODY.PEEK[])", it->uid);
	}
	if (tag < 0)
		return -1;
	hold_place(t, it, bytes, ITEM_ASKED);
	push(t, tag, true, t->asked, t->asked + 1, bytes);
	t->asked++;
	return 0;
}

/* Whether the item can stand in a set with others. */
static bool
is_plain(const struct taker *t, const struct item *it)
{
	return it->state == ITEM_DESCRIBED && !it->single &&
	    !is_partial(t, it) && !too_old(t, it) &&
	    suspects_judge(t->suspects, it->uid) == SUSPECT_NO;
}

static int
ask_group(struct taker *t)
{
	BUF_AUTO struct buf set = BUF_INIT;
	struct uid_set us = {&set, 0, 0};
	size_t from = t->asked;
	uint64_t bytes = 0;
	int tag;

	while (t->asked < t->n && t->asked - from < MAX_BODY_MESSAGES &&
	    !line_full(&set) && (t->asked == from || t->asked != t->n_new)) {
		struct item *it = &t->items[t->asked];

		if (!is_plain(t, it) ||
		    !window_fits(&t->peer->window, it->size) ||
		    (bytes > 0 && bytes + it->size > MAX_BODY_BYTES))
			break;
		uid_set_add(&us, it->uid, it->joined && t->asked > from);
		hold_place(t, it, it->size, ITEM_ASKED);
		bytes += it->size;
		t->asked++;
	}
	uid_set_end(&us);
	tag = session_send(
	    t->s, "UID FETCH %s (UID BODY.PEEK[])", buf_str(&set));
	if (tag < 0)
		return -1;
	push(t, tag, true, from, t->asked, bytes);
	return 0;
}

/* The next message that is described.  1 = done, or a command went out;
 * 0 = not now; -1 = lost. */
static int
ask_next(struct taker *t)
{
	struct item *it = &t->items[t->asked];
	struct window *w = &t->peer->window;
	enum suspicion suspicion = suspects_judge(t->suspects, it->uid);
	bool alone = suspicion == SUSPECT_FETCH_ALONE;

	if (it->state > ITEM_DESCRIBED) {
		t->asked++;
		return 1;
	}
	if (it->state == ITEM_NEW || window_room(w) == 0)
		return 0;
	if (too_old(t, it) || suspicion == SUSPECT_PASS_OVER) {
		if (suspicion == SUSPECT_PASS_OVER)
			suspects_passed(t->suspects, it->uid);
		hold_place(t, it, 0,
		    too_old(t, it) ? ITEM_SKIPPED : ITEM_MISSING);
		t->asked++;
		return flush(t) < 0 ? -1 : 1;
	}
	if (alone && t->n_questions > 0)
		return 0;
	if (!window_fits(w, wanted_bytes(t, it)))
		return 0;
	if (alone || it->single || is_partial(t, it))
		return ask_single(t) < 0 ? -1 : 1;
	if (window_room(w) < WORTH_ASKING && t->n - t->asked > WORTH_ASKING &&
	    w->n_sent + t->n_questions > 0)
		return 0;
	return ask_group(t) < 0 ? -1 : 1;
}

/* Whether a suspect is on its way: nothing else goes beside it. */
static bool
is_alone(const struct taker *t)
{
	const struct question *q = &t->questions[0];

	return t->n_questions > 0 && q->bodies && q->to == q->from + 1 &&
	    suspects_judge(t->suspects, t->items[q->from].uid) !=
		SUSPECT_NO;
}

/* As many commands as may be on their way. */
static int
ask_more(struct taker *t)
{
	bool describing = false;
	int r = 1;

	for (size_t i = 0; i < t->n_questions; i++)
		describing |= !t->questions[i].bodies;
	while (r == 1 && t->n_questions < MAX_PIPELINE && !is_alone(t)) {
		if (!describing && t->described < t->n &&
		    t->described < t->asked + MAX_BODY_MESSAGES) {
			describing = true;
			r = ask_descriptions(t) < 0 ? -1 : 1;
		} else if (t->asked < t->n) {
			r = ask_next(t);
		} else {
			break;
		}
	}
	return r < 0 ? -1 : 0;
}

/* ---- answers ------------------------------------------------------------ */

static struct firewall_grant
grant_for(const struct taker *t, const struct question *q)
{
	struct firewall_grant g = {.lines = 2000 + 8 * (q->to - q->from),
	    .line_bytes = (1 << 20) + 2 * q->bytes};

	/* The next answer may begin in the same segment. */
	for (size_t i = 0; i < t->n_questions; i++) {
		if (t->questions[i].bodies)
			g.literal_bytes =
			    t->s->conf->max_message_bytes + SIZE_SLACK;
	}
	g.lines += 8 * MAX_ASK_MESSAGES;
	return g;
}

/* A group was refused: one of it may be the reason, each is asked for again
 * by itself. */
static void
ask_again(struct taker *t, struct item *it, size_t i)
{
	window_unask(&t->peer->window, it->asked);
	it->state = ITEM_DESCRIBED;
	it->single = true;
	if (t->asked > i)
		t->asked = i;
}

/* What the answer left open will not come. */
static void
settle_rest(struct taker *t, const struct question *q, enum answer a)
{
	bool group = q->to > q->from + 1;

	for (size_t i = q->from; i < q->to; i++) {
		struct item *it = &t->items[i];

		if (!q->bodies && it->state == ITEM_NEW)
			it->state = ITEM_DESCRIBED;
		else if (!q->bodies || it->state != ITEM_ASKED)
			continue;
		else if (group && a != ANSWER_OK)
			ask_again(t, it, i);
		else
			it->state = ITEM_MISSING;
	}
}

/* The connection is lost: who was it? */
static void
find_guilty(struct taker *t)
{
	const struct question *q = &t->questions[0];

	if (t->n_questions == 0 || !q->bodies || t->failed ||
	    t->peer->stop || t->peer->gone)
		return;
	for (size_t i = q->from; i < q->to; i++) {
		if (t->items[i].state != ITEM_ASKED)
			continue;
		suspects_blame(t->suspects, t->items[i].uid,
		    suspects_judge(t->suspects, t->items[i].uid) !=
			SUSPECT_NO);
		return;
	}
}

static int
answer_first(struct taker *t, struct err *err)
{
	struct question q = t->questions[0];
	struct firewall_grant g = grant_for(t, &q);
	enum answer a =
	    session_answer(t->s, q.tag, &g, q.bytes / BYTES_PER_MS, err);

	if (a == ANSWER_LOST) {
		find_guilty(t);
		return -1;
	}
	t->n_questions--;
	memmove(&t->questions[0], &t->questions[1],
	    t->n_questions * sizeof(q));
	settle_rest(t, &q, a);
	return flush(t);
}

/* ---- the whole ---------------------------------------------------------- */

static int
step_forward(struct taker *t, struct err *err)
{
	if (peer_drain(t->peer) < 0 || ask_more(t) < 0)
		return session_lost(t->s, err);
	if (t->n_questions > 0)
		return answer_first(t, err);
	if (t->sent < t->n && peer_wait(t->peer, -1) < 0)
		return session_lost(t->s, err);
	return 0;
}

int
take_folder(struct taker *t, const struct fetch_known *known,
    uint32_t *messages_out, struct err *err)
{
	int r = take_find(t, known, err);

	while (r == 0 && t->sent < t->n)
		r = step_forward(t, err);
	*messages_out += (uint32_t)t->sent;
	if (t->failed && err != NULL)
		*err = t->err;
	if (r < 0 && t->failed)
		t->s->open = false;
	take_done(t);
	return r;
}

void
take_done(struct taker *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->items[i].fd >= 0)
			(void)close(t->items[i].fd);
	}
	free(t->items);
	spool_drop(t);
	window_unask_all(&t->peer->window);
	*t = (struct taker){.s = t->s, .peer = t->peer,
	    .suspects = t->suspects, .spool = -1};
}
