/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/act_inside.h"
#include "core/ladder.h"
#include "core/take.h"
#include "follow/calendar.h"
#include "letter/letter.h"

/* What an officer asks for and the office rules on: 延期 and 挂账. */

/* Whether the action would be legal; nothing changes. */
static bool
may(const struct act *x, enum clue_action action)
{
	int s = clue_state_by_name(x->clue.state);

	return s >= 0 && clue_next((enum clue_state)s, action) >= 0;
}

/* -- 延期 ------------------------------------------------------------------ */

/* Why an extension cannot be; NULL = it can. */
static const char *
forbidden(struct act *x, const struct act_history *h, int64_t due_s,
    int64_t asked_s, uint32_t days)
{
	const struct deadline_class *cls = ladder_class(x->c->conf, &x->clue);

	switch (deadline_may_extend(cls, due_s, asked_s, h->extended, days)) {
	case EXTEND_LATE:
		return "办结期限已过，延期须在到期前提出";
	case EXTEND_TOO_MANY:
		return cls->extensions_most == 0
			   ? "这一类线索不得延期"
			   : arena_printf(x->arena,
				 "该线索已延期%u次，不得再延", h->extended);
	case EXTEND_DAYS:
		return arena_printf(
		    x->arena, "每次延期最长%u个工作日", cls->extension_days);
	default:
		return NULL;
	}
}

int
act_extend(struct act *x, struct err *err)
{
	uint32_t days = x->command->days;
	const char *why = act_line(x, x->command->text), *no;
	struct deadline_record end;
	struct act_history h;
	int rc;

	if (!may(x, ACT_EXTEND))
		return act_illegal(x, err);
	if (act_history(x, &h, err) < 0 ||
	    (rc = act_end(x, DEADLINE_CONCLUDE, &end, err)) < 0)
		return -1;
	if (rc == 0)
		return act_refuse(x, err, "该线索没有办结期限，无须延期。");
	if (h.extend_asked != NULL)
		return act_refuse(
		    x, err, "已有一件延期申请等待专班批复，没有重复提出。");
	if ((no = forbidden(x, &h, end.due_s, x->arrived_s, days)) != NULL)
		return act_refuse(x, err, "%s，没有执行。", no);
	if (act_event(x, "extend-asked",
		arena_printf(
		    x->arena, "%u days: %s", days, why != NULL ? why : ""),
		err) < 0 ||
	    act_tell_office(x, "request",
		arena_printf(x->arena, "%s申请延期%u个工作日。\n%s", act_who(x),
		    days, act_reason(x, x->command->text)),
		err) < 0)
		return -1;
	return act_say(x, err,
	    "已收到延期%u个工作日的申请，转专班批复；批复之前期限不变。", days);
}

/* "5 days: why" */
static uint32_t
days_asked(const struct event_record *e)
{
	unsigned long n = strtoul(e->detail, NULL, 10);

	return n > 999 ? 0 : (uint32_t)n;
}

int
act_grant(struct act *x, struct err *err)
{
	const struct calendar cal = {&x->c->conf->calendar, x->c->conf->zone};
	char until[LETTER_TIME_SIZE];
	struct deadline_record end;
	struct act_history h;
	const char *no;
	uint32_t days;
	int rc;

	if (act_history(x, &h, err) < 0 ||
	    (rc = act_end(x, DEADLINE_CONCLUDE, &end, err)) < 0)
		return -1;
	if (h.extend_asked == NULL || rc == 0 || !may(x, ACT_EXTEND))
		return act_refuse(x, err, "没有等待批复的延期申请，没有执行。");
	days = x->command->days != 0 ? x->command->days
				     : days_asked(h.extend_asked);
	/* That it was asked for in time was seen when it was. */
	no = forbidden(x, &h, end.due_s, end.due_s - 1, days);
	if (no != NULL)
		return act_refuse(x, err, "%s，没有执行。", no);
	if (act_event(x, "extended", arena_printf(x->arena, "%u days", days),
		err) < 0 ||
	    act_move_end(
		x, &end, deadline_extended(&cal, end.due_s, days), err) < 0)
		return -1;
	letter_time(x->c->conf->zone, end.due_s, until);
	if (act_tell_officer(x,
		arena_printf(x->arena,
		    "专班同意延期%u个工作日，办结期限延至%s。", days, until),
		err) < 0)
		return -1;
	return act_say(
	    x, err, "已同意延期%u个工作日，办结期限延至%s。", days, until);
}

int
act_refuse_extension(struct act *x, struct err *err)
{
	const char *why = act_line(x, x->command->text);
	struct act_history h;

	if (act_history(x, &h, err) < 0)
		return -1;
	if (h.extend_asked == NULL)
		return act_refuse(x, err, "没有等待批复的延期申请，没有执行。");
	if (act_event(x, "extend-refused", why, err) < 0 ||
	    act_tell_officer(x,
		arena_printf(x->arena, "专班不同意延期，期限不变。\n%s",
		    act_reason(x, x->command->text)),
		err) < 0)
		return -1;
	return act_say(x, err, "已告知责任人不同意延期，期限不变。");
}

/* -- 挂账 ------------------------------------------------------------------ */

int
act_suspend(struct act *x, struct err *err)
{
	const char *why = act_line(x, x->command->text);
	struct act_history h;

	if (!may(x, ACT_SUSPEND))
		return act_illegal(x, err);
	if (act_history(x, &h, err) < 0)
		return -1;
	if (h.suspend_asked != NULL)
		return act_refuse(
		    x, err, "已有一件挂账申请等待专班批复，没有重复提出。");
	if (act_event(x, "suspend-asked", why, err) < 0 ||
	    act_tell_office(x, "request",
		arena_printf(x->arena, "%s申请挂账。\n%s", act_who(x),
		    act_reason(x, x->command->text)),
		err) < 0)
		return -1;
	return act_say(
	    x, err, "已收到挂账申请，转专班批复；批复之前照常办理，期限不变。");
}

int
act_grant_suspension(struct act *x, struct err *err)
{
	struct act_history h;
	const char *why;

	if (act_history(x, &h, err) < 0)
		return -1;
	if (h.suspend_asked == NULL)
		return act_refuse(x, err, "没有等待批复的挂账申请，没有执行。");
	if (act_move(x, ACT_SUSPEND) < 0)
		return act_illegal(x, err);
	why = h.suspend_asked->detail;
	if (act_save(x, err) < 0 || act_event(x, "suspended", why, err) < 0 ||
	    act_pause(x, err) < 0 ||
	    act_tell_officer(
		x, "专班同意挂账，期限暂停计算，恢复办理后接续计算。", err) < 0)
		return -1;
	return act_say(x, err, "已同意挂账，期限暂停计算。");
}

int
act_refuse_suspension(struct act *x, struct err *err)
{
	const char *why = act_line(x, x->command->text);
	struct act_history h;

	if (act_history(x, &h, err) < 0)
		return -1;
	if (h.suspend_asked == NULL)
		return act_refuse(x, err, "没有等待批复的挂账申请，没有执行。");
	if (act_event(x, "suspend-refused", why, err) < 0 ||
	    act_tell_officer(x,
		arena_printf(x->arena, "专班不同意挂账，请继续办理。\n%s",
		    act_reason(x, x->command->text)),
		err) < 0)
		return -1;
	return act_say(x, err, "已告知责任人不同意挂账。");
}
