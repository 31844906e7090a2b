/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/act_inside.h"
#include "core/letters_citizen.h"
#include "core/take.h"
#include "letter/letter.h"
#include "store/citizen.h"

#define DAY_S 86400
/* Questions about one clue a day; more is no question any more. */
#define MOST_A_DAY 5
/* What stands where an officer named himself. */
#define HANDLER "〔承办人〕"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* Every place of `what` in *text becomes HANDLER. */
static int
take_out(struct act *x, const char **text, const char *what)
{
	BUF_AUTO struct buf b = BUF_INIT;
	const char *at = *text, *hit;

	if (what[0] == '\0' || str_icontains(at, what) == NULL)
		return 0;
	while ((hit = str_icontains(at, what)) != NULL) {
		buf_add(&b, at, (size_t)(hit - at));
		buf_adds(&b, HANDLER);
		at = hit + strlen(what);
	}
	buf_adds(&b, at);
	*text = buf_bad(&b) ? NULL : arena_strdup(x->arena, buf_str(&b));
	return *text == NULL ? -1 : 0;
}

static int
take_person_out(struct act *x, const char **text, int person)
{
	const struct person_conf *p;
	int rc;

	if (person < 0)
		return 0;
	p = &x->c->conf->roster.persons[person];
	rc = take_out(x, text, p->name);
	if (rc == 0)
		rc = take_out(x, text, p->address);
	for (size_t i = 0; i < p->n_aliases && rc == 0; i++)
		rc = take_out(x, text, p->aliases[i]);
	for (size_t i = 0; i < p->n_phones && rc == 0; i++)
		rc = take_out(x, text, p->phones[i]);
	return rc;
}

/* The officer's words without who deals with the clue. */
static const char *
question(struct act *x)
{
	const struct conf *conf = x->c->conf;
	const int who[] = {x->actor->person, conf_person(conf, x->clue.officer),
	    conf_person(conf, x->clue.deputy),
	    conf_person(conf, x->clue.leader)};
	const char *text = x->command->text;

	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++)
		if (take_person_out(x, &text, who[i]) < 0)
			return NULL;
	return text;
}

/* 1 = *out can be written to. */
static int
find_reporter(struct act *x, struct reporter_record *out, struct err *err)
{
	int rc = x->clue.message == 0
	    ? 0
	    : store_reporter_use(
		  x->c->store, x->clue.message, x->arena, out, err);

	return rc == 1 ? letter_is_address(out->address) : rc;
}

static int
write_question(struct act *x, const struct reporter_record *to,
    const char *text, struct err *err)
{
	const struct letter_field fields[] = {
	    {"number", x->clue.number},
	    {"question", text},
	};
	const struct letters_citizen l = {
	    .template_id = LETTER_ACK_QUESTION,
	    .address = to->address,
	    .message = x->clue.message,
	    .clue = x->clue.id,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .now_s = x->now_s,
	};

	if (letters_citizen(x->c, &l, x->arena, err) < 0)
		return -1;
	return act_event(x, EVENT_CITIZEN_ASKED, act_line(x, text), err);
}

/* The citizen answers our letter; core/followup.c tells who has the clue. */
int
act_ask(struct act *x, struct err *err)
{
	const char *text = question(x);
	struct reporter_record to;
	int64_t n = 0;
	int rc = find_reporter(x, &to, err);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return act_refuse(x, err,
		    "举报人没有留下可以回信的邮箱，不能提问。");
	if (store_letters_to_citizens(x->c->store, LETTER_ACK_QUESTION,
		to.address, x->now_s - DAY_S, &n, err) < 0)
		return -1;
	if (n >= MOST_A_DAY)
		return act_refuse(
		    x, err, "今天已向举报人提问多次，请明天再问。");
	if (text == NULL)
		return no_memory(err);
	if (write_question(x, &to, text, err) < 0)
		return -1;
	return act_say(x, err,
	    "已向举报人提问，对方不知道是谁在问；答复会自动转来。");
}
