/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/act_inside.h"
#include "core/ladder.h"
#include "core/major.h"
#include "core/notice.h"
#include "core/take.h"
#include "follow/recipients.h"
#include "store/citizen.h"

static const struct person_conf *
person_of(const struct act *x, int person)
{
	return &x->c->conf->roster.persons[person];
}

int
act_office(const struct act *x)
{
	struct recipients to;

	ladder_people(x->c->conf, &x->clue, LADDER_OFFICE, x->now_s, &to);
	return to.n > 0 ? to.person[0] : -1;
}

int
act_tell_office(struct act *x, const char *template_id, const char *what,
    struct err *err)
{
	const struct person_conf *persons = x->c->conf->roster.persons;
	int office = act_office(x);

	if (office < 0 || office == x->actor->person)
		return 0;
	if (what != NULL && x->clue.discipline &&
	    persons[office].kind != PERSON_DISCIPLINE)
		what = arena_printf(x->arena, "%.*s\n（由纪检办理，内容略）",
		    (int)strcspn(what, "\n"), what);
	if (what == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return act_tell(x, template_id, office, COMMAND_BY_OFFICE, what, err);
}

static int
acting(const struct act *x)
{
	struct recipients to;

	ladder_people(x->c->conf, &x->clue, LADDER_OFFICER, x->now_s, &to);
	return to.acting;
}

static const char *
id_of(const struct act *x, int person)
{
	return person < 0 ? "" : person_of(x, person)->id;
}

/* Who stands by and who leads where this person has a duty: of this domain and
 * area if there is one, of any other else. */
static void
find_duty(struct act *x, int person)
{
	const struct conf *conf = x->c->conf;
	int domain = conf_domain(conf, x->clue.domain);
	int area = conf_area(conf, x->clue.area);
	const struct duty_conf *found = NULL;

	for (size_t i = 0; i < conf->roster.n_duties; i++) {
		const struct duty_conf *d = &conf->roster.duties[i];

		if (d->officer != person)
			continue;
		if (found == NULL)
			found = d;
		if ((d->domain < 0 || d->domain == domain) &&
		    (d->area < 0 || d->area == area)) {
			found = d;
			break;
		}
	}
	x->clue.deputy = id_of(x, found == NULL ? -1 : found->deputy);
	x->clue.leader = id_of(x, found == NULL ? -1 : found->leader);
}

static int
send_notice(struct act *x, const char *template_id, int person,
    const char *people_why, const char *cause, struct err *err)
{
	const struct notice_request r = {
	    .clue = &x->clue,
	    .person = person,
	    .template_id = template_id,
	    .people_why = people_why,
	    .cause = cause,
	    .now_s = x->now_s,
	};

	return notice_again(x->c, &r, x->arena, err);
}

int
act_hand(struct act *x, int person, const char *kind, const char *why,
    struct err *err)
{
	const char *before = x->clue.officer, *id = person_of(x, person)->id;
	bool first = x->clue.dispatched_s == 0;
	int to;

	if (strcmp(before, id) != 0 &&
	    store_letters_cancel(x->c->store, x->clue.id, before, err) < 0)
		return -1;
	x->clue.officer = id;
	find_duty(x, person);
	x->clue.triage = false;
	x->clue.discipline = person_of(x, person)->kind == PERSON_DISCIPLINE;
	if (first)
		x->clue.dispatched_s = x->now_s;
	if (act_save(x, err) < 0 || (first && act_plan(x, err) < 0) ||
	    act_event(x, kind, arena_printf(x->arena, "%s: %s", id, why), err) <
		0)
		return -1;
	to = acting(x);
	if (to < 0)
		return 0;
	if (send_notice(x, "notice", to, why, "", err) < 0)
		return -1;
	return major_tell_head(
	    x->c, &x->clue, to, x->now_s, x->arena, err);
}

int
act_to_office(struct act *x, const char *cause, struct err *err)
{
	const char *before = x->clue.officer;
	int office;

	x->clue.discipline = false;
	office = act_office(x);
	if (store_letters_cancel(x->c->store, x->clue.id, before, err) < 0)
		return -1;
	x->clue.officer = id_of(x, office);
	x->clue.deputy = x->clue.leader = "";
	x->clue.triage = true;
	if (act_save(x, err) < 0)
		return -1;
	return office < 0 ? 0
			  : send_notice(x, "triage", office, "", cause, err);
}

/* -- whom a command names -------------------------------------------------- */

static const char *
not_him(struct act *x, int person)
{
	const struct person_conf *p = person_of(x, person);
	bool office = x->actor->by == COMMAND_BY_OFFICE;

	if (strcmp(p->id, x->clue.officer) == 0 && !x->clue.triage)
		return arena_printf(x->arena, "该线索现在就由%s承办", p->name);
	/* Nobody but the office learns why. */
	if (!office && p->kind == PERSON_OFFICE)
		return "退给专班请用“退回 理由”";
	if (!office && (act_is_excluded(x, person) || act_is_absent(x, person)))
		return arena_printf(x->arena,
		    "%s目前不能承办这条线索，请改写他人，或用“退回 理由”",
		    p->name);
	if (act_is_excluded(x, person))
		return arena_printf(x->arena, "%s须回避这条线索", p->name);
	if (x->clue.discipline && p->kind != PERSON_DISCIPLINE && office)
		return "该线索由纪检承办，须由纪检退回或转办";
	return NULL;
}

const char *
act_target(struct act *x, int *person_out, const char **rest_out)
{
	const char *target = x->command->target;
	int person = command_person(x->c->conf, target, rest_out);

	if (person == -1)
		return arena_printf(
		    x->arena, "名册中没有“%s”，请写全名", act_line(x, target));
	if (person < 0)
		return arena_printf(
		    x->arena, "“%s”不止一人，请写全名", act_line(x, target));
	*person_out = person;
	return not_him(x, person);
}

/* What was written behind the name and below. */
static const char *
words(struct act *x, const char *rest)
{
	const char *text = x->command->text;

	return act_line(x, rest[0] == '\0' ? text
			   : text[0] == '\0'
			       ? rest
			       : arena_printf(x->arena, "%s %s", rest, text));
}

/* Who lost it hears of it, but nobody who is kept out, and nothing of what
 * discipline has. */
static int
tell_former(struct act *x, const char *before, struct err *err)
{
	int person = conf_person(x->c->conf, before);

	if (person < 0 || person == x->actor->person ||
	    person_of(x, person)->kind != PERSON_OFFICER ||
	    act_is_excluded(x, person) || x->clue.discipline ||
	    strcmp(before, x->clue.officer) == 0)
		return 0;
	return act_tell(x, "ruling", person, COMMAND_BY_OFFICER,
	    "该线索已由专班另行分派，您无需继续办理。", err);
}

static int
give(struct act *x, int person, const char *kind, const char *rest,
    struct err *err)
{
	const char *before = x->clue.officer, *why = words(x, rest);
	bool was_with_officer = !x->clue.triage;

	if (why == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	why = arena_printf(x->arena, "%s%s%s", act_who(x),
	    command_title(x->command->verb),
	    why[0] != '\0' ? arena_printf(x->arena, "：%s", why) : "");
	if (why == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (act_hand(x, person, kind, why, err) < 0 ||
	    (was_with_officer && tell_former(x, before, err) < 0))
		return -1;
	return act_say(x, err, "已交%s承办。%s", person_of(x, person)->name,
	    act_is_absent(x, person) ? "本人外出，通知已发给代办人员。" : "");
}

int
act_assign(struct act *x, struct err *err)
{
	const char *rest = "", *wrong;
	int person = -1;

	wrong = act_target(x, &person, &rest);
	if (wrong != NULL)
		return act_refuse(x, err, "%s，没有执行。", wrong);
	if (act_move(x, ACT_ASSIGN) < 0 && act_move(x, ACT_REASSIGN) < 0)
		return act_illegal(x, err);
	return give(x, person, "assigned", rest, err);
}

int
act_reassign(struct act *x, struct err *err)
{
	const char *rest = "", *wrong;
	int person = -1;

	wrong = act_target(x, &person, &rest);
	if (wrong != NULL)
		return act_refuse(x, err, "%s，没有执行。", wrong);
	if (act_move(x, ACT_REASSIGN) < 0)
		return act_illegal(x, err);
	return give(x, person, "reassigned", rest, err);
}

/* -- 退回 ------------------------------------------------------------------ */

/* So often a clue may come back; then the office has it for good. */
#define RETURNS_MOST 3

int
act_return(struct act *x, struct err *err)
{
	const char *why = act_line(x, x->command->text), *cause;
	struct act_history h;
	bool last;

	if (act_history(x, &h, err) < 0)
		return -1;
	if (h.returned >= RETURNS_MOST)
		return act_refuse(x, err,
		    "该线索已退回%d次，不能再退回，没有执行；确有困难的，"
		    "请与专班联系。",
		    RETURNS_MOST);
	if (act_move(x, ACT_RETURN) < 0)
		return act_illegal(x, err);
	last = h.returned + 1 == RETURNS_MOST;
	cause = arena_printf(x->arena, "%s第%u次退回：%s%s", act_who(x),
	    h.returned + 1, why != NULL ? why : "",
	    last ? "（已退回三次，请专班直接办理或指定专人，此后不得再退回）"
		 : "");
	if (cause == NULL || why == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (act_event(x, "returned", why, err) < 0 ||
	    act_to_office(x, cause, err) < 0)
		return -1;
	return act_say(x, err, "已退回专班%s。期限不重新计算。",
	    last ? "，由专班直接处理" : "");
}

/* -- 回避 ------------------------------------------------------------------ */

/* Whom the command takes out: the one it names, or who wrote it. */
static int
find_recused(struct act *x, const char **wrong_out)
{
	const char *rest;
	int person = x->actor->person;

	*wrong_out = NULL;
	if (x->command->target[0] != '\0') {
		person = command_person(x->c->conf, x->command->target, &rest);
		if (person < 0)
			*wrong_out = "名册中没有这个人，请写全名";
	} else if (person < 0) {
		person = conf_person(x->c->conf, x->clue.officer);
		if (person < 0)
			*wrong_out = "请写明由谁回避";
	}
	return person;
}

static void
take_out(struct act *x, const char *id)
{
	if (strcmp(x->clue.deputy, id) == 0)
		x->clue.deputy = "";
	if (strcmp(x->clue.leader, id) == 0)
		x->clue.leader = "";
}

/* Next in line: deputy, leader; for discipline another one of it. */
static int
next_in_line(struct act *x)
{
	const struct roster_conf *r = &x->c->conf->roster;
	const char *const ids[] = {x->clue.deputy, x->clue.leader};

	for (size_t i = 0; i < 2 && !x->clue.discipline; i++) {
		int p = conf_person(x->c->conf, ids[i]);

		if (p >= 0 && !act_is_excluded(x, p) && !act_is_absent(x, p))
			return p;
	}
	for (size_t i = 0; i < r->n_persons && x->clue.discipline; i++)
		if (r->persons[i].kind == PERSON_DISCIPLINE &&
		    !act_is_excluded(x, (int)i) && !act_is_absent(x, (int)i))
			return (int)i;
	return -1;
}

/* The officer himself is out. */
static int
hand_on(struct act *x, const char *name, struct act_history *h, struct err *err)
{
	bool rested = strcmp(x->clue.state, "suspended") == 0;
	bool with_office = act_move(x, ACT_RECUSE) < 0;
	int next = with_office ? -1 : next_in_line(x);

	if (rested && act_resume(x, h->suspended_s, err) < 0)
		return -1;
	if (next >= 0 && act_move(x, ACT_ASSIGN) >= 0)
		return act_hand(x, next, "assigned", "原责任人回避", err);
	return act_to_office(x,
	    arena_printf(x->arena, "%s回避，没有其他可承办的人员", name), err);
}

static int
write_recusal(struct act *x, const char *id, struct err *err)
{
	const char *why = act_line(x, x->command->text);

	x->clue.excluded = arena_printf(x->arena, "%s%s%s: 回避",
	    x->clue.excluded, x->clue.excluded[0] != '\0' ? "; " : "", id);
	if (x->clue.excluded == NULL || why == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	take_out(x, id);
	if (store_letters_cancel(x->c->store, x->clue.id, id, err) < 0)
		return -1;
	return act_event(
	    x, "recused", arena_printf(x->arena, "%s: %s", id, why), err);
}

/* Somebody else stood in: the next one does now. */
static int
next_stands_in(struct act *x, struct err *err)
{
	int state = clue_state_by_name(x->clue.state), to;

	if (act_save(x, err) < 0)
		return -1;
	to = acting(x);
	if (to < 0 || state < 0 || clue_state_is_final((enum clue_state)state))
		return 0;
	return send_notice(x, "notice", to, "原承办人员回避", "", err);
}

int
act_recuse(struct act *x, struct err *err)
{
	const char *wrong, *id, *name;
	struct act_history h;
	int person = find_recused(x, &wrong), state;
	bool has_it, stood_in;

	if (wrong != NULL)
		return act_refuse(x, err, "%s，没有执行。", wrong);
	if (act_is_excluded(x, person))
		return act_refuse(x, err, "此前已经回避。");
	if (act_history(x, &h, err) < 0)
		return -1;
	id = person_of(x, person)->id;
	name = person_of(x, person)->name;
	state = clue_state_by_name(x->clue.state);
	has_it = strcmp(x->clue.officer, id) == 0;
	stood_in = acting(x) == person;
	if (write_recusal(x, id, err) < 0)
		return -1;
	/* What is closed stays closed; he is kept out of what may come. */
	if (has_it && state >= 0 &&
	    !clue_state_is_final((enum clue_state)state)) {
		if (hand_on(x, name, &h, err) < 0)
			return -1;
	} else if (stood_in) {
		if (next_stands_in(x, err) < 0)
			return -1;
	} else if (act_save(x, err) < 0) {
		return -1;
	}
	return act_say(
	    x, err, "%s已回避，此后不再收到该线索的任何信息。", name);
}
