/* SPDX-License-Identifier: ISC */
#include "core/act.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "core/act_inside.h"
#include "core/take.h"
#include "follow/recipients.h"

/* Bytes of somebody's words in one entry of the ledger. */
#define MAX_DETAIL_BYTES 4000

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- the answer ------------------------------------------------------------ */

__attribute__((format(printf, 3, 0))) static int
answer(struct act *x, struct err *err, const char *fmt, va_list ap)
{
	BUF_AUTO struct buf b = BUF_INIT;

	buf_vaddf(&b, fmt, ap);
	x->said = buf_bad(&b) ? NULL : arena_strdup(x->arena, buf_str(&b));
	return x->said == NULL ? no_memory(err) : 0;
}

int
act_refuse(struct act *x, struct err *err, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = answer(x, err, fmt, ap);
	va_end(ap);
	x->done = false;
	return rc;
}

int
act_say(struct act *x, struct err *err, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = answer(x, err, fmt, ap);
	va_end(ap);
	x->done = true;
	return rc;
}

const char *
act_state(const char *state)
{
	int s = clue_state_by_name(state);

	return s < 0 ? state : clue_state_title((enum clue_state)s);
}

int
act_illegal(struct act *x, struct err *err)
{
	return act_refuse(x, err, "线索目前为“%s”，不能“%s”，没有执行。",
	    act_state(x->clue.state), command_title(x->command->verb));
}

/* -- writing --------------------------------------------------------------- */

int
act_move(struct act *x, enum clue_action action)
{
	int state = clue_state_by_name(x->clue.state), next;

	next = state < 0 ? -1 : clue_next((enum clue_state)state, action);
	if (next >= 0)
		x->clue.state = clue_state_name((enum clue_state)next);
	return next;
}

int
act_save(struct act *x, struct err *err)
{
	return store_clue_update(x->c->store, &x->clue, err);
}

int
act_event(struct act *x, const char *kind, const char *detail, struct err *err)
{
	const struct event_record e = {.clue = x->clue.id,
	    .at_s = x->now_s,
	    .kind = kind,
	    .actor = x->actor->id,
	    .detail = detail};

	if (detail == NULL)
		return no_memory(err);
	return store_event_add(x->c->store, &e, err);
}

const char *
act_line(struct act *x, const char *text)
{
	BUF_AUTO struct buf b = BUF_INIT;
	size_t len = utf8_cut(text, strlen(text), MAX_DETAIL_BYTES);

	str_add_printable(&b, text, len, false);
	if (text[len] != '\0')
		buf_adds(&b, "…");
	return buf_bad(&b) ? NULL : arena_strdup(x->arena, buf_str(&b));
}

const char *
act_reason(struct act *x, const char *text)
{
	if (text[0] == '\0')
		return "";
	return arena_printf(x->arena, "理由：%s", act_line(x, text));
}

/* -- people ---------------------------------------------------------------- */

const char *
act_name(const struct act *x, const char *person_id)
{
	int i = conf_person(x->c->conf, person_id);

	return i < 0 ? person_id : x->c->conf->roster.persons[i].name;
}

const char *
act_who(const struct act *x)
{
	return x->actor->person < 0
		   ? "专班"
		   : x->c->conf->roster.persons[x->actor->person].name;
}

bool
act_is_absent(const struct act *x, int person)
{
	const struct conf *conf = x->c->conf;

	return conf_is_absent(&conf->roster.persons[person],
	    zone_day(conf->zone, x->now_s));
}

bool
act_is_excluded(const struct act *x, int person)
{
	return recipients_excluded(
	    x->clue.excluded, x->c->conf->roster.persons[person].id);
}

/* -- what happened before -------------------------------------------------- */

static void
take_event(struct act_history *h, const struct event_record *e)
{
	const char *k = e->kind;

	if (strcmp(k, "returned") == 0)
		h->returned++;
	else if (strcmp(k, "extend-asked") == 0)
		h->extend_asked = e;
	else if (strcmp(k, "suspend-asked") == 0)
		h->suspend_asked = e;
	else if (strcmp(k, "extended") == 0)
		h->extended++;
	else if (strcmp(k, "suspended") == 0)
		h->suspended_s = e->at_s;
	else if (strcmp(k, "reopened") == 0)
		h->extended = 0;
	if (strcmp(k, "extended") == 0 || strcmp(k, "extend-refused") == 0)
		h->extend_asked = NULL;
	if (strcmp(k, "suspended") == 0 || strcmp(k, "suspend-refused") == 0)
		h->suspend_asked = NULL;
	/* Who asked has it no more. */
	if (strcmp(k, "assigned") == 0 || strcmp(k, "reassigned") == 0 ||
	    strcmp(k, "returned") == 0 || strcmp(k, "recused") == 0 ||
	    strcmp(k, "reopened") == 0)
		h->extend_asked = h->suspend_asked = NULL;
}

int
act_history(struct act *x, struct act_history *out, struct err *err)
{
	struct event_record *list;
	size_t n;

	*out = (struct act_history){0};
	if (store_events(x->c->store, x->clue.id, x->arena, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		take_event(out, &list[i]);
	return 0;
}

/* -- the table ------------------------------------------------------------- */

static int (*const handlers[VERB_COUNT])(struct act *x, struct err *err) = {
    [VERB_ACCEPT] = act_accept,
    [VERB_FEEDBACK] = act_feedback,
    [VERB_RETURN] = act_return,
    [VERB_REASSIGN] = act_reassign,
    [VERB_EXTEND] = act_extend,
    [VERB_SUSPEND] = act_suspend,
    [VERB_TRANSFER] = act_conclude,
    [VERB_SUBSTANTIATED] = act_conclude,
    [VERB_UNSUBSTANTIATED] = act_conclude,
    [VERB_NOT_APPLICABLE] = act_conclude,
    [VERB_RECUSE] = act_recuse,
    [VERB_ASK] = act_ask,
    [VERB_HELP] = act_help,
    [VERB_ASSIGN] = act_assign,
    [VERB_DOMAIN] = act_domain,
    [VERB_GRANT] = act_grant,
    [VERB_REFUSE] = act_refuse_extension,
    [VERB_GRANT_SUSPEND] = act_grant_suspension,
    [VERB_REFUSE_SUSPEND] = act_refuse_suspension,
    [VERB_REVIEW] = act_review,
    [VERB_DUPLICATE] = act_duplicate,
    [VERB_REOPEN] = act_reopen,
    [VERB_NOTE] = act_note,
    [VERB_QUERY] = act_query,
};

int
act_apply(struct act *x, struct err *err)
{
	const struct command *c = x->command;
	BUF_AUTO struct buf advice = BUF_INIT;

	x->done = false;
	x->said = "";
	if (x->arrived_s == 0 || x->arrived_s > x->now_s)
		x->arrived_s = x->now_s;
	if (c->flaw != COMMAND_OK) {
		command_advise(c, x->actor->by, &advice);
		return act_refuse(x, err, "%s", buf_str(&advice));
	}
	if ((unsigned)c->verb >= VERB_COUNT || handlers[c->verb] == NULL)
		return err_set(err, ERR_BUG, ERR_OWN, 0, "no such command");
	if (handlers[c->verb](x, err) < 0)
		return err_at(err, "%s", command_name(c->verb));
	return 0;
}
