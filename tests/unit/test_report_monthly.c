/* SPDX-License-Identifier: ISC */
#include "report_world.h"

#include "report/figures.h"
#include "report/monthly.h"
#include "report/monthly_parts.h"
#include "report/regulation.h"

#define OCT(day) at(2026, 10, day, 10)
#define NOV(day) at(2026, 11, day, 10)
#define DEC(day) at(2026, 12, day, 10)

static void
check_figures(struct office *o, const char *period,
    const int64_t want[3][FIGURE_COUNT], size_t late)
{
	struct period p = office_period(o, period);
	struct figures f;

	ok(o->w, figures_count(&o->conf, o->w->s, &p, o->w->a, &f, &o->w->err));
	for (int d = 0; d < 3; d++)
		for (int k = 0; k < FIGURE_COUNT; k++)
			if (f.n[d][k] != want[d][k])
				fail_msg("%s: domain %d, figure %d: %d, not "
					 "%d",
				    period, d, k, (int)f.n[d][k],
				    (int)want[d][k]);
	assert_int_equal(f.n_late, late);
}

static void
regulate(struct office *o, const char *domain, const char *title, int64_t at_s)
{
	const struct regulation r = {.at_s = at_s,
	    .actor = "unix:wang",
	    .domain = domain,
	    .day = 20000,
	    .number = "",
	    .title = title};

	ok(o->w, store_begin(o->w->s, &o->w->err));
	ok(o->w, regulation_add(o->w->s, &r, o->w->a, &o->w->err));
	ok(o->w, store_commit(o->w->s, &o->w->err));
}

static void
file(struct office *o, const char *period, int64_t now_s)
{
	const struct monthly_filing how = {
	    .filled_by = "某某", .actor = "unix:wang", .now_s = now_s};
	struct period p = office_period(o, period);
	struct monthly m;

	ok(o->w, store_begin(o->w->s, &o->w->err));
	ok(o->w,
	    monthly_file(&o->conf, o->w->s, &p, &how, o->w->a, &m, &o->w->err));
	ok(o->w, store_commit(o->w->s, &o->w->err));
}

/* -- figures -------------------------------------------------------------- */

static void
an_empty_ledger_gives_zeros(void **state)
{
	static const int64_t none[3][FIGURE_COUNT];

	check_figures(*state, "2026-11", none, 0);
}

static void
events_count_by_their_own_time(void **state)
{
	static const int64_t october[3][FIGURE_COUNT] = {{1, 0, 0, 0}};
	static const int64_t november[3][FIGURE_COUNT] = {
	    {1, 1, 0, 0}, {1, 0, 1, 1}, {1, 0, 0, 0}};
	static const int64_t december[3][FIGURE_COUNT] = {
	    {0, 1, 0, 0}, {0, 1, 1, 0}};
	struct office *o = *state;
	int64_t last_second = at(2026, 10, 25, 0) - 1;
	int64_t a = office_clue(o, "muck", "zhang", last_second);
	int64_t b = office_clue(o, "muck", "zhang", last_second + 1);
	int64_t c = office_clue(o, "street", "li", NOV(1));

	/* A domain that the rules have no more. */
	(void)office_clue(o, "gone-by", "li", at(2026, 11, 25, 0) - 1);
	/* Twice in a period is once; again in the next is again. */
	office_event(o, a, NOV(3), "transferred", "zhang", "公安机关");
	office_event(o, a, NOV(5), "transferred", "zhang", "政法机关");
	office_event(o, b, DEC(1), "transferred", "zhang", "公安机关");
	office_event(o, c, DEC(1), "transferred", "li", "公安机关");
	/* A case is one case whoever reports it, and with any brackets. */
	office_event(o, c, NOV(6), "assisted", "li", "（2026）1号: 分局");
	office_event(o, c, NOV(7), "assisted", "li", "（2026）1号: 法院");
	office_event(o, c, DEC(2), "assisted", "li", "（2026）1号");
	/* What is no figure. */
	office_event(o, c, NOV(8), "feedback", "li", "");
	office_event(o, c, NOV(8), "something-new", "li", "");
	office_event(o, 0, NOV(8), "transferred", "li", "");
	office_event(o, 0, NOV(8), "something-new", "li", "");
	regulate(o, "street", "办法", NOV(9));
	check_figures(o, "2026-10", october, 0);
	check_figures(o, "2026-11", november, 0);
	check_figures(o, "2026-12", december, 0);
}

static void
a_clue_is_found_once_by_whatever_kind(void **state)
{
	static const int64_t want[3][FIGURE_COUNT] = {{2, 0, 0, 0}};
	static const int64_t none[3][FIGURE_COUNT];
	struct office *o = *state;
	struct clue_record r = sample_clue();
	int64_t a = office_clue(o, "muck", "zhang", NOV(1));

	r.domain = "muck";
	ok(o->w, store_begin(o->w->s, &o->w->err));
	ok(o->w, store_clue_add(o->w->s, &r, "LY", 2026, o->w->a, &o->w->err));
	ok(o->w, store_commit(o->w->s, &o->w->err));
	office_event(o, r.id, NOV(2), "brought-over", "unix:wang", "");
	office_event(o, a, DEC(1), "received", "clued", "again");
	office_event(o, a, DEC(1), "registered", "clued", "again");
	office_event(o, r.id, DEC(1), "received", "clued", "again");
	check_figures(o, "2026-11", want, 0);
	check_figures(o, "2026-12", none, 0);
}

static void
withdrawn_regulations_do_not_count(void **state)
{
	static const int64_t two[3][FIGURE_COUNT] = {{0, 0, 0, 2}};
	static const int64_t one[3][FIGURE_COUNT] = {{0, 0, 0, 1}};
	struct office *o = *state;

	regulate(o, "muck", "办法", NOV(1));
	regulate(o, "muck", "办法", NOV(2));
	check_figures(o, "2026-11", two, 0);
	ok(o->w, store_begin(o->w->s, &o->w->err));
	ok(o->w, regulation_withdraw(o->w->s, 2, "重复", "unix:wang", NOV(3),
		     o->w->a, &o->w->err));
	ok(o->w, store_commit(o->w->s, &o->w->err));
	check_figures(o, "2026-11", one, 0);
}

/* -- what is entered after a form was filed ------------------------------- */

static void
nothing_is_lost_or_counted_twice(void **state)
{
	static const int64_t october[3][FIGURE_COUNT] = {{1, 0, 0, 0}};
	static const int64_t november[3][FIGURE_COUNT] = {{2, 0, 0, 0}};
	static const int64_t december[3][FIGURE_COUNT] = {{3, 0, 0, 0}};
	static const int64_t one[3][FIGURE_COUNT] = {{1, 0, 0, 0}};
	struct office *o = *state;

	(void)office_clue(o, "muck", "zhang", OCT(20));
	/* Filed before its period is over, as offices do. */
	file(o, "2026-10", OCT(22));
	(void)office_clue(o, "muck", "zhang", OCT(23)); /* late for October */
	(void)office_clue(o, "muck", "zhang", NOV(1));
	check_figures(o, "2026-10", october, 0);
	check_figures(o, "2026-11", november, 1);
	file(o, "2026-11", NOV(24));
	(void)office_clue(o, "muck", "zhang", OCT(24)); /* a clock set back */
	(void)office_clue(o, "muck", "zhang", NOV(2));
	(void)office_clue(o, "muck", "zhang", DEC(3));
	check_figures(o, "2026-10", october, 0);
	check_figures(o, "2026-11", november, 1);
	check_figures(o, "2026-12", december, 2);
	/* What lies behind an unfiled period is not December's late. */
	(void)office_clue(o, "muck", "zhang", at(2027, 1, 1, 0));
	check_figures(o, "2027-01", one, 0);
	/* October was not filed in this order. */
	check_figures(o, "2026-12", december, 2);
}

static void
periods_filed_out_of_order_share_nothing(void **state)
{
	static const int64_t one[3][FIGURE_COUNT] = {{1, 0, 0, 0}};
	static const int64_t two[3][FIGURE_COUNT] = {{2, 0, 0, 0}};
	static const int64_t none[3][FIGURE_COUNT];
	struct office *o = *state;

	(void)office_clue(o, "muck", "zhang", NOV(1));
	file(o, "2026-11", NOV(20));
	(void)office_clue(o, "muck", "zhang", OCT(1));
	(void)office_clue(o, "muck", "zhang", OCT(2));
	file(o, "2026-10", NOV(21));
	check_figures(o, "2026-11", one, 0);
	check_figures(o, "2026-10", two, 0);
	check_figures(o, "2026-12", none, 0);
	(void)office_clue(o, "muck", "zhang", OCT(3));
	check_figures(o, "2026-12", one, 1);
}

static void
moved_boundaries_leave_no_gap(void **state)
{
	static const int64_t two[3][FIGURE_COUNT] = {{2, 0, 0, 0}};
	struct office *o = *state;

	file(o, "2026-10", OCT(24));
	o->conf.report.period_day = 1;
	(void)office_clue(o, "muck", "zhang", OCT(28));
	(void)office_clue(o, "muck", "zhang", NOV(28));
	check_figures(o, "2026-11", two, 0);
}

/* -- the form ------------------------------------------------------------- */

static void
a_filed_form_never_changes(void **state)
{
	struct office *o = *state;
	struct period p = office_period(o, "2026-11");
	BUF_AUTO struct buf before = BUF_INIT, after = BUF_INIT;
	struct monthly m;
	int64_t a = office_clue(o, "muck", "zhang", NOV(1));
	struct clue_record c;

	assert_int_equal(
	    monthly_make(&o->conf, o->w->s, &p, o->w->a, &m, &o->w->err), 0);
	assert_int_equal(m.filed_s, 0);
	file(o, "2026-11", NOV(24));
	assert_int_equal(
	    monthly_make(&o->conf, o->w->s, &p, o->w->a, &m, &o->w->err), 1);
	assert_string_equal(m.filled_by, "某某");
	assert_int_equal(m.last_event, 1);
	assert_int_equal(m.filed_day, civil_day_number(2026, 11, 24));
	monthly_json(&m, true, &before);
	/* The office is renamed, the clue goes elsewhere, domains go. */
	o->conf.office.name = "别的单位";
	o->conf.report.title = "别的表";
	o->conf.report.total = false;
	o->conf.rules.n_domains = 1;
	ok(o->w, store_clue_by_id(o->w->s, a, o->w->a, &c, &o->w->err));
	c.domain = "street";
	ok(o->w, store_clue_update(o->w->s, &c, &o->w->err));
	office_event(o, a, NOV(24), "transferred", "zhang", "");
	assert_int_equal(
	    monthly_make(&o->conf, o->w->s, &p, o->w->a, &m, &o->w->err), 1);
	monthly_json(&m, true, &after);
	assert_string_equal(buf_str(&before), buf_str(&after));
}

static void
filing_is_refused(void **state)
{
	struct office *o = *state;
	struct period p = office_period(o, "2026-11");
	struct monthly_filing how = {.actor = "unix:wang"};
	struct monthly m;

	(void)office_clue(o, "muck", "zhang", OCT(1));
	ok(o->w, store_begin(o->w->s, &o->w->err));
	how.now_s = p.from_s - 1;
	refused(o->w, ERR_INPUT,
	    monthly_file(&o->conf, o->w->s, &p, &how, o->w->a, &m, &o->w->err));
	how.now_s = p.from_s;
	/* Over a ledger that somebody changed. */
	raw_exec(o->w->s->db, "DROP TRIGGER event_no_update;"
			      " UPDATE event SET actor = 'x'");
	refused(o->w, ERR_INPUT,
	    monthly_file(&o->conf, o->w->s, &p, &how, o->w->a, &m, &o->w->err));
	raw_exec(o->w->s->db, "UPDATE event SET actor = 'clued'");
	ok(o->w,
	    monthly_file(&o->conf, o->w->s, &p, &how, o->w->a, &m, &o->w->err));
	refused(o->w, ERR_CONF,
	    monthly_file(&o->conf, o->w->s, &p, &how, o->w->a, &m, &o->w->err));
	store_rollback(o->w->s);
}

static void
the_proof_names_everything(void **state)
{
	struct office *o = *state;
	struct period p = office_period(o, "2026-12");
	BUF_AUTO struct buf text = BUF_INIT;
	struct monthly m;
	int64_t a;

	file(o, "2026-11", NOV(24));
	(void)office_clue(o, "muck", "zhang", NOV(24));
	a = office_clue(o, "street", "li", DEC(1));
	office_event(o, a, DEC(2), "transferred", "li", "公安机关");
	office_event(o, a, DEC(2), "assisted", "li", "（2026）1号: 分局");
	regulate(o, "other", "管理办法", DEC(3));
	ok(o->w, monthly_make(&o->conf, o->w->s, &p, o->w->a, &m, &o->w->err));
	assert_int_equal(m.n_late, 1);
	assert_int_equal(monthly_total(&m, FIGURE_FOUND), 2);
	monthly_text(&m, true, &text);
	for (size_t i = 0; i < 6; i++) {
		static const char *const want[] = {"LY-2026-000001（补计）\n",
		    "    LY-2026-000002\n", "（2026）1号（LY-2026-000002）\n",
		    "第6号 管理办法\n", "草稿", "补计 1 项"};

		if (strstr(buf_str(&text), want[i]) == NULL)
			fail_msg("%s\n%s", want[i], buf_str(&text));
	}
}

static void
what_is_kept_can_be_read_and_nothing_else(void **state)
{
	struct office *o = *state;
	struct period p = office_period(o, "2026-11");
	BUF_AUTO struct buf b = BUF_INIT, again = BUF_INIT;
	struct monthly m, read;

	(void)office_clue(o, "muck", "zhang", NOV(1));
	ok(o->w, monthly_make(&o->conf, o->w->s, &p, o->w->a, &m, &o->w->err));
	monthly_pack(&m, &b);
	ok(o->w, monthly_unpack(b.data, b.len, o->w->a, &read, &o->w->err));
	monthly_pack(&read, &again);
	assert_int_equal(b.len, again.len);
	assert_memory_equal(b.data, again.data, b.len);
	for (size_t cut = 0; cut < b.len; cut++)
		refused(o->w, ERR_INPUT,
		    monthly_unpack(b.data, cut, o->w->a, &read, &o->w->err));
	buf_addc(&b, 'x');
	refused(o->w, ERR_INPUT,
	    monthly_unpack(b.data, b.len, o->w->a, &read, &o->w->err));
	b.data[0] = 2;
	refused(o->w, ERR_INPUT,
	    monthly_unpack(b.data, b.len, o->w->a, &read, &o->w->err));
}

static void
the_same_form_is_the_same_file(void **state)
{
	static const enum paper_format formats[] = {
	    PAPER_TEXT, PAPER_CSV, PAPER_JSON, PAPER_XLSX};
	struct office *o = *state;
	struct period p = office_period(o, "2026-11");
	char one[120], two[120], *a, *b;
	struct monthly m;
	size_t n, k;

	(void)office_clue(o, "muck", "zhang", NOV(1));
	file(o, "2026-11", NOV(24));
	(void)snprintf(one, sizeof(one), "%s/one", o->w->folder);
	(void)snprintf(two, sizeof(two), "%s/two", o->w->folder);
	for (size_t i = 0; i < 4; i++) {
		ok(o->w, monthly_make(
			     &o->conf, o->w->s, &p, o->w->a, &m, &o->w->err));
		ok(o->w, monthly_write(&m, formats[i], one, true, &o->w->err));
		office_event(o, 1, NOV(24), "feedback", "zhang", "");
		ok(o->w, monthly_make(
			     &o->conf, o->w->s, &p, o->w->a, &m, &o->w->err));
		ok(o->w, monthly_write(&m, formats[i], two, true, &o->w->err));
		a = office_read(one, &n);
		b = office_read(two, &k);
		assert_true(n > 200);
		assert_int_equal(n, k);
		assert_memory_equal(a, b, n);
		free(a);
		free(b);
	}
}

static void
a_place_that_is_no_file_is_left_alone(void **state)
{
	struct office *o = *state;
	struct period p = office_period(o, "2026-11");
	struct monthly m;

	ok(o->w, monthly_make(&o->conf, o->w->s, &p, o->w->a, &m, &o->w->err));
	refused(o->w, ERR_INPUT,
	    monthly_write(&m, PAPER_TEXT, "/dev/null", false, &o->w->err));
	refused(o->w, ERR_INPUT,
	    monthly_write(&m, PAPER_TEXT, o->w->folder, false, &o->w->err));
	refused(o->w, ERR_CONF,
	    monthly_write(
		&m, PAPER_XLSX, "/nowhere/at/all.xlsx", false, &o->w->err));
}

/* -- regulations ---------------------------------------------------------- */

static void
regulations_come_back_as_they_went_in(void **state)
{
	static const struct {
		const char *number, *title;
		bool good;
	} t[] = {
	    {"", "管理办法", true},
	    {"海城管〔2026〕3号", "管理 办法（试行）", true},
	    {"", "=cmd 2026-01-01", true},
	    {"a", "】x", true},
	    {"", "", false},
	    {"", "  ", false},
	    {"", "a\nb", false},
	    {"", "a\x1b[1m", false},
	    {"1】", "x", false},
	    {"", "【x】 y", false},
	    {"a\tb", "x", false},
	    {"", "\xff", false},
	};
	struct office *o = *state;
	struct regulation *list;
	size_t n, want = 0;

	ok(o->w, store_begin(o->w->s, &o->w->err));
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct regulation r = {.at_s = 5,
		    .actor = "unix:wang",
		    .domain = "muck",
		    .day = 20777,
		    .number = t[i].number,
		    .title = t[i].title};

		if (!t[i].good) {
			refused(o->w, ERR_INPUT,
			    regulation_add(o->w->s, &r, o->w->a, &o->w->err));
			continue;
		}
		ok(o->w, regulation_add(o->w->s, &r, o->w->a, &o->w->err));
		ok(o->w,
		    regulations_read(o->w->s, o->w->a, &list, &n, &o->w->err));
		assert_int_equal(n, ++want);
		assert_string_equal(list[n - 1].number, t[i].number);
		assert_string_equal(list[n - 1].title, t[i].title);
		assert_string_equal(list[n - 1].domain, "muck");
		assert_string_equal(list[n - 1].actor, "unix:wang");
		assert_int_equal(list[n - 1].day, 20777);
		assert_int_equal(list[n - 1].event, n);
		assert_false(list[n - 1].withdrawn);
	}
	refused(o->w, ERR_INPUT,
	    regulation_withdraw(o->w->s, 99, "x", "a", 6, o->w->a, &o->w->err));
	refused(o->w, ERR_INPUT,
	    regulation_withdraw(o->w->s, 1, "", "a", 6, o->w->a, &o->w->err));
	ok(o->w, regulation_withdraw(
		     o->w->s, 1, "写错 了", "a", 6, o->w->a, &o->w->err));
	refused(o->w, ERR_INPUT,
	    regulation_withdraw(o->w->s, 1, "x", "a", 6, o->w->a, &o->w->err));
	ok(o->w, regulations_read(o->w->s, o->w->a, &list, &n, &o->w->err));
	assert_true(list[0].withdrawn);
	assert_string_equal(list[0].reason, "写错 了");
	assert_false(list[1].withdrawn);
	store_rollback(o->w->s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_AN_OFFICE(an_empty_ledger_gives_zeros),
	    IN_AN_OFFICE(events_count_by_their_own_time),
	    IN_AN_OFFICE(a_clue_is_found_once_by_whatever_kind),
	    IN_AN_OFFICE(withdrawn_regulations_do_not_count),
	    IN_AN_OFFICE(nothing_is_lost_or_counted_twice),
	    IN_AN_OFFICE(periods_filed_out_of_order_share_nothing),
	    IN_AN_OFFICE(moved_boundaries_leave_no_gap),
	    IN_AN_OFFICE(a_filed_form_never_changes),
	    IN_AN_OFFICE(filing_is_refused),
	    IN_AN_OFFICE(the_proof_names_everything),
	    IN_AN_OFFICE(what_is_kept_can_be_read_and_nothing_else),
	    IN_AN_OFFICE(the_same_form_is_the_same_file),
	    IN_AN_OFFICE(a_place_that_is_no_file_is_left_alone),
	    IN_AN_OFFICE(regulations_come_back_as_they_went_in),
	};

	return cmocka_run_group_tests_name("report_monthly", tests, NULL, NULL);
}
