/* SPDX-License-Identifier: ISC */
#include "fetch/take.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/peer.h"
#include "fetch/session.h"
#include "fetch/spool.h"
#include "fetch/wire.h"

/* What a message may be larger than the server said (RFC822.SIZE is often
 * counted before line ends are made CRLF) and still be let in; then it is cut
 * like any other that is too large. */
#define SIZE_SLACK (1UL << 20)
/* The slowest line that is waited for: 32 bytes a millisecond, 32 KB/s. */
#define BYTES_PER_MS 32

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
	return take_flush(t);
}

/* ---- the whole ---------------------------------------------------------- */

static int
step_forward(struct taker *t, struct err *err)
{
	if (peer_drain(t->peer) < 0 || take_ask_more(t) < 0)
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

	/* A server may answer two questions at once: with everything here the
	 * end of one can still be on its way. */
	while (r == 0 && (t->sent < t->n || t->n_questions > 0))
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
