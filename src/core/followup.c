/* SPDX-License-Identifier: ISC */
#include "core/followup.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/dispatch.h"
#include "core/ladder.h"
#include "core/letters.h"
#include "core/letters_citizen.h"
#include "core/take.h"
#include "follow/clue.h"
#include "follow/query.h"
#include "follow/recipients.h"
#include "hide/hide.h"
#include "letter/letter.h"
#include "parse/message.h"
#include "route/route.h"
#include "store/citizen.h"
#include "store/store.h"

struct following {
	const struct take_context *c;
	const struct followup_input *in;
	struct arena *arena;
	struct clue_record clue;
	const struct route_accused *accused; /* new ones only */
	size_t n_accused;
	bool moved; /* to discipline or the office, because of them */
	int acting; /* who is told */
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static int
add_event(struct following *f, const char *kind, const char *actor,
    const char *detail, struct err *err)
{
	const struct event_record e = {.clue = f->clue.id,
	    .at_s = f->in->now_s,
	    .kind = kind,
	    .actor = actor,
	    .detail = detail};

	return detail == NULL ? no_memory(err)
			      : store_event_add(f->c->store, &e, err);
}

/* -- whom it accuses ------------------------------------------------------- */

/* Leaves those whom the clue keeps out already. */
static int
find_accused(struct following *f, struct err *err)
{
	const struct roster_conf *roster = &f->c->conf->roster;
	const struct route_accused *all;
	struct route_accused *new;
	size_t n;

	if (dispatch_accused(f->c, f->in->message, f->arena, &all, &n, err) <
	    0)
		return -1;
	new = arena_array(f->arena, n, sizeof(*new));
	if (new == NULL)
		return no_memory(err);
	for (size_t i = 0; i < n; i++)
		if (!recipients_excluded(f->clue.excluded,
			roster->persons[all[i].person].id))
			new[f->n_accused++] = all[i];
	f->accused = new;
	return 0;
}

static int
keep_out(struct following *f, struct err *err)
{
	const struct roster_conf *roster = &f->c->conf->roster;
	BUF_AUTO struct buf b = BUF_INIT;
	size_t start;

	buf_adds(&b, f->clue.excluded);
	if (b.len > 0)
		buf_adds(&b, "; ");
	start = b.len;
	for (size_t i = 0; i < f->n_accused; i++)
		buf_addf(&b, "%s%s: %s%s", i > 0 ? "; " : "",
		    roster->persons[f->accused[i].person].id,
		    f->accused[i].why, f->accused[i].sure ? "" : " (?)");
	f->clue.excluded =
	    buf_bad(&b) ? NULL : arena_strdup(f->arena, buf_str(&b));
	if (f->clue.excluded == NULL)
		return no_memory(err);
	return add_event(
	    f, "excluded", "clued", f->clue.excluded + start, err);
}

/* 2 = surely accused, 1 = perhaps, 0 = not: officer, deputy and leader. */
static int
holders_accused(struct following *f)
{
	const struct roster_conf *roster = &f->c->conf->roster;
	int level = 0;

	for (size_t i = 0; i < f->n_accused; i++) {
		const char *id = roster->persons[f->accused[i].person].id;

		if (strcmp(id, f->clue.officer) != 0 &&
		    strcmp(id, f->clue.deputy) != 0 &&
		    strcmp(id, f->clue.leader) != 0)
			continue;
		if (f->accused[i].sure)
			return 2;
		level = 1;
	}
	return level;
}

static int
give_up_letters(struct following *f, struct err *err)
{
	const char *const ids[] = {
	    f->clue.officer, f->clue.deputy, f->clue.leader};

	for (size_t i = 0; i < 3; i++)
		if (ids[i][0] != '\0' &&
		    recipients_excluded(f->clue.excluded, ids[i]) &&
		    store_letters_cancel(
			f->c->store, f->clue.id, ids[i], err) < 0)
			return -1;
	return 0;
}

static bool
has_ended(const struct clue_record *clue)
{
	int state = clue_state_by_name(clue->state);

	return state >= 0 && clue_state_is_final((enum clue_state)state);
}

static int
find_acting(struct following *f)
{
	const struct conf *conf = f->c->conf;
	int state = clue_state_by_name(f->clue.state);
	const struct recipients_clue who = {
	    .officer = f->clue.officer,
	    .deputy = f->clue.deputy,
	    .leader = f->clue.leader,
	    .excluded = f->clue.excluded,
	    .discipline = f->clue.discipline,
	    .with_office = state == CLUE_NEW || state == CLUE_RETURNED ||
		(has_ended(&f->clue) && !f->clue.discipline),
	};
	struct recipients to;

	recipients_find(conf, &who, LADDER_OFFICER,
	    zone_day(conf->zone, f->in->now_s), &to);
	return to.acting >= 0 ? to.acting : conf->roster.office;
}

/* Discipline takes it over; the office, when a common name leaves it open.
 * The clocks run on. */
static int
hand_over(struct following *f, bool sure, struct err *err)
{
	const struct roster_conf *roster = &f->c->conf->roster;
	struct clue_record *clue = &f->clue;
	int to = sure ? roster->discipline : roster->office;

	if (give_up_letters(f, err) < 0)
		return -1;
	clue->officer = to < 0 ? "" : roster->persons[to].id;
	clue->deputy = clue->leader = "";
	clue->discipline = sure;
	clue->triage = !sure;
	clue->state = clue_state_name(sure ? CLUE_ASSIGNED : CLUE_NEW);
	clue->officer = roster->persons[find_acting(f)].id;
	clue->why = arena_printf(f->arena, "补充来信%s责任人，%s",
	    sure ? "举报" : "疑似举报", sure ? "交纪检" : "待核实是否回避");
	f->moved = true;
	if (clue->why == NULL)
		return no_memory(err);
	return add_event(f, sure ? "assigned" : "triage", "clued",
	    arena_printf(f->arena, "%s: %s", clue->officer, clue->why), err);
}

static int
heed_accused(struct following *f, struct err *err)
{
	int level;

	if (find_accused(f, err) < 0)
		return -1;
	if (f->n_accused == 0)
		return 0;
	if (keep_out(f, err) < 0)
		return -1;
	level = has_ended(&f->clue) || f->clue.discipline
	    ? 0
	    : holders_accused(f);
	if (level > 0 && hand_over(f, level == 2, err) < 0)
		return -1;
	return store_clue_update(f->c->store, &f->clue, err);
}

/* -- the letter ------------------------------------------------------------ */

/* The first message's reporter, and how he named himself in it; behind it, the
 * other addresses that it came with. */
#define N_FIRST 2

static int
find_first(
    struct following *f, struct hide_person out[N_FIRST], struct err *err)
{
	struct reporter_record r = {.address = ""};
	int rc = f->clue.message == 0
	    ? 0
	    : store_reporter_use(
		  f->c->store, f->clue.message, f->arena, &r, err);

	out[0] = (struct hide_person){"", "", "", "", f->clue.text};
	out[1] = (struct hide_person){"", "", "", "", ""};
	if (rc == 1) {
		out[0] = (struct hide_person){r.address, r.name, r.reply_to,
		    r.signature, f->clue.text};
		out[1].address = r.sender;
		out[1].reply_to = r.return_path;
	}
	return rc < 0 ? -1 : 0;
}

static int
hide(struct following *f, const struct hide_person *first, const char *text,
    const char **out, struct err *err)
{
	BUF_AUTO struct buf masked = BUF_INIT;
	BUF_AUTO struct buf b = BUF_INIT;

	query_mask(text, f->in->code, HIDDEN_MARK, &masked);
	if (buf_bad(&masked))
		return no_memory(err);
	hide_citizen_also(
	    f->in->message, first, N_FIRST, buf_str(&masked), &b);
	*out = buf_bad(&b) ? NULL : arena_strdup(f->arena, buf_str(&b));
	return *out == NULL ? no_memory(err) : 0;
}

/* What the citizen was asked last, for the one who asked. */
static int
find_question(struct following *f, const char **out, struct err *err)
{
	struct event_record *list;
	size_t n;

	*out = "";
	if (strcmp(f->in->answered, LETTER_ACK_QUESTION) != 0)
		return 0;
	if (store_events(
		f->c->store, f->clue.id, f->arena, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].kind, EVENT_CITIZEN_ASKED) == 0)
			*out = list[i].detail;
	return 0;
}

/* Who has it now has not seen the tip: its words go along. */
static int
whole_text(struct following *f, const struct hide_person *first,
    const char *text, const char **out, struct err *err)
{
	const char *before;

	*out = text;
	if (!f->moved)
		return 0;
	if (hide(f, first, f->clue.text, &before, err) < 0)
		return -1;
	*out = arena_printf(
	    f->arena, "%s\n\n原来信：\n%s", text, before);
	return *out == NULL ? no_memory(err) : 0;
}

static int
tell(struct following *f, struct err *err)
{
	const struct conf *conf = f->c->conf;
	int domain = conf_domain(conf, f->clue.domain);
	int area = conf_area(conf, f->clue.area);
	int state = clue_state_by_name(f->clue.state);
	struct letter_field more[] = {
	    {"state", state < 0 ? f->clue.state
				: clue_state_title((enum clue_state)state)},
	    {"question", ""},
	};
	struct letters_notice n = {
	    .clue = &f->clue,
	    .person = f->acting,
	    .template_id = "followup",
	    .domain_title = domain < 0 ? f->clue.domain
				       : conf->rules.domains[domain].title,
	    .area_name = area < 0 ? "" : conf->areas[area].name,
	    .why = "",
	    .people_why = "",
	    .priority = ladder_class(conf, &f->clue) == &conf->classes[1],
	    .message = f->in->message,
	    .more = more,
	    .n_more = sizeof(more) / sizeof(more[0]),
	    .now_s = f->in->now_s,
	};
	/* The letter's time of arrival is this mail's. */
	struct clue_record now = f->clue;
	struct hide_person first[N_FIRST];

	now.received_s = f->in->now_s;
	n.clue = &now;
	if (find_first(f, first, err) < 0 ||
	    find_question(f, &more[1].value, err) < 0 ||
	    hide(f, first, f->in->message->subject, &n.subject, err) < 0 ||
	    hide(f, first, f->in->message->text, &n.text, err) < 0 ||
	    whole_text(f, first, n.text, &n.text, err) < 0)
		return -1;
	return letters_notice(f->c, &n, f->arena, err);
}

static int
enter(struct following *f, struct err *err)
{
	return add_event(f, "followup", "reporter",
	    arena_printf(f->arena, "message %lld%s", (long long)f->in->row,
		f->in->by_code ? ", by number and query code"
		    : strcmp(f->in->answered, LETTER_ACK_QUESTION) == 0
		    ? ", answers a question"
		    : ""),
	    err);
}

int
followup_take(const struct take_context *c, const struct followup_input *in,
    struct arena *a, const char **number_out, struct err *err)
{
	struct following f = {.c = c, .in = in, .arena = a};
	int rc = store_clue_by_id(c->store, in->clue, a, &f.clue, err);

	if (rc == 0)
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "a follow-up of a clue that is not there");
	if (rc < 0 ||
	    store_message_set_clue(c->store, in->row, in->clue, err) < 0 ||
	    enter(&f, err) < 0 || heed_accused(&f, err) < 0)
		return err_at(err, "follow-up");
	f.acting = find_acting(&f);
	if (tell(&f, err) < 0)
		return err_at(err, "follow-up");
	*number_out = f.clue.number;
	return 0;
}
