/* SPDX-License-Identifier: ISC */
#include "report_world.h"

#include "report/kinds.h"
#include "report/report.h"
#include "report/score.h"

#define NOV(day) at(2026, 11, day, 10)

static struct report_query
november(struct office *o)
{
	return (struct report_query){.format = PAPER_CSV,
	    .period = office_period(o, "2026-11"),
	    .domain = "",
	    .unit = -1,
	    .officer = "",
	    .periods = 3,
	    .now_s = at(2026, 11, 24, 0)};
}

typedef int report_fn(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err);

/* The report's text; the caller frees. */
static char *
made(struct office *o, report_fn *report, struct report_query q)
{
	char path[120];
	size_t n;

	(void)snprintf(path, sizeof(path), "%s/report", o->w->folder);
	q.path = path;
	ok(o->w, report(&o->conf, o->w->s, &q, &o->w->err));
	return office_read(path, &n);
}

static void
has(const char *text, const char *want, bool there)
{
	if ((strstr(text, want) != NULL) != there)
		fail_msg("%s%s in:\n%s", want, there ? " is not" : "", text);
}

/* -- scores --------------------------------------------------------------- */

static void
give(struct office *o, int64_t clue, int64_t at_s, const char *to)
{
	char detail[40];

	(void)snprintf(detail, sizeof(detail), "%s: duty", to);
	office_event(o, clue, at_s, "assigned", "clued", detail);
}

static void
deadline(struct office *o, int64_t clue, const char *kind, int64_t due_s,
    int64_t met_s)
{
	ok(o->w, store_begin(o->w->s, &o->w->err));
	put_deadline(o->w, clue, kind, due_s, met_s, 0);
	ok(o->w, store_commit(o->w->s, &o->w->err));
}

static void
everybody_gets_what_he_did(void **state)
{
	struct office *o = *state;
	struct report_query q = november(o);
	struct scores s;
	int64_t a = office_clue(o, "muck", "zhang", NOV(2));
	int64_t b = office_clue(o, "street", "li", NOV(2));
	int64_t c = office_clue(o, "street", "li", NOV(3));
	int64_t d = office_clue(o, "street", "wang", at(2026, 9, 1, 10));

	give(o, a, NOV(2), "zhang");
	give(o, b, NOV(2), "wang"); /* who sent it back; li has it now */
	office_event(o, b, NOV(3), "returned", "wang", "不属于");
	give(o, b, NOV(4), "li");
	give(o, c, NOV(3), "li");
	give(o, c, NOV(3), "li");
	give(o, d, at(2026, 9, 1, 10), "wang"); /* before the period */
	deadline(o, a, "accept", NOV(3), NOV(3));
	deadline(o, a, "conclude", NOV(20), NOV(9)); /* 5 working days */
	deadline(o, b, "accept", NOV(3), NOV(4));
	deadline(o, b, "conclude", at(2026, 12, 20, 0), 0); /* ahead */
	deadline(o, c, "accept", NOV(4), 0);
	deadline(o, c, "conclude", NOV(20), NOV(4)); /* reopened later */
	deadline(o, c, "conclude", NOV(21), 0);
	deadline(o, d, "conclude", NOV(1), 0);
	office_event(o, c, NOV(5), "reminder", "clued", "accept");
	office_event(o, c, NOV(5), "expired", "clued", "accept");
	office_event(o, a, NOV(5), "extended", "office", "5");
	office_event(o, a, at(2026, 12, 5, 0), "extended", "office", "5");
	ok(o->w, scores_read(&o->conf, o->w->s, &q, o->w->a, &s, &o->w->err));
#define SCORE(who, r, ag, aa, cg, ca, over, ret, urge, ext) \
	do { \
		const struct score *x = (who); \
		assert_int_equal(x->received, r); \
		assert_int_equal(x->accepted.good, ag); \
		assert_int_equal(x->accepted.all, aa); \
		assert_int_equal(x->concluded.good, cg); \
		assert_int_equal(x->concluded.all, ca); \
		assert_int_equal(x->overdue, over); \
		assert_int_equal(x->returned, ret); \
		assert_int_equal(x->urged, urge); \
		assert_int_equal(x->extended, ext); \
	} while (0)
	SCORE(&s.persons[0], 1, 1, 1, 1, 1, 0, 0, 0, 1);
	SCORE(&s.persons[1], 2, 0, 2, 0, 1, 1, 0, 2, 0);
	SCORE(&s.persons[2], 1, 0, 0, 0, 0, 1, 1, 0, 0);
	SCORE(&s.units[0], 1, 1, 1, 1, 1, 0, 0, 0, 1);
	SCORE(&s.units[1], 3, 0, 2, 0, 1, 2, 1, 2, 0);
	assert_int_equal(s.persons[0].n_days, 1);
	assert_int_equal(s.persons[0].days[0], 5);
	assert_int_equal(s.units[1].n_days, 0);
	q.domain = "muck";
	ok(o->w, scores_read(&o->conf, o->w->s, &q, o->w->a, &s, &o->w->err));
	assert_int_equal(s.persons[0].received, 1);
	assert_int_equal(s.persons[1].received, 0);
	assert_int_equal(s.persons[1].overdue, 0);
}

static void
nobody_has_a_share_of_nothing(void **state)
{
	struct office *o = *state;
	char *text = made(o, report_appraisal, november(o));

	has(text, "\"渣土管理所\",0,,,,0,0,0,0\r\n", true);
	has(text, "\"张一\",\"渣土管理所\",0,,,,0,0,0,0\r\n", true);
	has(text, "专班", false);
	free(text);
}

/* -- what is for the office alone ----------------------------------------- */

static void
the_accused_are_named_to_the_office_alone(void **state)
{
	struct office *o = *state;
	struct report_query q = november(o);
	int64_t a = office_clue(o, "street", "li", NOV(2));
	struct clue_record c;
	char *text;

	ok(o->w, store_clue_by_id(o->w->s, a, o->w->a, &c, &o->w->err));
	c.excluded = "zhang: 电话 (?); gone: 姓名; wang: 姓名";
	ok(o->w, store_clue_update(o->w->s, &c, &o->w->err));
	office_event(o, a, NOV(2), "excluded", "clued", c.excluded);
	office_event(o, a, NOV(3), "reporter-seen", "unix:x", "message 1");
	office_event(o, a, NOV(3), "routed", "clued", "street: 保护费");
	office_event(o, a, NOV(3), "assigned", "clued", "li");
	for (int i = 0; i < 2; i++) {
		report_fn *book = i ? report_statistics : report_register;

		q = november(o);
		text = made(o, book, q);
		has(text, "张一、王三", true);
		free(text);
		q.unit = 1;
		text = made(o, book, q);
		has(text, "张一", false);
		has(text, "王三", false);
		has(text, "另册", true);
		free(text);
		q.unit = -1;
		q.officer = "li";
		text = made(o, book, q);
		has(text, "张一", false);
		free(text);
	}
	text = made(o, report_ledger, november(o));
	has(text, "张一: 电话", true);
	free(text);
	text = made(o, report_ledger, q);
	has(text, "张一: 电话", false);
	has(text, "查看举报人", false);
	has(text, "收到", true);
	has(text, "\"研判\",\"系统\",\"占道经营: 保护费\"", true);
	has(text, "\"交办\",\"系统\",\"李二\"", true);
	free(text);
}

static void
filters_leave_out_the_others(void **state)
{
	static const struct {
		const char *domain, *officer;
		int unit;
		bool a, b, c;
	} t[] = {
	    {"", "", -1, true, true, true},
	    {"muck", "", -1, true, false, false},
	    {"street", "wang", -1, false, false, true},
	    {"", "", 1, false, true, true},
	    {"muck", "", 1, false, false, false},
	    {"", "office", -1, false, false, false},
	};
	struct office *o = *state;
	report_fn *const books[] = {
	    report_register, report_statistics, report_ledger};

	(void)office_clue(o, "muck", "zhang", NOV(2));
	(void)office_clue(o, "street", "li", NOV(2));
	(void)office_clue(o, "street", "wang", NOV(2));
	(void)office_clue(o, "street", "wang", at(2026, 9, 2, 10));
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		for (size_t k = 0; k < 3; k++) {
			struct report_query q = november(o);
			char *text;

			q.domain = t[i].domain;
			q.officer = t[i].officer;
			q.unit = t[i].unit;
			text = made(o, books[k], q);
			has(text, "LY-2026-000001", t[i].a);
			has(text, "LY-2026-000002", t[i].b);
			has(text, "LY-2026-000003", t[i].c);
			has(text, "LY-2026-000004", false);
			free(text);
		}
}

static void
a_trend_ends_with_its_period(void **state)
{
	struct office *o = *state;
	struct report_query q = november(o);
	char *text;

	(void)office_clue(o, "muck", "zhang", NOV(2));
	(void)office_clue(o, "gone-by", "li", at(2026, 9, 2, 10));
	text = made(o, report_trend, q);
	has(text, "\"2026-08\"", false);
	has(text,
	    "\r\n\"2026-09\",0,0,1,1,0,0,0\r\n\"2026-10\",0,0,0,0,0,0,0"
	    "\r\n\"2026-11\",1,0,0,1,0,0,0\r\n",
	    true);
	has(text, "2026-12", false);
	free(text);
	q.unit = 1;
	text = made(o, report_trend, q);
	has(text, "\r\n\"2026-11\",0,0,0,0,0,0,0\r\n", true);
	free(text);
	q.domain = "muck";
	q.unit = -1;
	text = made(o, report_trend, q);
	has(text, "\r\n\"2026-11\",1,1,0,0,0\r\n", true);
	free(text);
}

static void
every_format_is_written(void **state)
{
	static const enum paper_format formats[] = {
	    PAPER_TEXT, PAPER_CSV, PAPER_JSON, PAPER_XLSX};
	static const char *const begins[] = {
	    "海湾区城市管理局", "\xef\xbb\xbf\"", "{\"report\":", "PK\x03\x04"};
	report_fn *const books[] = {report_register, report_statistics,
	    report_ledger, report_appraisal, report_trend};
	struct office *o = *state;
	char *one, *two;

	(void)office_clue(o, "muck", "zhang", NOV(2));
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < 5; k++) {
			struct report_query q = november(o);

			q.format = formats[i];
			one = made(o, books[k], q);
			if (strncmp(one, begins[i], strlen(begins[i])) != 0)
				fail_msg("%zu %zu: %s", i, k, one);
			two = made(o, books[k], q);
			assert_string_equal(one, two);
			free(two);
			q.whole = true;
			two = made(o, books[k], q);
			assert_int_equal(
			    strncmp(two, begins[i], strlen(begins[i])), 0);
			free(one);
			free(two);
		}
}

static void
every_kind_has_a_title(void **state)
{
	static const struct {
		const char *kind, *title;
	} t[] = {
	    {"received", "收到"},
	    {"transferred", "移送"},
	    {"urging", "催办"},
	    {"reminder", "预警"},
	    {"suspend", "挂账"},
	    {"not-applicable", "不属于"},
	    {"no-such-kind", "no-such-kind"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_string_equal(event_kind_title(t[i].kind), t[i].title);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_AN_OFFICE(everybody_gets_what_he_did),
	    IN_AN_OFFICE(nobody_has_a_share_of_nothing),
	    IN_AN_OFFICE(the_accused_are_named_to_the_office_alone),
	    IN_AN_OFFICE(filters_leave_out_the_others),
	    IN_AN_OFFICE(a_trend_ends_with_its_period),
	    IN_AN_OFFICE(every_format_is_written),
	    cmocka_unit_test(every_kind_has_a_title),
	};

	return cmocka_run_group_tests_name("report_books", tests, NULL, NULL);
}
