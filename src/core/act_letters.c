/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/act_inside.h"
#include "core/ladder.h"
#include "core/letters.h"
#include "core/take.h"
#include "follow/recipients.h"
#include "letter/letter.h"

/* What each command does to the state; -1 = nothing. */
static const struct {
	enum command_verb verb;
	int action;
} offers[] = {
    {VERB_ASSIGN, ACT_ASSIGN},
    {VERB_ACCEPT, ACT_ACCEPT},
    {VERB_FEEDBACK, ACT_FEEDBACK},
    {VERB_RETURN, ACT_RETURN},
    {VERB_REASSIGN, ACT_REASSIGN},
    {VERB_EXTEND, ACT_EXTEND},
    {VERB_SUSPEND, ACT_SUSPEND},
    {VERB_TRANSFER, ACT_TRANSFER},
    {VERB_SUBSTANTIATED, ACT_SUBSTANTIATED},
    {VERB_UNSUBSTANTIATED, ACT_UNSUBSTANTIATED},
    {VERB_NOT_APPLICABLE, ACT_NOT_APPLICABLE},
    {VERB_RECUSE, ACT_RECUSE},
    {VERB_DUPLICATE, ACT_DUPLICATE},
    {VERB_REVIEW, ACT_REOPEN},
    {VERB_REOPEN, ACT_REOPEN},
};

/* What stands to reason for whom: the office leaves an officer's work to him,
 * an officer cannot do the office's. */
static bool
is_for(enum command_verb v, enum clue_state s, enum command_by by)
{
	bool with_office = s == CLUE_NEW || s == CLUE_RETURNED;

	switch (v) {
	case VERB_ASSIGN:
	case VERB_DUPLICATE:
	case VERB_REOPEN:
		return by == COMMAND_BY_OFFICE;
	case VERB_REVIEW:
		return by == COMMAND_BY_OFFICE && clue_state_is_final(s);
	default:
		return by == COMMAND_BY_OFFICER || with_office;
	}
}

void
act_next(const char *state, enum command_by by, struct buf *out)
{
	int s = clue_state_by_name(state);
	size_t before = out->len;

	for (size_t i = 0; s >= 0 && i < sizeof(offers) / sizeof(*offers);
	     i++) {
		enum command_verb v = offers[i].verb;
		bool legal = clue_next((enum clue_state)s,
				 (enum clue_action)offers[i].action) >= 0;

		if (v == VERB_ASSIGN)
			legal |=
			    clue_next((enum clue_state)s, ACT_REASSIGN) >= 0;
		if (legal && is_for(v, (enum clue_state)s, by))
			buf_addf(out, "%s%s", out->len > before ? "、" : "",
			    command_title(v));
	}
}

int
act_due(const struct take_context *c, const struct clue_record *clue,
    struct arena *a, const char **out, struct err *err)
{
	const struct deadline_record *next = NULL;
	struct deadline_record *list;
	char when[LETTER_TIME_SIZE];
	size_t n;
	int k;

	*out = "";
	if (strcmp(clue->state, "suspended") == 0)
		return 0;
	if (store_deadlines(c->store, clue->id, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i].met_s == 0 &&
		    (next == NULL || list[i].due_s < next->due_s))
			next = &list[i];
	if (next == NULL)
		return 0;
	k = deadline_by_name(next->kind);
	letter_time(c->conf->zone, next->due_s, when);
	*out = arena_printf(a, "%s %s",
	    k < 0 ? next->kind : deadline_title((enum deadline_kind)k), when);
	return *out == NULL
		   ? err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory")
		   : 0;
}

int
act_tell(struct act *x, const char *template_id, int person, enum command_by as,
    const char *what, struct err *err)
{
	const struct conf *conf = x->c->conf;
	int domain = conf_domain(conf, x->clue.domain);
	int area = conf_area(conf, x->clue.area);
	BUF_AUTO struct buf next = BUF_INIT;
	const char *due;

	if (act_due(x->c, &x->clue, x->arena, &due, err) < 0)
		return -1;
	act_next(x->clue.state, as, &next);
	if (what == NULL || buf_bad(&next))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	const struct letter_field fields[] = {
	    {"number", x->clue.number},
	    {"domain", domain < 0 ? x->clue.domain
				  : conf->rules.domains[domain].title},
	    {"area", area < 0 ? "" : conf->areas[area].name},
	    {"state", act_state(x->clue.state)},
	    {"due", due},
	    {"next", buf_str(&next)},
	    {"list", what},
	};
	const struct letters_plain l = {
	    .kind = template_id,
	    .person = person,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .clue = x->clue.id,
	    .priority = strcmp(x->clue.class_id, conf->classes[1].id) == 0,
	    .now_s = x->now_s,
	};

	return letters_plain(x->c, &l, x->arena, err);
}

int
act_tell_officer(struct act *x, const char *what, struct err *err)
{
	struct recipients to;

	ladder_people(x->c->conf, &x->clue, LADDER_OFFICER, x->now_s, &to);
	/* Nor does the office write to itself of what it did. */
	if (to.acting < 0 || to.acting == x->actor->person ||
	    (x->actor->by == COMMAND_BY_OFFICE &&
		x->c->conf->roster.persons[to.acting].kind == PERSON_OFFICE))
		return 0;
	return act_tell(x, "ruling", to.acting, COMMAND_BY_OFFICER, what, err);
}
