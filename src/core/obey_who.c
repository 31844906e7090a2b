/* SPDX-License-Identifier: ISC */
#include "core/obey_who.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/ladder.h"
#include "core/pipeline.h"
#include "core/take.h"
#include "core/vouch.h"
#include "core/turn.h"
#include "follow/recipients.h"
#include "intake/signs.h"
#include "parse/message.h"
#include "store/citizen.h"

/* Codes and numbers that are looked at in one mail; the newest references. */
#define MAX_CODES 24
#define MAX_NAMED 4

struct looking {
	const struct take_context *c;
	const struct obey_input *in;
	struct arena *arena;
	char codes[MAX_CODES][TOKEN_SIZE];
	size_t n_codes;
	int64_t clues[MAX_NAMED + 2];
	size_t n_clues;
};

const char *
obey_refusal_name(enum obey_refusal r)
{
	static const char *const names[] = {
	    [OBEY_YES] = "",
	    [OBEY_AUTOMATIC] = "sent by a program",
	    [OBEY_UNVOUCHED] = "the provider does not vouch for the sender",
	    [OBEY_REPLAYED] = "the same mail again",
	    [OBEY_NO_CODE] = "no code of ours to this sender",
	    [OBEY_OVER] = "a code of an earlier turn",
	    [OBEY_NOT_HIS] = "the clue is not with the sender",
	};

	return names[r];
}

/* -- what the mail names --------------------------------------------------- */

static void
add_message_id(struct looking *l, const char *id)
{
	if (l->n_codes < MAX_CODES &&
	    token_of_message_id(id, l->codes[l->n_codes]))
		l->n_codes++;
}

static void
find_codes(struct looking *l)
{
	const struct message *m = l->in->message;
	const char *at = m->subject;

	while (
	    l->n_codes < MAX_NAMED && token_find(at, l->codes[l->n_codes], &at))
		l->n_codes++;
	add_message_id(l, m->in_reply_to);
	for (size_t i = m->n_references; i > 0; i--)
		add_message_id(l, m->references[i - 1]);
}

static void
add_clue(struct looking *l, int64_t clue)
{
	for (size_t i = 0; i < l->n_clues; i++)
		if (l->clues[i] == clue)
			return;
	if (l->n_clues < sizeof(l->clues) / sizeof(*l->clues))
		l->clues[l->n_clues++] = clue;
}

static int
add_numbers(struct looking *l, const char *text, struct err *err)
{
	struct clue_record clue;
	size_t found = 0, n;

	for (const char *p = text; *p != '\0' && found < MAX_NAMED; p++) {
		if (p > text && ((p[-1] >= 'A' && p[-1] <= 'Z') ||
				    (p[-1] >= 'a' && p[-1] <= 'z')))
			continue;
		n = command_number_at(p);
		if (n == 0)
			continue;
		found++;
		const char *number = arena_memdup(l->arena, p, n);
		int rc = number == NULL ? err_set(err, ERR_SYSTEM, ERR_OWN, 0,
					      "out of memory")
					: store_clue_by_number(l->c->store,
					      number, l->arena, &clue, err);

		if (rc < 0)
			return -1;
		if (rc == 1)
			add_clue(l, clue.id);
		p += n - 1;
	}
	return 0;
}

static int
find_clues(struct looking *l, struct err *err)
{
	if (l->in->own != NULL && l->in->own->clue != 0)
		add_clue(l, l->in->own->clue);
	return add_numbers(l, l->in->message->subject, err);
}

/* -- what it is worth ------------------------------------------------------ */

static bool
is_automatic(const struct message *m)
{
	return sign_auto_submitted(m) || sign_bulk(m) ||
	       strcmp(m->signs.precedence, "auto_reply") == 0 ||
	       m->signs.list_id[0] != '\0' || sign_daemon_sender(m) ||
	       sign_auto_subject(m);
}

/* That one was not obeyed, and not because it was a replay itself: he may send
 * it again. */
static int
was_refused(const struct looking *l, int64_t row, int64_t clue, bool *out,
    struct err *err)
{
	const char *start =
	    arena_printf(l->arena, "message %lld: ", (long long)row);
	struct event_record *list = NULL;
	size_t n = 0;

	*out = false;
	if (start == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (clue != 0 &&
	    store_events(l->c->store, clue, l->arena, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].kind, "reply-refused") == 0 &&
		    str_starts(list[i].detail, start) &&
		    strcmp(list[i].detail + strlen(start),
			obey_refusal_name(OBEY_REPLAYED)) != 0)
			*out = true;
	return 0;
}

static int
is_replayed(const struct looking *l, int64_t clue, bool *out, struct err *err)
{
	int64_t last = 0;
	bool refused = false;
	int rc = store_message_find_reply(
	    l->c->store, l->in->content_key, l->in->row, &last, err);

	if (rc == 1 && was_refused(l, last, clue, &refused, err) < 0)
		return -1;
	*out = rc == 1 && !refused;
	return rc < 0 ? -1 : 0;
}

static int
read_clue(
    struct looking *l, int64_t id, struct clue_record *out, struct err *err)
{
	*out = (struct clue_record){.number = ""};
	return id == 0 ? 0
		       : store_clue_by_id(l->c->store, id, l->arena, out, err);
}

/* The first clue that a code is good for; else the one that the mail means,
 * and what its code was. */
static int
find_turn(struct looking *l, const struct person_conf *p,
    enum turn_verdict *verdict, int64_t *clue_out, struct err *err)
{
	enum turn_verdict v;

	*verdict = TURN_NONE;
	*clue_out = l->n_clues > 0 ? l->clues[0] : 0;
	add_clue(l, 0);
	for (size_t i = 0; i < l->n_clues; i++) {
		if (turn_check(l->c, l->clues[i], p, l->in->now_s,
			(const char(*)[TOKEN_SIZE])l->codes, l->n_codes, &v,
			err) < 0)
			return -1;
		if (v > *verdict) {
			*verdict = v;
			*clue_out = l->clues[i];
		}
	}
	return 0;
}

/* Since a letter to the officer came back, his deputy has it too. */
static int
is_deputed(const struct take_context *c, const struct clue_record *clue,
    const char *id, struct arena *a, bool *out, struct err *err)
{
	struct event_record *list;
	size_t n;

	*out = false;
	if (strcmp(clue->deputy, id) != 0)
		return 0;
	if (store_events(c->store, clue->id, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i].kind, "undelivered") == 0)
			*out = true;
		if (strcmp(list[i].kind, "assigned") == 0 ||
		    strcmp(list[i].kind, "reassigned") == 0)
			*out = false;
	}
	return 0;
}

int
obey_is_his(const struct take_context *c, const struct clue_record *clue,
    int person, int64_t now_s, struct arena *a, bool *out, struct err *err)
{
	const char *id = c->conf->roster.persons[person].id;
	struct recipients to;

	*out = false;
	if (recipients_excluded(clue->excluded, id))
		return 0;
	ladder_people(c->conf, clue, LADDER_OFFICER, now_s, &to);
	*out = strcmp(clue->officer, id) == 0 || to.acting == person;
	return *out ? 0 : is_deputed(c, clue, id, a, out, err);
}

static int
judge_person(struct looking *l, const struct person_conf *p,
    struct obey_who *out, struct err *err)
{
	bool his;

	if (p->kind == PERSON_OFFICE) {
		out->by = COMMAND_BY_OFFICE;
		out->of_none = out->clue.id == 0;
		if (!out->of_none &&
		    recipients_excluded(out->clue.excluded, p->id))
			out->refusal = OBEY_NOT_HIS;
		return 0;
	}
	out->by = COMMAND_BY_OFFICER;
	if (obey_is_his(l->c, &out->clue, l->in->person, l->in->now_s, l->arena,
		&his, err) < 0)
		return -1;
	if (!his)
		out->refusal = OBEY_NOT_HIS;
	return 0;
}

int
obey_who(const struct take_context *c, const struct obey_input *in,
    struct arena *a, struct obey_who *out, struct err *err)
{
	const struct person_conf *p = &c->conf->roster.persons[in->person];
	struct looking l = {.c = c, .in = in, .arena = a};
	enum turn_verdict verdict;
	bool replayed;
	int64_t clue;

	*out = (struct obey_who){.by = COMMAND_BY_OFFICER};
	find_codes(&l);
	if (find_clues(&l, err) < 0 ||
	    find_turn(&l, p, &verdict, &clue, err) < 0 ||
	    read_clue(&l, clue, &out->clue, err) < 0 ||
	    is_replayed(&l, clue, &replayed, err) < 0)
		return -1;
	if (is_automatic(in->message))
		out->refusal = OBEY_AUTOMATIC;
	else if (!vouch_for(l.c->conf, l.in->from, l.in->message))
		out->refusal = OBEY_UNVOUCHED;
	else if (replayed)
		out->refusal = OBEY_REPLAYED;
	else if (verdict != TURN_NOW)
		out->refusal = verdict == TURN_OVER ? OBEY_OVER : OBEY_NO_CODE;
	else
		return judge_person(&l, p, out, err);
	return 0;
}
