/* SPDX-License-Identifier: ISC */
#include "core/citizen.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "conf/conf.h"
#include "core/answer.h"
#include "core/pipeline.h"
#include "core/take.h"
#include "intake/intake.h"
#include "letter/code.h"
#include "letter/letter.h"
#include "parse/message.h"
#include "store/answer.h"
#include "store/citizen.h"
#include "store/store.h"

#define DAY_S 86400
#define HOUR_S 3600
/* The office reviews outcomes; a citizen is told when they last. */
#define CLOSED_AFTER_S (2 * DAY_S)

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- what a mail names ----------------------------------------------------- */

static bool
is_to_citizen(const struct letter_record *own)
{
	return own != NULL && own->clue != 0 && own->to_person[0] == '\0';
}

static int
find_named(const struct take_context *c, const char *number, struct arena *a,
    int64_t *clue_out, struct err *err)
{
	struct clue_record clue;
	int rc = store_clue_by_number(c->store, number, a, &clue, err);

	*clue_out = rc == 1 ? clue.id : 0;
	return rc < 0 ? -1 : 0;
}

int
citizen_code_fits(const struct take_context *c, int64_t clue,
    const struct query_asked *said, struct arena *a, int *fits_out,
    struct err *err)
{
	const char *hash = NULL;

	*fits_out = -1;
	if (clue != 0 && store_code(c->store, clue, a, &hash, err) < 0)
		return -1;
	/* All of them, whatever is known of the clue. */
	for (size_t i = 0; i < said->n_codes; i++)
		if (code_is(hash, said->codes[i]))
			*fits_out = (int)i;
	return 0;
}

int
citizen_too_many_wrong(const struct take_context *c, int64_t now_s,
    bool *many_out, struct err *err)
{
	int64_t n = 0;

	if (store_answers_wrong(c->store, 0, now_s - HOUR_S, &n, err) < 0)
		return -1;
	*many_out = n >= MAX_WRONG_CODES_HOUR;
	return 0;
}

/* Whether a code that the mail holds is the clue's. */
static int
try_code(const struct take_context *c, int64_t clue, int64_t now_s,
    struct arena *a, struct citizen_read *r, struct err *err)
{
	int fits = -1;
	bool many;

	if (citizen_too_many_wrong(c, now_s, &many, err) < 0)
		return -1;
	if (!many &&
	    citizen_code_fits(c, clue, &r->said, a, &fits, err) < 0)
		return -1;
	if (fits >= 0)
		r->code = arena_strdup(a, r->said.codes[fits]);
	return r->code == NULL ? no_memory(err) : 0;
}

int
citizen_read(const struct take_context *c, const struct message *m,
    const struct letter_record *own, int64_t now_s, struct arena *a,
    struct citizen_read *out, struct err *err)
{
	*out = (struct citizen_read){.code = ""};
	if (query_read(c->conf->office.number_prefix, m->subject, m->text,
		m->quoted, &out->said) < 0)
		return no_memory(err);
	out->question = m->n_attachments == 0 &&
	    query_is_question(&out->said, is_to_citizen(own));
	if (out->said.number[0] != '\0' &&
	    find_named(c, out->said.number, a, &out->named, err) < 0)
		return -1;
	if (out->question || out->said.n_codes == 0)
		return 0;
	if (is_to_citizen(own)) /* joins as it is */
		return try_code(c, own->clue, now_s, a, out, err);
	if ((own != NULL && own->clue != 0) || out->said.number[0] == '\0')
		return 0;
	if (try_code(c, out->named, now_s, a, out, err) < 0)
		return -1;
	out->wrong = out->code[0] == '\0';
	out->joins = out->wrong ? 0 : out->named;
	return 0;
}

/* -- what it is owed ------------------------------------------------------- */

/* "LY-2026-000123 CODE CODE"; query_read() reads it again. */
static const char *
said_again(const struct citizen_read *r, struct arena *a)
{
	BUF_AUTO struct buf b = BUF_INIT;

	buf_adds(&b, r->said.number);
	for (size_t i = 0; i < r->said.n_codes; i++)
		buf_addf(&b, " %s", r->said.codes[i]);
	return buf_bad(&b) ? NULL : arena_strdup(a, buf_str(&b));
}

int
citizen_asks(const struct take_context *c, const struct citizen_read *r,
    const struct letter_record *own, int64_t row, int64_t now_s,
    struct arena *a, struct err *err)
{
	bool by_letter = is_to_citizen(own) &&
	    (r->said.n_codes == 0 || r->said.number[0] == '\0' ||
		r->named == own->clue);
	const struct answer_record q = {
	    .kind = by_letter ? ANSWER_STATE : ANSWER_QUERY,
	    .message = row,
	    .clue = by_letter ? own->clue : r->named,
	    .at_s = now_s,
	    .next_s = ANSWER_FIRST_S,
	    .said = by_letter ? "" : said_again(r, a),
	};

	return q.said == NULL ? no_memory(err)
			      : store_answer_add(c->store, &q, err);
}

static bool
is_colleague(const struct conf *conf, const char *address)
{
	if (conf_person_by_address(conf, address) >= 0 ||
	    conf_unit_by_address(conf, address) >= 0 ||
	    strcasecmp(address, conf->smtp.mail_from) == 0)
		return true;
	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (strcasecmp(address, conf->mailboxes[i].address) == 0)
			return true;
	return false;
}

/* By the provider's clock, else by the sender's. */
static bool
is_old(const struct conf *conf, const struct pipeline_source *from,
    const struct message *m, int64_t now_s)
{
	int64_t sent_s = from->internal_s != 0 ? from->internal_s : m->date_s;

	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (strcmp(conf->mailboxes[i].id, from->mailbox) == 0)
			return now_s - sent_s >
			    (int64_t)conf->mailboxes[i].no_ack_older_days *
				DAY_S;
	return true; /* a file by hand, a mailbox that is configured no more */
}

static int
mention(const struct take_context *c, const struct citizen_read *r,
    int64_t clue, int64_t now_s, struct arena *a, struct err *err)
{
	struct event_record e = {.clue = clue,
	    .at_s = now_s,
	    .kind = "mentions",
	    .actor = "clued"};

	if (r->named == 0)
		return 0;
	e.detail = arena_printf(a, "%s%s", r->said.number,
	    r->wrong ? ", with a query code that does not fit" : "");
	return e.detail == NULL ? no_memory(err)
				: store_event_add(c->store, &e, err);
}

static int
count_wrong(const struct take_context *c, const struct citizen_read *r,
    int64_t row, int64_t now_s, struct err *err)
{
	const struct answer_record w = {
	    .kind = ANSWER_QUERY,
	    .message = row,
	    .clue = r->named,
	    .at_s = now_s,
	    .wrong = true,
	    .said = "",
	};

	return r->wrong ? store_answer_add(c->store, &w, err) : 0;
}

int
citizen_tipped(const struct take_context *c,
    const struct pipeline_source *from, const struct message *m,
    const struct citizen_read *r, int64_t clue, int64_t row, int64_t now_s,
    struct arena *a, struct err *err)
{
	const struct answer_record ack = {
	    .kind = ANSWER_ACK,
	    .message = row,
	    .clue = clue,
	    .at_s = now_s,
	    .next_s = now_s,
	    .said = "",
	};

	if (mention(c, r, clue, now_s, a, err) < 0 ||
	    count_wrong(c, r, row, now_s, err) < 0)
		return -1;
	if (!c->conf->citizens.acknowledge || !intake_may_answer(m) ||
	    is_colleague(c->conf, m->from.addr) ||
	    !letter_is_address(m->from.addr) ||
	    is_old(c->conf, from, m, now_s))
		return 0;
	return store_answer_add(c->store, &ack, err);
}

int
citizen_closed(const struct take_context *c, int64_t clue, int64_t message,
    int64_t now_s, struct err *err)
{
	const struct answer_record end = {
	    .kind = ANSWER_CLOSED,
	    .message = message,
	    .clue = clue,
	    .at_s = now_s,
	    .next_s = now_s + CLOSED_AFTER_S,
	    .said = "",
	};

	if (!c->conf->citizens.closing_notice || message == 0)
		return 0;
	return store_answer_add(c->store, &end, err);
}
