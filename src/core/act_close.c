/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/act_inside.h"
#include "core/citizen.h"
#include "core/ladder.h"
#include "core/notice.h"
#include "core/take.h"
#include "core/transfer.h"
#include "follow/recipients.h"
#include "store/related.h"
#include "store/work.h"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* A clue that rested goes on first, so that its ends are where they belong. */
static int
wake(struct act *x, const char *was, struct err *err)
{
	struct act_history h;

	if (strcmp(was, "suspended") != 0)
		return 0;
	return act_history(x, &h, err) < 0 ||
		       act_resume(x, h.suspended_s, err) < 0
		   ? -1
		   : 0;
}

/* An outcome: everything that was to be done by an end is done. */
static int
close_clue(struct act *x, const char *was, const char *detail, struct err *err)
{
	x->clue.triage = false;
	if (wake(x, was, err) < 0 || act_save(x, err) < 0 ||
	    act_meet(x, ACT_MEETS_ALL, err) < 0)
		return -1;
	if (act_event(x, x->clue.state, detail, err) < 0)
		return -1;
	return citizen_closed(
	    x->c, x->clue.id, x->clue.message, x->now_s, err);
}

/* The office looks at what an officer concluded; an officer hears of what the
 * office did. */
static int
tell_other(struct act *x, const char *what, struct err *err)
{
	if (what == NULL)
		return no_memory(err);
	if (x->actor->by == COMMAND_BY_OFFICE)
		return act_tell_officer(x, what, err);
	return act_tell_office(x, "concluded", what, err);
}

static enum clue_action
action_of(enum command_verb v)
{
	switch (v) {
	case VERB_TRANSFER:
		return ACT_TRANSFER;
	case VERB_SUBSTANTIATED:
		return ACT_SUBSTANTIATED;
	case VERB_UNSUBSTANTIATED:
		return ACT_UNSUBSTANTIATED;
	default:
		return ACT_NOT_APPLICABLE;
	}
}

/* "公安机关 海公〔2026〕12号；附材料三份", or the text alone. */
static const char *
outcome_text(struct act *x)
{
	const char *target = act_line(x, x->command->target);
	const char *text = act_line(x, x->command->text);

	if (target == NULL || text == NULL)
		return NULL;
	if (x->command->verb != VERB_TRANSFER)
		return text;
	return text[0] == '\0' ? target
			       : arena_printf(x->arena, "%s；%s", target, text);
}

/* The covering sheet, to be printed where it is signed: by the office, or by
 * discipline, whose matter is nobody else's. */
static int
send_sheet(struct act *x, struct err *err)
{
	int person = x->clue.discipline ? conf_person(x->c->conf,
					      x->clue.officer)
					: act_office(x);

	if (person < 0 || act_is_excluded(x, person))
		person = act_office(x);
	return person < 0 ? 0
			  : transfer_mail(x->c, &x->clue, person, x->now_s,
				x->arena, err);
}

int
act_conclude(struct act *x, struct err *err)
{
	const char *was = x->clue.state, *text = outcome_text(x);
	const char *title;

	if (act_move(x, action_of(x->command->verb)) < 0)
		return act_illegal(x, err);
	if (text == NULL)
		return no_memory(err);
	title = act_state(x->clue.state);
	if (close_clue(x, was, text, err) < 0 ||
	    tell_other(x,
		arena_printf(
		    x->arena, "%s办理结果：%s\n%s", act_who(x), title, text),
		err) < 0)
		return -1;
	if (x->command->verb == VERB_TRANSFER && send_sheet(x, err) < 0)
		return -1;
	if (x->command->verb == VERB_TRANSFER)
		return act_say(x, err, "已登记移送：%s。", text);
	return act_say(x, err, "已登记办理结果：%s。", title);
}

/* -- 重复 ------------------------------------------------------------------ */

/* The clue that is meant: at the end of what repeats what.  *wrong_out says
 * what is wrong with it. */
static int
find_first(struct act *x, struct clue_record *first, const char **wrong_out,
    struct err *err)
{
	const char *target = x->command->target;
	size_t n = command_number_at(target);
	const char *number = arena_memdup(x->arena, target, n);
	int64_t id;
	int rc;

	*wrong_out = NULL;
	if (number == NULL)
		return no_memory(err);
	rc = store_clue_by_number(x->c->store, number, x->arena, first, err);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		*wrong_out = "没有这个编号的线索";
		return 0;
	}
	for (int i = 0; i < 100; i++) {
		if (first->id == x->clue.id) {
			*wrong_out = "线索不能与自己重复";
			return 0;
		}
		if (strcmp(first->state, "duplicate") != 0)
			return 0;
		rc = store_clue_first(x->c->store, first->id, &id, err);
		if (rc <= 0)
			return rc;
		rc = store_clue_by_id(x->c->store, id, x->arena, first, err);
		if (rc <= 0)
			return rc;
	}
	return 0;
}

/* From then on they hang together, whatever the program saw. */
static int
add_link(struct act *x, int64_t first, struct err *err)
{
	const struct link_record r = {
	    .clue = x->clue.id,
	    .other = first,
	    .weight = 1000,
	    .why = "重复并案",
	    .actor = x->actor->id,
	    .at_s = x->now_s,
	};

	return store_link_add(x->c->store, &r, err);
}

int
act_duplicate(struct act *x, struct err *err)
{
	const char *was = x->clue.state, *wrong, *text;
	const char *rest = x->command->target;
	struct clue_record first;

	if (find_first(x, &first, &wrong, err) < 0)
		return -1;
	if (wrong != NULL)
		return act_refuse(x, err, "%s，没有执行。", wrong);
	if (act_move(x, ACT_DUPLICATE) < 0)
		return act_illegal(x, err);
	rest += command_number_at(rest);
	rest += strspn(rest, " ");
	text = act_line(x, rest[0] != '\0' ? rest : x->command->text);
	if (text == NULL)
		return no_memory(err);
	if (store_clue_set_first(x->c->store, x->clue.id, first.id, err) < 0 ||
	    add_link(x, first.id, err) < 0 ||
	    close_clue(x, was,
		arena_printf(x->arena, "%s%s%s", first.number,
		    text[0] != '\0' ? "；" : "", text),
		err) < 0 ||
	    tell_other(x,
		"该线索与已有线索重复，专班已并入在先线索，您无需继续办理。",
		err) < 0)
		return -1;
	return act_say(x, err, "已登记为重复，并入%s。", first.number);
}

/* -- 重新办理, 办结复核 -----------------------------------------------------
 */

/* The officer goes on where it rested; after an outcome everything starts
 * anew, with the officer if he is still there. */
static int
start_again(struct act *x, const char *was, const char *why, struct err *err)
{
	int officer = conf_person(x->c->conf, x->clue.officer);
	bool rested = strcmp(was, "suspended") == 0;
	struct notice_request r = {.clue = &x->clue,
	    .template_id = "notice",
	    .people_why = why,
	    .cause = "",
	    .now_s = x->now_s};
	struct recipients to;

	if (rested)
		return act_tell_officer(
		    x, "专班恢复该线索的办理，期限接续计算。", err);
	if (officer < 0 || act_is_excluded(x, officer))
		return act_to_office(x, "重新办理，原责任人不能继续承办", err);
	ladder_people(x->c->conf, &x->clue, LADDER_OFFICER, x->now_s, &to);
	r.person = to.acting;
	return to.acting < 0 ? 0 : notice_again(x->c, &r, x->arena, err);
}

static int
reopen(struct act *x, const char *why, struct err *err)
{
	const char *was = x->clue.state;
	bool rested = strcmp(was, "suspended") == 0;

	if (act_move(x, ACT_REOPEN) < 0)
		return act_illegal(x, err);
	if (x->clue.dispatched_s == 0)
		x->clue.dispatched_s = x->now_s;
	if (act_event(x, "reopened", why, err) < 0 || act_save(x, err) < 0 ||
	    wake(x, was, err) < 0 || (!rested && act_plan(x, err) < 0) ||
	    start_again(x, was,
		arena_printf(x->arena, "专班要求重新办理：%s", why), err) < 0)
		return -1;
	return act_say(x, err, "已重新办理，%s。",
	    rested ? "期限接续计算" : "期限重新计算");
}

int
act_reopen(struct act *x, struct err *err)
{
	const char *why = act_line(x, x->command->text);

	return why == NULL ? no_memory(err) : reopen(x, why, err);
}

int
act_review(struct act *x, struct err *err)
{
	const char *why = act_line(x, x->command->text);
	int s = clue_state_by_name(x->clue.state);

	if (why == NULL)
		return no_memory(err);
	if (s < 0 || !clue_state_is_final((enum clue_state)s))
		return act_illegal(x, err);
	if (!x->command->passed)
		return act_event(x, "reviewed",
			   arena_printf(x->arena, "不通过：%s", why), err) < 0
			   ? -1
			   : reopen(x, why, err);
	if (act_event(x, "reviewed",
		arena_printf(
		    x->arena, "通过%s%s", why[0] != '\0' ? "：" : "", why),
		err) < 0)
		return -1;
	return act_say(x, err, "复核通过，已记入台账。");
}
