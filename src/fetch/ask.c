/* SPDX-License-Identifier: ISC */
#include "fetch/take.h"

#include "base/buf.h"
#include "fetch/peer.h"
#include "fetch/session.h"
#include "fetch/uids.h"
#include "fetch/wire.h"

/* Fewer places than this are not worth a command while others are on their
 * way. */
#define WORTH_ASKING 32

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
		return take_flush(t) < 0 ? -1 : 1;
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

int
take_ask_more(struct taker *t)
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

