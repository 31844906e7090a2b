/* SPDX-License-Identifier: ISC */
#include "follow/clue.h"

#include <string.h>

static const struct {
	const char *name;
	const char *title;
	bool final;
} states[CLUE_STATE_COUNT] = {
    [CLUE_NEW] = {"new", "待分派", false},
    [CLUE_ASSIGNED] = {"assigned", "已交办", false},
    [CLUE_ACCEPTED] = {"accepted", "已签收", false},
    [CLUE_VERIFYING] = {"verifying", "核查中", false},
    [CLUE_TRANSFERRED] = {"transferred", "已移送", true},
    [CLUE_SUBSTANTIATED] = {"substantiated", "查实办结", true},
    [CLUE_UNSUBSTANTIATED] = {"unsubstantiated", "查否办结", true},
    [CLUE_NOT_APPLICABLE] = {"not-applicable", "不属于涉黑涉恶", true},
    [CLUE_DUPLICATE] = {"duplicate", "重复", true},
    [CLUE_RETURNED] = {"returned", "退回", false},
    [CLUE_SUSPENDED] = {"suspended", "挂账", false},
    [CLUE_REOPENED] = {"reopened", "重新办理", false},
};

static const struct {
	const char *name;
	const char *title;
} actions[ACT_COUNT] = {
    [ACT_ASSIGN] = {"assign", "分派"},
    [ACT_ACCEPT] = {"accept", "签收"},
    [ACT_FEEDBACK] = {"feedback", "反馈"},
    [ACT_RETURN] = {"return", "退回"},
    [ACT_REASSIGN] = {"reassign", "转办"},
    [ACT_EXTEND] = {"extend", "延期"},
    [ACT_SUSPEND] = {"suspend", "挂账"},
    [ACT_TRANSFER] = {"transfer", "移送"},
    [ACT_SUBSTANTIATED] = {"substantiated", "查实"},
    [ACT_UNSUBSTANTIATED] = {"unsubstantiated", "查否"},
    [ACT_NOT_APPLICABLE] = {"not-applicable", "不属于"},
    [ACT_DUPLICATE] = {"duplicate", "重复"},
    [ACT_REOPEN] = {"reopen", "重新办理"},
    [ACT_RECUSE] = {"recuse", "回避"},
};

/*
 * What each state allows and where it leads; 0 is "not legal" because no
 * action leads back to CLUE_NEW.  The reasons behind the rows:
 * - a clue with the office (new, returned) has no officer yet: only the
 *   office's own decisions are legal;
 * - an officer who reports or concludes without 签收 has accepted by doing;
 * - 回避 and 退回 both put it on the office's desk;
 * - 挂账 keeps hearing feedback, and may be concluded without reopening;
 * - after an outcome only reopening is left.
 */
#define OUTCOMES \
	[ACT_TRANSFER] = CLUE_TRANSFERRED, \
	[ACT_SUBSTANTIATED] = CLUE_SUBSTANTIATED, \
	[ACT_UNSUBSTANTIATED] = CLUE_UNSUBSTANTIATED, \
	[ACT_NOT_APPLICABLE] = CLUE_NOT_APPLICABLE, \
	[ACT_DUPLICATE] = CLUE_DUPLICATE
#define OFFICER_MAY(self) \
	[ACT_FEEDBACK] = CLUE_VERIFYING, [ACT_RETURN] = CLUE_RETURNED, \
	[ACT_REASSIGN] = CLUE_ASSIGNED, [ACT_EXTEND] = (self), \
	[ACT_SUSPEND] = CLUE_SUSPENDED, [ACT_RECUSE] = CLUE_RETURNED, \
	OUTCOMES
#define OFFICE_MAY \
	[ACT_ASSIGN] = CLUE_ASSIGNED, [ACT_TRANSFER] = CLUE_TRANSFERRED, \
	[ACT_NOT_APPLICABLE] = CLUE_NOT_APPLICABLE, \
	[ACT_DUPLICATE] = CLUE_DUPLICATE

static const unsigned char next_state[CLUE_STATE_COUNT][ACT_COUNT] = {
    [CLUE_NEW] = {OFFICE_MAY},
    [CLUE_ASSIGNED] = {[ACT_ACCEPT] = CLUE_ACCEPTED,
        OFFICER_MAY(CLUE_ASSIGNED)},
    [CLUE_ACCEPTED] = {OFFICER_MAY(CLUE_ACCEPTED)},
    [CLUE_VERIFYING] = {OFFICER_MAY(CLUE_VERIFYING)},
    [CLUE_TRANSFERRED] = {[ACT_REOPEN] = CLUE_REOPENED},
    [CLUE_SUBSTANTIATED] = {[ACT_REOPEN] = CLUE_REOPENED},
    [CLUE_UNSUBSTANTIATED] = {[ACT_REOPEN] = CLUE_REOPENED},
    [CLUE_NOT_APPLICABLE] = {[ACT_REOPEN] = CLUE_REOPENED},
    [CLUE_DUPLICATE] = {[ACT_REOPEN] = CLUE_REOPENED},
    [CLUE_RETURNED] = {OFFICE_MAY},
    [CLUE_SUSPENDED] = {[ACT_FEEDBACK] = CLUE_SUSPENDED,
        [ACT_REOPEN] = CLUE_REOPENED, [ACT_RECUSE] = CLUE_RETURNED,
        OUTCOMES},
    [CLUE_REOPENED] = {[ACT_ASSIGN] = CLUE_ASSIGNED,
        [ACT_ACCEPT] = CLUE_ACCEPTED, OFFICER_MAY(CLUE_REOPENED)},
};

const char *
clue_state_name(enum clue_state s)
{
	return (unsigned)s < CLUE_STATE_COUNT ? states[s].name : "unknown";
}

const char *
clue_state_title(enum clue_state s)
{
	return (unsigned)s < CLUE_STATE_COUNT ? states[s].title : "未知";
}

int
clue_state_by_name(const char *name)
{
	for (int i = 0; i < CLUE_STATE_COUNT; i++)
		if (strcmp(states[i].name, name) == 0)
			return i;
	return -1;
}

bool
clue_state_is_final(enum clue_state s)
{
	return (unsigned)s < CLUE_STATE_COUNT && states[s].final;
}

const char *
clue_action_name(enum clue_action a)
{
	return (unsigned)a < ACT_COUNT ? actions[a].name : "unknown";
}

const char *
clue_action_title(enum clue_action a)
{
	return (unsigned)a < ACT_COUNT ? actions[a].title : "未知";
}

int
clue_action_by_name(const char *name)
{
	for (int i = 0; i < ACT_COUNT; i++)
		if (strcmp(actions[i].name, name) == 0)
			return i;
	return -1;
}

int
clue_next(enum clue_state s, enum clue_action a)
{
	if ((unsigned)s >= CLUE_STATE_COUNT || (unsigned)a >= ACT_COUNT ||
	    next_state[s][a] == CLUE_NEW)
		return -1;
	return next_state[s][a];
}
