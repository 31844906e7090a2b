/* SPDX-License-Identifier: ISC */
#include "report/kinds.h"

#include <stddef.h>
#include <string.h>

#include "follow/clue.h"
#include "follow/command.h"

static const struct {
	const char *key, *title;
} figures[FIGURE_COUNT] = {
    [FIGURE_FOUND] = {"found", "排查涉黑涉恶线索数量"},
    [FIGURE_TRANSFERRED] = {"transferred", "移送涉黑涉恶线索数量"},
    [FIGURE_ASSISTED] = {"assisted", "配合查的案件数量"},
    [FIGURE_REGULATION] = {"regulations", "出台加强行业监管数量"},
};

const char *
figure_key(enum figure f)
{
	return figures[f].key;
}

const char *
figure_title(enum figure f)
{
	return figures[f].title;
}

static const struct event_kind kinds[] = {
    {"received", "收到", FIGURE_FOUND},
    {"registered", "登记", FIGURE_FOUND},
    {"routed", "研判", FIGURE_NONE},
    {"excluded", "回避认定", FIGURE_NONE},
    {"triage", "待分派", FIGURE_NONE},
    {"related", "串并", FIGURE_NONE},
    {"merged", "并案", FIGURE_NONE},
    {"assigned", "交办", FIGURE_NONE},
    {"reassigned", "转办", FIGURE_NONE},
    {"accepted", "签收", FIGURE_NONE},
    {"feedback", "反馈", FIGURE_NONE},
    {"returned", "退回", FIGURE_NONE},
    {"recused", "回避", FIGURE_NONE},
    {"extend-asked", "申请延期", FIGURE_NONE},
    {"extend-refused", "不同意延期", FIGURE_NONE},
    {"extended", "延期", FIGURE_NONE},
    {"suspend-asked", "申请挂账", FIGURE_NONE},
    {"suspend-refused", "不同意挂账", FIGURE_NONE},
    {"suspended", "挂账", FIGURE_NONE},
    {"transferred", "移送", FIGURE_TRANSFERRED},
    {"transfer", "移送", FIGURE_TRANSFERRED},
    {"substantiated", "查实办结", FIGURE_NONE},
    {"unsubstantiated", "查否办结", FIGURE_NONE},
    {"reopened", "重新办理", FIGURE_NONE},
    {"assisted", "配合查办案件", FIGURE_ASSISTED},
    {"deadline-moved", "期限变动", FIGURE_NONE},
    {"time-rules", "时限规则变动", FIGURE_NONE},
    {"released", "放行附件", FIGURE_NONE},
    {"reply", "回信", FIGURE_NONE},
    {"reply-refused", "回信未采纳", FIGURE_NONE},
    {"not-done", "指令未执行", FIGURE_NONE},
    {"undelivered", "通知未送达", FIGURE_NONE},
    {"reviewed", "办结复核", FIGURE_NONE},
    {"followup", "举报人补充", FIGURE_NONE},
    {"reporter-seen", "查看举报人", FIGURE_NONE},
    {"unit-report", "收到单位月报", FIGURE_NONE},
    {"unit-note", "单位来信", FIGURE_NONE},
    {"unit-report-refused", "退回单位月报", FIGURE_NONE},
    {"quarantined", "来信隔离", FIGURE_NONE},
    {"regulation", "出台监管措施", FIGURE_REGULATION},
    {"regulation-withdrawn", "撤销监管措施登记", FIGURE_NONE},
    {"filed", "报表归档", FIGURE_NONE},
    {"major", "重大信息报送", FIGURE_NONE},
    {"daily-sheet", "每日情况已发", FIGURE_NONE},
};

const struct event_kind *
event_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const char *
event_kind_title(const char *name)
{
	const struct event_kind *k = event_kind_find(name);
	int i;

	if (k != NULL)
		return k->title;
	if ((i = urge_by_name(name)) >= 0)
		return urge_title((enum urge_step)i);
	if ((i = command_by_name(name)) >= 0)
		return command_title((enum command_verb)i);
	if ((i = clue_action_by_name(name)) >= 0)
		return clue_action_title((enum clue_action)i);
	if ((i = clue_state_by_name(name)) >= 0)
		return clue_state_title((enum clue_state)i);
	return name;
}

static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool
event_is_assignment(const char *name)
{
	static const char *const names[] = {
	    "assigned", "assign", "reassigned", "reassign", NULL};

	return is_one_of(name, names);
}

bool
event_is_return(const char *name)
{
	static const char *const names[] = {"returned", "return", NULL};

	return is_one_of(name, names);
}

bool
event_is_urging(const char *name)
{
	return urge_by_name(name) >= 0;
}

bool
event_is_extension(const char *name)
{
	/* What was granted, not what was asked for. */
	static const char *const names[] = {"extended", "grant", NULL};

	return is_one_of(name, names);
}
