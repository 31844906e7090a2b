/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include <stdio.h>

#include "conf/conf.h"
#include "core/act.h"
#include "core/obey.h"
#include "core/pipeline.h"
#include "core/take.h"
#include "core/turn.h"
#include "follow/clue.h"
#include "parse/message.h"
#include "route/route.h"
#include "store/books.h"

/* Acts on a real store with the shipped configuration: what each command does
 * in each state, and what forged codes do. */

#define NOW 1791770400 /* 2026-10-12 10:00 in China, a Monday */
#define DAY 86400

struct office {
	struct world *w;
	struct conf *conf;
	struct route *route;
	struct take_context c;
};

static void
office_open(struct office *o, struct world *w)
{
	const struct conf_options how = {.no_secrets = true};
	struct conf_mistakes mistakes;

	*o = (struct office){.w = w};
	assert_int_equal(
	    conf_load_with("etc/clued.conf", &how, &o->conf, &mistakes), 0);
	conf_mistakes_done(&mistakes);
	o->conf->store.path = w->path;
	ok(w, route_new(o->conf, &o->route, &w->err));
	o->c = (struct take_context){
	    .conf = o->conf, .route = o->route, .store = w->s};
}

static void
office_close(struct office *o)
{
	route_free(&o->route);
	conf_free(&o->conf);
}

static void
add_event(struct office *o, int64_t clue, const char *kind, const char *detail)
{
	const struct event_record e = {.clue = clue,
	    .at_s = NOW,
	    .kind = kind,
	    .actor = "clued",
	    .detail = detail};

	ok(o->w, store_event_add(o->w->s, &e, &o->w->err));
}

/* A clue of LU Wenbo's in that state, as the ledger would have it. */
static struct clue_record
put_in_state(struct office *o, enum clue_state state)
{
	static const char *const ends[] = {"accept", "feedback", "conclude"};
	struct clue_record r = sample_clue();
	bool open = !clue_state_is_final(state) && state != CLUE_NEW;

	r.officer = "lu-wenbo";
	r.deputy = "fang-zheng";
	r.leader = "yan-ruoxi";
	r.state = clue_state_name(state);
	r.received_s = NOW - DAY;
	r.dispatched_s = state == CLUE_NEW ? 0 : NOW - DAY;
	r.id = put_clue(o->w, r);
	for (int k = 0; k < 3; k++)
		if (state != CLUE_NEW)
			put_deadline(o->w, r.id, ends[k], NOW + (k + 3) * DAY,
			    open ? 0 : NOW - 1, open ? NOW + DAY : 0);
	add_event(o, r.id, "assigned", "lu-wenbo: test");
	if (state == CLUE_SUSPENDED)
		add_event(o, r.id, "suspended", "test");
	assert_int_equal(store_clue_by_id(
			     o->w->s, r.id, o->w->a, &r, &o->w->err),
	    1);
	return r;
}

/* -- every command in every state ------------------------------------------ */

#define NO NULL
#define ASSIGNED "assigned"
#define ENDS "transferred", "substantiated", "unsubstantiated", \
	"not-applicable"
static const enum command_verb verbs[] = {VERB_ASSIGN, VERB_ACCEPT,
    VERB_FEEDBACK, VERB_RETURN, VERB_REASSIGN, VERB_EXTEND, VERB_SUSPEND,
    VERB_TRANSFER, VERB_SUBSTANTIATED, VERB_UNSUBSTANTIATED,
    VERB_NOT_APPLICABLE, VERB_DUPLICATE, VERB_REOPEN, VERB_RECUSE,
    VERB_REVIEW, VERB_NOTE};
#define N_VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* The state afterwards; NO = it is not done.  延期 and 挂账 only ask; who
 * stands aside is followed by his deputy. */
#define CLOSED(s) \
	{NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, "reopened", s, \
	    "reopened", s}
static const char *const after[CLUE_STATE_COUNT][N_VERBS] = {
    [CLUE_NEW] = {ASSIGNED, NO, NO, NO, NO, NO, NO, "transferred", NO, NO,
	"not-applicable", "duplicate", NO, "new", NO, "new"},
    [CLUE_ASSIGNED] = {ASSIGNED, "accepted", "verifying", "returned",
	ASSIGNED, ASSIGNED, ASSIGNED, ENDS, "duplicate", NO, ASSIGNED, NO,
	ASSIGNED},
    [CLUE_ACCEPTED] = {ASSIGNED, NO, "verifying", "returned", ASSIGNED,
	"accepted", "accepted", ENDS, "duplicate", NO, ASSIGNED, NO,
	"accepted"},
    [CLUE_VERIFYING] = {ASSIGNED, NO, "verifying", "returned", ASSIGNED,
	"verifying", "verifying", ENDS, "duplicate", NO, ASSIGNED, NO,
	"verifying"},
    [CLUE_TRANSFERRED] = CLOSED("transferred"),
    [CLUE_SUBSTANTIATED] = CLOSED("substantiated"),
    [CLUE_UNSUBSTANTIATED] = CLOSED("unsubstantiated"),
    [CLUE_NOT_APPLICABLE] = CLOSED("not-applicable"),
    [CLUE_DUPLICATE] = CLOSED("duplicate"),
    [CLUE_RETURNED] = {ASSIGNED, NO, NO, NO, NO, NO, NO, "transferred", NO,
	NO, "not-applicable", "duplicate", NO, "returned", NO, "returned"},
    [CLUE_SUSPENDED] = {NO, NO, "suspended", NO, NO, NO, NO, ENDS,
	"duplicate", "reopened", ASSIGNED, NO, "suspended"},
    [CLUE_REOPENED] = {ASSIGNED, "accepted", "verifying", "returned",
	ASSIGNED, "reopened", "reopened", ENDS, "duplicate", NO, ASSIGNED,
	NO, "reopened"},
};

static struct command
complete(enum command_verb v, const char *first)
{
	struct command c = {.verb = v,
	    .line = "",
	    .number = "",
	    .target = "",
	    .text = "经核查，情况如下。",
	    .days = 5};

	if (v == VERB_ASSIGN || v == VERB_REASSIGN)
		c.target = "唐嘉";
	if (v == VERB_TRANSFER)
		c.target = "公安机关";
	if (v == VERB_DUPLICATE)
		c.target = first;
	return c;
}

static size_t
count_events(struct office *o, int64_t clue)
{
	struct event_record *list;
	size_t n;

	ok(o->w, store_events(o->w->s, clue, o->w->a, &list, &n, &o->w->err));
	return n;
}

static size_t
count_open(struct office *o, int64_t clue)
{
	struct deadline_record *list;
	size_t n, open = 0;

	ok(o->w,
	    store_deadlines(o->w->s, clue, o->w->a, &list, &n, &o->w->err));
	for (size_t i = 0; i < n; i++)
		open += list[i].met_s == 0;
	return open;
}

static size_t
count_letters(struct office *o, int64_t clue)
{
	struct letter_record *list;
	size_t n;

	ok(o->w,
	    store_letters(o->w->s, clue, o->w->a, &list, &n, &o->w->err));
	return n;
}

static void
try_verb(struct office *o, const char *first, enum clue_state s, size_t v)
{
	const struct act_actor actor = {"unix:li", -1, COMMAND_BY_OFFICE};
	const struct command c = complete(verbs[v], first);
	struct clue_record before = put_in_state(o, s), now;
	size_t events = count_events(o, before.id);
	struct act x = {
	    .c = &o->c,
	    .actor = &actor,
	    .command = &c,
	    .now_s = NOW,
	    .arena = o->w->a,
	    .clue = before,
	};
	const char *want = after[s][v];

	ok(o->w, act_apply(&x, &o->w->err));
	if (x.done != (want != NULL))
		fail_msg("%s in %s: %s", command_name(c.verb), before.state,
		    x.said);
	assert_true(x.said[0] != '\0');
	assert_int_equal(store_clue_by_id(o->w->s, before.id, o->w->a, &now,
			     &o->w->err),
	    1);
	if (want == NULL) {
		assert_string_equal(now.state, before.state);
		assert_string_equal(now.officer, before.officer);
		assert_int_equal(count_events(o, before.id), events);
		assert_int_equal(count_letters(o, before.id), 0);
		return;
	}
	if (strcmp(now.state, want) != 0)
		fail_msg("%s in %s: became %s, not %s", command_name(c.verb),
		    before.state, now.state, want);
	assert_string_equal(x.clue.state, now.state);
	assert_true(count_events(o, before.id) > events);
	if (clue_state_is_final(
		(enum clue_state)clue_state_by_name(now.state)))
		assert_int_equal(count_open(o, before.id), 0);
	else if (strcmp(now.state, "new") != 0)
		assert_true(count_open(o, before.id) > 0);
	if (c.verb == VERB_RECUSE)
		assert_non_null(strstr(now.excluded, "lu-wenbo: 回避"));
}

static void
every_command_in_every_state(void **state)
{
	struct world *w = *state;
	struct office o;
	int64_t n;
	char head[65];

	office_open(&o, w);
	ok(w, store_begin(w->s, &w->err));
	const char *first = put_in_state(&o, CLUE_ASSIGNED).number;

	for (int s = 0; s < CLUE_STATE_COUNT; s++)
		for (size_t v = 0; v < N_VERBS; v++)
			try_verb(&o, first, (enum clue_state)s, v);
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_chain_check(w->s, &n, head, &w->err));
	office_close(&o);
}

/* -- forged codes ---------------------------------------------------------- */

struct forging {
	struct office *o;
	struct message *m;
	struct clue_record clue;
	char code[TOKEN_SIZE];
	int64_t row;
	const char *from; /* roster id */
	const char *taken; /* the clue that it was taken for */
};

static void
send(struct forging *f, const char *subject, const char *message_id)
{
	static const struct pipeline_source from = {
	    .channel = "mail", .mailbox = "tips", .folder = "INBOX"};
	const char *references[] = {message_id};
	unsigned char key[SHA256_BYTES];
	const struct obey_input in = {
	    .message = f->m,
	    .from = &from,
	    .content_key = key,
	    .row = ++f->row,
	    .person = conf_person(f->o->conf, f->from),
	    .now_s = NOW,
	};
	ARENA_AUTO struct arena *a = arena_new();
	const char *number;

	hash_sha256(&f->row, sizeof(f->row), key);
	f->m->subject = subject;
	f->m->in_reply_to = message_id;
	f->m->references = references;
	f->m->n_references = message_id[0] != '\0';
	ok(f->o->w, obey_reply(&f->o->c, &in, a, &number, &f->o->w->err));
	assert_string_equal(number, f->taken);
}

static void
code_of(struct forging *f, const char *person, int64_t clue, char *out)
{
	const struct conf *conf = f->o->conf;

	ok(f->o->w,
	    turn_code(&f->o->c, clue,
		&conf->roster.persons[conf_person(conf, person)], NOW, out,
		&f->o->w->err));
}

static void
try_code(struct forging *f, const char *code)
{
	char subject[200], plain[TOKEN_SIZE], id[200];
	size_t n = 0;

	for (const char *p = code; *p != '\0'; p++)
		if (*p != '-')
			plain[n++] = *p;
	plain[n] = '\0';
	(void)snprintf(subject, sizeof(subject),
	    "Re: 【线索交办】%s [%s]", f->clue.number, code);
	(void)snprintf(id, sizeof(id),
	    "0123456789abcdef0123456789abcdef.%s@clue.example.com", plain);
	send(f, subject, id);
}

/* One character is another. */
static void
try_neighbours(struct forging *f)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char code[TOKEN_SIZE];

	for (size_t i = 0; i < TOKEN_SIZE - 1; i++) {
		memcpy(code, f->code, sizeof(code));
		for (size_t k = 0; code[i] != '-' && k < 32; k++) {
			code[i] = alphabet[k];
			if (code[i] != f->code[i])
				try_code(f, code);
		}
	}
}

static void
try_random(struct forging *f, size_t n)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint32_t x = 20261128;
	char code[TOKEN_SIZE];

	for (size_t i = 0; i < n; i++) {
		memcpy(code, f->code, sizeof(code));
		for (size_t k = 0; k < TOKEN_SIZE - 1; k++) {
			x = x * 1664525u + 1013904223u;
			if (code[k] != '-')
				code[k] = alphabet[x >> 27];
		}
		if (strcmp(code, f->code) != 0)
			try_code(f, code);
	}
}

static int64_t
count_all_letters(struct world *w)
{
	sqlite3 *db = raw_open(w->path);
	int64_t n = raw_number(db, "SELECT count(*) FROM letter");

	(void)sqlite3_close(db);
	return n;
}

static void
ten_thousand_forged_codes_do_nothing(void **state)
{
	struct world *w = *state;
	struct event_record *events;
	struct clue_record other, now;
	char code[TOKEN_SIZE];
	struct office o;
	struct forging f = {
	    .o = &o, .m = message_new(), .from = "lu-wenbo", .taken = ""};
	size_t n;

	office_open(&o, w);
	f.m->text = "查实 全部属实";
	f.m->from.addr = "lu.wenbo@example.org";
	ok(w, store_begin(w->s, &w->err));
	f.clue = put_in_state(&o, CLUE_ASSIGNED);
	other = put_in_state(&o, CLUE_ASSIGNED);
	code_of(&f, "lu-wenbo", f.clue.id, f.code);
	/* Somebody else's, of another clue, of an earlier turn. */
	code_of(&f, "tang-jia", f.clue.id, code);
	try_code(&f, code);
	code_of(&f, "lu-wenbo", other.id, code);
	try_code(&f, code);
	add_event(&o, f.clue.id, "reassigned", "lu-wenbo: test");
	try_code(&f, f.code);
	code_of(&f, "lu-wenbo", f.clue.id, f.code);
	send(&f, "签收", "");
	try_neighbours(&f);
	try_random(&f, 10000);
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(
	    store_clue_by_id(w->s, f.clue.id, w->a, &now, &w->err), 1);
	assert_string_equal(now.state, "assigned");
	assert_int_equal(count_open(&o, f.clue.id), 3);
	ok(w, store_events(w->s, f.clue.id, w->a, &events, &n, &w->err));
	assert_true(n > 10000);
	for (size_t i = 2; i < n; i++)
		assert_true(strcmp(events[i].kind, "reply-refused") == 0 ||
			    strcmp(events[i].kind, "reassigned") == 0);
	/* He is told, not ten thousand times. */
	assert_int_equal(count_letters(&o, f.clue.id), 0);
	assert_true(count_all_letters(w) >= 1 && count_all_letters(w) <= 3);
	message_free(&f.m);
	office_close(&o);
}

static size_t
count_kind(struct office *o, int64_t clue, const char *kind)
{
	struct event_record *list;
	size_t n, found = 0;

	if (clue == 0)
		ok(o->w, store_events_of_none(o->w->s, kind, o->w->a, &list,
			     &n, &o->w->err));
	else
		ok(o->w, store_events(o->w->s, clue, o->w->a, &list, &n,
			     &o->w->err));
	for (size_t i = 0; i < n; i++)
		found += strcmp(list[i].kind, kind) == 0;
	return found;
}

/* Letters of no clue, as the daily sheet, let the office rule on any of them;
 * not for ever, and nobody else. */
static void
the_office_rules_on_any_clue(void **state)
{
	struct world *w = *state;
	char code[TOKEN_SIZE], subject[100], text[200];
	struct office o;
	struct forging f = {
	    .o = &o, .m = message_new(), .from = "office", .taken = ""};
	const struct person_conf *office;

	office_open(&o, w);
	office = &o.conf->roster.persons[conf_person(o.conf, "office")];
	ok(w, store_begin(w->s, &w->err));
	f.clue = put_in_state(&o, CLUE_ASSIGNED);
	(void)snprintf(text, sizeof(text),
	    "备注 %s 已知\n备注 没有写编号\n备注 LY-2026-999999 无此号",
	    f.clue.number);
	f.m->text = text;
	f.m->from.addr = office->address;
	for (int month = 0; month < 3; month++) {
		ok(w,
		    turn_code(&o.c, 0, office, NOW - month * 30 * DAY, code,
			&w->err));
		(void)snprintf(
		    subject, sizeof(subject), "Re: 每日情况 [%s]", code);
		send(&f, subject, "");
	}
	assert_int_equal(count_kind(&o, f.clue.id, "note"), 2);
	assert_int_equal(count_kind(&o, 0, "reply"), 2);
	assert_int_equal(count_kind(&o, 0, "reply-refused"), 1);
	/* An officer has no such code, and the office's is not his. */
	f.from = "lu-wenbo";
	send(&f, subject, "");
	assert_int_equal(count_kind(&o, f.clue.id, "note"), 2);
	ok(w, store_commit(w->s, &w->err));
	message_free(&f.m);
	office_close(&o);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(every_command_in_every_state),
	    T(the_office_rules_on_any_clue),
	    T(ten_thousand_forged_codes_do_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
