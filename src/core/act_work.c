/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/act_inside.h"
#include "core/take.h"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

int
act_accept(struct act *x, struct err *err)
{
	if (strcmp(x->clue.state, "accepted") == 0 ||
	    strcmp(x->clue.state, "verifying") == 0)
		return act_refuse(x, err, "该线索此前已经签收，无需重复签收。");
	if (act_move(x, ACT_ACCEPT) < 0)
		return act_illegal(x, err);
	if (act_save(x, err) < 0 ||
	    act_meet(x, ACT_MEETS(DEADLINE_ACCEPT), err) < 0 ||
	    act_event(x, "accepted", act_line(x, x->command->text), err) < 0)
		return -1;
	return act_say(x, err, "已签收。");
}

/* Who reports has accepted by doing. */
int
act_feedback(struct act *x, struct err *err)
{
	if (act_move(x, ACT_FEEDBACK) < 0)
		return act_illegal(x, err);
	if (act_save(x, err) < 0 ||
	    act_meet(x,
		ACT_MEETS(DEADLINE_ACCEPT) | ACT_MEETS(DEADLINE_FEEDBACK),
		err) < 0 ||
	    act_event(x, "feedback", act_line(x, x->command->text), err) < 0)
		return -1;
	return act_say(x, err, "已记录反馈。");
}

int
act_note(struct act *x, struct err *err)
{
	if (act_event(x, "note", act_line(x, x->command->text), err) < 0)
		return -1;
	return act_say(x, err, "已记入台账。");
}

int
act_help(struct act *x, struct err *err)
{
	BUF_AUTO struct buf b = BUF_INIT;

	command_list(x->actor->by, &b);
	if (buf_bad(&b))
		return no_memory(err);
	return act_say(x, err, "可以使用的指令：\n%s", buf_str(&b));
}

/* Ends that run, one a line. */
static int
add_ends(struct act *x, struct buf *b, struct err *err)
{
	const char *due;

	if (act_due(x->c, &x->clue, x->arena, &due, err) < 0)
		return -1;
	if (due[0] != '\0')
		buf_addf(b, "；下一期限：%s", due);
	return 0;
}

int
act_query(struct act *x, struct err *err)
{
	const struct conf *conf = x->c->conf;
	int domain = conf_domain(conf, x->clue.domain);
	BUF_AUTO struct buf b = BUF_INIT;
	struct act_history h;

	if (act_history(x, &h, err) < 0)
		return -1;
	buf_addf(&b, "目前状态：%s；领域：%s；承办：%s",
	    act_state(x->clue.state),
	    domain < 0 ? x->clue.domain : conf->rules.domains[domain].title,
	    act_name(x, x->clue.officer));
	if (add_ends(x, &b, err) < 0)
		return -1;
	if (h.returned > 0)
		buf_addf(&b, "；退回%u次", h.returned);
	if (h.extended > 0)
		buf_addf(&b, "；延期%u次", h.extended);
	if (h.extend_asked != NULL)
		buf_adds(&b, "；有延期申请待批");
	if (h.suspend_asked != NULL)
		buf_adds(&b, "；有挂账申请待批");
	if (buf_bad(&b))
		return no_memory(err);
	return act_say(x, err, "%s。", buf_str(&b));
}
