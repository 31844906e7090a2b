/* SPDX-License-Identifier: ISC */
#include "core/answer.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/step.h"
#include "conf/conf.h"
#include "core/letters_citizen.h"
#include "core/take.h"
#include "follow/clue.h"
#include "letter/code.h"
#include "letter/letter.h"
#include "store/answer.h"
#include "store/citizen.h"
#include "store/store.h"

#define DAY_S 86400
#define HOUR_S 3600
/* Answers of one step: with the hash of each 7 ms the core is back soon. */
#define ANSWERS_A_STEP 4
/* When the acknowledgements of an hour are used up, look again so soon. */
#define LOOK_AGAIN_S 300

struct answering {
	const struct take_context *c;
	struct arena *arena;
	struct answer_record owed;
	struct reporter_record to;
	int64_t now_s;
	int64_t later_s; /* 0, or when to try again */
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static int
event(struct answering *w, const char *kind, const char *detail,
    struct err *err)
{
	const struct event_record e = {.clue = w->owed.clue,
	    .at_s = w->now_s,
	    .kind = kind,
	    .actor = "clued",
	    .detail = detail};

	return store_event_add(w->c->store, &e, err);
}

static int
count(struct answering *w, const char *kind, const char *address,
    int64_t since_s, int64_t *n_out, struct err *err)
{
	return store_letters_to_citizens(
	    w->c->store, kind, address, since_s, n_out, err);
}

static int
write_letter(struct answering *w, const char *template_id, int64_t clue,
    const struct letter_field *fields, size_t n, struct err *err)
{
	const struct letters_citizen l = {
	    .template_id = template_id,
	    .address = w->to.address,
	    .message = w->owed.message,
	    .clue = clue,
	    .fields = fields,
	    .n_fields = n,
	    .now_s = w->now_s,
	};

	return letters_citizen(w->c, &l, w->arena, err);
}

static int
clue_of(struct answering *w, struct clue_record *out, struct err *err)
{
	int rc = store_clue_by_id(
	    w->c->store, w->owed.clue, w->arena, out, err);

	if (rc == 0)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "an answer about a clue that is not there");
	return rc;
}

/* -- acknowledgements ------------------------------------------------------ */

/* 1 = it may go, 0 = it is withheld or waits. */
static int
may_acknowledge(struct answering *w, struct err *err)
{
	const struct citizens_conf *conf = &w->c->conf->citizens;
	const char *hash;
	int64_t n = 0;
	int rc;

	/* Told on the telephone already, or twice on the list. */
	rc = store_code(w->c->store, w->owed.clue, w->arena, &hash, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (count(w, LETTER_ACK, w->to.address, w->now_s - DAY_S, &n, err) < 0)
		return -1;
	if (n < conf->acks_address_day)
		return 1;
	return event(w, "ack-withheld", "too many to one address", err) < 0
	    ? -1 : 0;
}

static int
acknowledge(struct answering *w, const char *code, const char *hash,
    struct err *err)
{
	struct clue_record clue;
	int rc = may_acknowledge(w, err);

	if (rc <= 0)
		return rc;
	if (clue_of(w, &clue, err) < 0)
		return -1;
	const struct letter_field fields[] = {
	    {"number", clue.number},
	    {"code", code},
	};

	if (store_code_add(w->c->store, clue.id, hash, err) < 0 ||
	    write_letter(w, LETTER_ACK, clue.id, fields, 2, err) < 0)
		return -1;
	return event(w, "acknowledged", "", err);
}

/* -- questions ------------------------------------------------------------- */

const char *
answer_progress(const char *state)
{
	switch (clue_state_by_name(state)) {
	case CLUE_NEW:
	case CLUE_ASSIGNED:
	case CLUE_RETURNED:
		return "已收到";
	case CLUE_TRANSFERRED:
		return "已移送";
	case CLUE_SUBSTANTIATED:
	case CLUE_UNSUBSTANTIATED:
	case CLUE_NOT_APPLICABLE:
		return "已办结";
	default: /* a duplicate is worked on with the first one */
		return "核查中";
	}
}

/* Reopened, or found to repeat another: there is no end to tell of. */
static bool
has_ended(const struct clue_record *clue)
{
	int state = clue_state_by_name(clue->state);

	return state >= 0 && clue_state_is_final((enum clue_state)state) &&
	    state != CLUE_DUPLICATE;
}

static int
tell_state(struct answering *w, const char *template_id, struct err *err)
{
	struct clue_record clue;

	if (clue_of(w, &clue, err) < 0)
		return -1;
	if (strcmp(template_id, LETTER_ACK_CLOSED) == 0 && !has_ended(&clue))
		return 0;
	const struct letter_field fields[] = {
	    {"number", clue.number},
	    {"progress", answer_progress(clue.state)},
	};

	if (write_letter(w, template_id, clue.id, fields, 2, err) < 0)
		return -1;
	return event(w, "citizen-told", clue.state, err);
}

/* Whoever guesses gets the same answer for every number, and no answer when
 * he has had enough of them. */
static int
tell_nothing(struct answering *w, struct err *err)
{
	int64_t n = 0;

	if (w->owed.clue != 0 &&
	    store_answers_wrong(w->c->store, w->owed.clue,
		w->now_s - DAY_S, &n, err) < 0)
		return -1;
	if (n >= w->c->conf->citizens.wrong_clue_day)
		return 0;
	if (w->owed.clue != 0 &&
	    event(w, "query-refused", "a code that does not fit", err) < 0)
		return -1;
	return write_letter(w, LETTER_ACK_UNKNOWN, 0, NULL, 0, err);
}

/* 1 = this address has had its answers for today. */
static int
asked_enough(struct answering *w, struct err *err)
{
	int64_t told = 0, untold = 0;

	if (count(w, LETTER_ACK_STATE, w->to.address, w->now_s - DAY_S, &told,
		err) < 0 ||
	    count(w, LETTER_ACK_UNKNOWN, w->to.address, w->now_s - DAY_S,
		&untold, err) < 0)
		return -1;
	return told + untold >= w->c->conf->citizens.answers_address_day;
}

static int
answer_question(struct answering *w, bool fits, struct err *err)
{
	int rc = asked_enough(w, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return fits ? tell_state(w, LETTER_ACK_STATE, err)
		    : tell_nothing(w, err);
}

/* -- one of them ----------------------------------------------------------- */

struct prepared {
	char code[QUERY_CODE_SIZE];
	char hash[CODE_HASH_SIZE];
	bool fits;
};

static int
prepare_ack(struct answering *w, struct prepared *p, struct err *err)
{
	int64_t n = 0;

	if (count(w, LETTER_ACK, "", w->now_s - HOUR_S, &n, err) < 0)
		return -1;
	if (n >= w->c->conf->citizens.acks_hour) {
		w->later_s = w->now_s + LOOK_AGAIN_S;
		return 0;
	}
	code_make(p->code);
	return code_hash(p->code, p->hash, err);
}

/* What takes time, before the transaction. */
static int
prepare(struct answering *w, struct prepared *p, struct err *err)
{
	const char *kind = w->owed.kind;
	struct query_asked said;
	int which = -1;
	bool many;

	if (strcmp(kind, ANSWER_ACK) == 0)
		return prepare_ack(w, p, err);
	p->fits = strcmp(kind, ANSWER_STATE) == 0;
	if (strcmp(kind, ANSWER_QUERY) != 0)
		return 0;
	if (citizen_too_many_wrong(w->c, w->now_s, &many, err) < 0)
		return -1;
	if (many) {
		w->later_s = w->now_s + LOOK_AGAIN_S;
		return 0;
	}
	if (query_read(w->c->conf->office.number_prefix, "", w->owed.said, "",
		&said) < 0)
		return no_memory(err);
	if (citizen_code_fits(
		w->c, w->owed.clue, &said, w->arena, &which, err) < 0)
		return -1;
	p->fits = which >= 0;
	return 0;
}

static int
answer(struct answering *w, const struct prepared *p, struct err *err)
{
	const char *kind = w->owed.kind;
	int rc = store_reporter_use(
	    w->c->store, w->owed.message, w->arena, &w->to, err);

	if (rc <= 0 || !letter_is_address(w->to.address))
		return rc < 0 ? -1 : 0;
	if (strcmp(kind, ANSWER_ACK) == 0)
		return acknowledge(w, p->code, p->hash, err);
	if (strcmp(kind, ANSWER_CLOSED) == 0)
		return tell_state(w, LETTER_ACK_CLOSED, err);
	return answer_question(w, p->fits, err);
}

static int
settle(struct answering *w, const struct prepared *p, struct err *err)
{
	struct store *s = w->c->store;
	int64_t id = w->owed.id;

	if (w->later_s != 0)
		return w->now_s - w->owed.at_s > DAY_S &&
			strcmp(w->owed.kind, ANSWER_QUERY) == 0
		    ? store_answer_done(s, id, err)
		    : store_answer_later(s, id, w->later_s, err);
	if (strcmp(w->owed.kind, ANSWER_QUERY) == 0 && !p->fits)
		return store_answer_wrong(s, id, err);
	return store_answer_done(s, id, err);
}

static int
work_off(struct answering *w, struct err *err)
{
	struct store *s = w->c->store;
	struct prepared p = {.fits = false};

	if (prepare(w, &p, err) < 0)
		return -1;
	if (w->later_s != 0 && strcmp(w->owed.kind, ANSWER_ACK) == 0)
		return 0; /* all that stand behind it wait with it */
	if (store_begin(s, err) < 0)
		return -1;
	if ((w->later_s == 0 && answer(w, &p, err) < 0) ||
	    settle(w, &p, err) < 0 ||
	    store_answer_forget(s, w->now_s - DAY_S, err) < 0)
		goto undo;
	step("answer-before-commit");
	if (store_commit(s, err) < 0)
		goto undo;
	step("answer-after-commit");
	return 0;
undo:
	store_rollback(s);
	return err_at(err, "answer a citizen");
}

/* One that cannot be written must not hold up the others for ever. */
static int
put_aside(struct answering *w, const struct err *cause, struct err *err)
{
	struct store *s = w->c->store;

	log_err(LOG_LEVEL_ERROR, "answer-put-off", cause, "kind=%s",
	    w->owed.kind);
	if (store_begin(s, err) < 0)
		return -1;
	if (store_answer_later(s, w->owed.id, w->now_s + HOUR_S, err) < 0) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, err);
}

/* 1 = one was worked off, 0 = nothing is due, or nothing before *wait_s_out. */
static int
work_one(const struct take_context *c, int64_t now_s, int64_t *wait_s_out,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct answering w = {.c = c, .arena = a, .now_s = now_s};
	struct err cause;
	int rc;

	if (a == NULL)
		return no_memory(err);
	rc = store_answer_due(c->store, now_s, a, &w.owed, err);
	if (rc <= 0)
		return rc;
	if (work_off(&w, &cause) == 0) {
		if (w.later_s == 0 || strcmp(w.owed.kind, ANSWER_ACK) != 0)
			return 1;
		*wait_s_out = w.later_s;
		return 0;
	}
	if (cause.kind != ERR_INPUT && cause.kind != ERR_BUG &&
	    cause.kind != ERR_CONF) {
		*err = cause;
		return -1;
	}
	return put_aside(&w, &cause, err) < 0 ? -1 : 1;
}

int
answer_step(const struct take_context *c, int64_t now_s, int64_t *next_s_out,
    struct err *err)
{
	int rc = 1;

	for (int i = 0; i < ANSWERS_A_STEP && rc == 1; i++) {
		if (store_answer_next(c->store, next_s_out, err) < 0)
			return -1;
		if (*next_s_out == 0 || *next_s_out > now_s)
			return 0;
		rc = store_letters_due(
		    c->store, now_s, c->conf->smtp.per_minute, err);
		if (rc != 0) {
			*next_s_out = 0;
			return rc < 0 ? -1 : 0;
		}
		rc = work_one(c, now_s, next_s_out, err);
		if (rc <= 0)
			return rc;
	}
	return store_answer_next(c->store, next_s_out, err);
}
