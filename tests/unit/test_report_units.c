/* SPDX-License-Identifier: ISC */
#include "report_world.h"

#include "report/unit_form.h"
#include "report/unit_status.h"
#include "store/units.h"

/* -- a form, as cells ------------------------------------------------------ */

struct form {
	struct form_cell cells[80];
	size_t n;
};

static void
put(struct form *f, uint16_t part, uint16_t row, uint16_t column,
    const char *text)
{
	f->cells[f->n++] = (struct form_cell){part, row, column, text};
}

static struct form
good_form(void)
{
	static const char *const domains[] = {"渣土运输", "占道经营", "其他"};
	static const char *const numbers[] = {"3", "1", "0", "2"};
	struct form f = {.n = 0};

	put(&f, 0, 1, 1, "渣土管理所月报表");
	put(&f, 0, 2, 1, "填报单位（盖章）：渣土管理所");
	put(&f, 0, 3, 1, "统计时段：2026年10月25日至2026年11月24日");
	put(&f, 0, 4, 1, "斗争领域");
	for (int k = 0; k < FIGURE_COUNT; k++)
		put(&f, 0, 4, (uint16_t)(k + 2), figure_title((enum figure)k));
	for (uint16_t d = 0; d < 3; d++) {
		put(&f, 0, (uint16_t)(5 + d), 1, domains[d]);
		for (uint16_t k = 0; k < FIGURE_COUNT; k++)
			put(&f, 0, (uint16_t)(5 + d), (uint16_t)(k + 2),
			    numbers[k]);
	}
	put(&f, 0, 9, 1, "填表人：王五");
	put(&f, 0, 9, 2, "联系电话：0518-1234");
	put(&f, 0, 9, 4, "填表日期：      年    月    日");
	put(&f, 0, 10, 1, "抄送：海湾区城市管理局");
	put(&f, 0, 11, 1, "表号：haulage/2026-11（请保留本行）");
	return f;
}

static struct form_cell *
cell_of(struct form *f, uint16_t row, uint16_t column)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->cells[i].row == row && f->cells[i].column == column)
			return &f->cells[i];
	fail_msg("no cell %u,%u", row, column);
	return NULL;
}

static void
take_out(struct form *f, uint16_t row, uint16_t column)
{
	struct form_cell *c = cell_of(f, row, column);

	*c = f->cells[--f->n];
}

static enum unit_form_verdict
read_form(struct office *o, const struct form *f, struct unit_form *out,
    struct buf *problems)
{
	buf_clear(problems);
	return unit_form_read(
	    &o->conf, f->cells, f->n, o->w->a, out, problems);
}

static void
a_form_is_read(void **state)
{
	struct office *o = *state;
	BUF_AUTO struct buf problems = BUF_INIT;
	struct form f = good_form();
	struct unit_form out;

	assert_int_equal(
	    read_form(o, &f, &out, &problems), UNIT_FORM_GOOD);
	assert_string_equal(buf_str(&problems), "");
	assert_string_equal(out.unit, "haulage");
	assert_string_equal(out.period, "2026-11");
	assert_string_equal(out.filled_by, "王五");
	assert_string_equal(out.phone, "0518-1234");
	assert_string_equal(out.filled_on, "");
	for (int d = 0; d < 3; d++) {
		assert_int_equal(out.n[d][0], 3);
		assert_int_equal(out.n[d][1], 1);
		assert_int_equal(out.n[d][2], 0);
		assert_int_equal(out.n[d][3], 2);
	}
}

static void
clerks_move_and_retype_things(void **state)
{
	struct office *o = *state;
	BUF_AUTO struct buf problems = BUF_INIT;
	struct form f = good_form();
	struct unit_form out;

	/* On another sheet, three rows down and two columns to the right. */
	for (size_t i = 0; i < f.n; i++) {
		f.cells[i].part = 2;
		f.cells[i].row = (uint16_t)(f.cells[i].row + 3);
		f.cells[i].column = (uint16_t)(f.cells[i].column + 2);
	}
	put(&f, 0, 1, 1, "说明：移送数量按月统计");
	cell_of(&f, 7, 4)->text = "排查 线索数";
	cell_of(&f, 8, 3)->text = "　渣土 运输 ";
	cell_of(&f, 8, 4)->text = "１２";
	cell_of(&f, 8, 5)->text = " 1,234 ";
	cell_of(&f, 8, 6)->text = "7.0";
	cell_of(&f, 8, 7)->text = "5件";
	cell_of(&f, 9, 4)->text = "无";
	cell_of(&f, 12, 3)->text = "填表人:";
	take_out(&f, 12, 4);
	put(&f, 2, 12, 4, "赵六");
	assert_int_equal(
	    read_form(o, &f, &out, &problems), UNIT_FORM_GOOD);
	assert_int_equal(out.n[0][0], 12);
	assert_int_equal(out.n[0][1], 1234);
	assert_int_equal(out.n[0][2], 7);
	assert_int_equal(out.n[0][3], 5);
	assert_int_equal(out.n[1][0], 0);
	assert_string_equal(out.filled_by, "赵六");
	assert_string_equal(out.phone, "");
}

static void
without_its_number_the_days_say_the_period(void **state)
{
	struct office *o = *state;
	BUF_AUTO struct buf problems = BUF_INIT;
	struct form f = good_form();
	struct unit_form out;

	take_out(&f, 11, 1);
	assert_int_equal(
	    read_form(o, &f, &out, &problems), UNIT_FORM_GOOD);
	assert_string_equal(out.unit, "");
	assert_string_equal(out.period, "2026-11");
	take_out(&f, 3, 1);
	assert_int_equal(
	    read_form(o, &f, &out, &problems), UNIT_FORM_GOOD);
	assert_string_equal(out.period, "");
}

static void
every_fault_is_named_with_its_place(void **state)
{
	static const struct {
		uint16_t row, column;
		const char *text; /* NULL: taken out */
		const char *want;
	} t[] = {
	    {5, 2, "三", "B5（渣土运输、排查涉黑涉恶线索数量）不是"},
	    {5, 2, "-1", "B5"}, {5, 2, "1.5", "B5"}, {5, 2, "1E3", "B5"},
	    {5, 2, "1000000", "B5"}, {5, 2, "=1+1", "B5"}, {5, 2, "件", "B5"},
	    {5, 2, "99999999999999999999999999999999999999", "B5"},
	    {5, 2, "1,2", "B5"}, {5, 2, "0x10", "B5"}, {5, 2, "+3", "B5"},
	    {6, 5, NULL, "E6（占道经营、出台加强行业监管数量）没有填写"},
	    {6, 5, " 　", "没有填写"},
	    {6, 1, NULL, "缺少“占道经营”一行"},
	    {6, 1, "占道", "缺少“占道经营”一行"},
	    {6, 1, "渣土运输", "“渣土运输”有不止一行"},
	    {9, 1, "填表人：", "没有写明填表人"},
	    {3, 1, "统计时段：2026年11月1日至2026年11月30日", "不是一个报送期"},
	    {3, 1, "统计时段：2026年9月25日至2026年10月24日", "不符"},
	};
	struct office *o = *state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		BUF_AUTO struct buf problems = BUF_INIT;
		struct form f = good_form();
		struct unit_form out;

		if (t[i].text != NULL)
			cell_of(&f, t[i].row, t[i].column)->text = t[i].text;
		else
			take_out(&f, t[i].row, t[i].column);
		if (t[i].row == 9)
			cell_of(&f, 9, 2)->text = "联系电话：";
		if (read_form(o, &f, &out, &problems) != UNIT_FORM_WRONG ||
		    strstr(buf_str(&problems), t[i].want) == NULL)
			fail_msg("%zu: \"%s\" not in \"%s\"", i, t[i].want,
			    buf_str(&problems));
	}
}

static void
faults_do_not_fill_a_page(void **state)
{
	struct office *o = *state;
	BUF_AUTO struct buf problems = BUF_INIT;
	struct form f = good_form();
	struct unit_form out;
	char hostile[600];

	memset(hostile, 'x', sizeof(hostile) - 1);
	hostile[sizeof(hostile) - 1] = '\0';
	memcpy(hostile, "\xe2\x80\xae=HYPERLINK(", 14);
	for (size_t i = 0; i < f.n; i++)
		if (f.cells[i].row >= 5 && f.cells[i].row <= 7 &&
		    f.cells[i].column > 1)
			f.cells[i].text = hostile;
	o->conf.rules.n_domains = 3;
	assert_int_equal(
	    read_form(o, &f, &out, &problems), UNIT_FORM_WRONG);
	assert_true(problems.len < 3000);
	assert_null(strstr(buf_str(&problems), "\xe2\x80\xae"));
	assert_non_null(strstr(buf_str(&problems), "还有其他问题"));
}

static void
other_tables_are_no_form(void **state)
{
	struct office *o = *state;
	BUF_AUTO struct buf problems = BUF_INIT;
	struct form f = good_form();
	struct unit_form out;

	take_out(&f, 4, 5);
	assert_int_equal(
	    read_form(o, &f, &out, &problems), UNIT_FORM_NONE);
	f.n = 0;
	assert_int_equal(
	    read_form(o, &f, &out, &problems), UNIT_FORM_NONE);
	assert_string_equal(buf_str(&problems), "");
}

/* -- what was filed --------------------------------------------------------- */

static struct unit_report
report_of(const char *unit, enum unit_outcome outcome, int64_t n)
{
	static struct unit_figure figures[2];

	figures[0] = (struct unit_figure){"muck", "found", n};
	figures[1] = (struct unit_figure){"gone", "transferred", 1};
	return (struct unit_report){.unit = unit,
	    .period = "2026-11",
	    .message = 0,
	    .received_s = at(2026, 11, 20, 9),
	    .outcome = outcome,
	    .filled_by = "王五",
	    .phone = "",
	    .filled_on = "",
	    .problem = outcome == UNIT_REFUSED ? "B5" : "",
	    .figures = outcome == UNIT_FIGURES ? figures : NULL,
	    .n_figures = outcome == UNIT_FIGURES ? 2 : 0};
}

static int64_t
add_message(struct office *o)
{
	static unsigned char n;
	struct message_record m = {.message_id = "m", .channel = "mail",
	    .kind = "unit-report", .why = "", .charset = "", .lost = ""};
	int64_t id;

	m.sha256[0] = ++n;
	ok(o->w, store_message_add(o->w->s, &m, "x", 1, &id, &o->w->err));
	return id;
}

static void
file_report(struct office *o, struct unit_report r)
{
	ok(o->w, store_begin(o->w->s, &o->w->err));
	r.message = add_message(o);
	ok(o->w, store_unit_report_add(o->w->s, &r, o->w->a, &o->w->err));
	ok(o->w, store_commit(o->w->s, &o->w->err));
	assert_true(r.event > 0);
}

static struct unit_status *
statuses(struct office *o, size_t want)
{
	struct period p = office_period(o, "2026-11");
	struct unit_status *list;
	size_t n;

	ok(o->w, unit_statuses(&o->conf, o->w->s, &p, o->w->a, &list, &n,
		     &o->w->err));
	assert_int_equal(n, want);
	return list;
}

static void
the_last_good_one_counts(void **state)
{
	struct office *o = *state;
	struct period p = office_period(o, "2026-11");
	struct unit_status *u;
	struct monthly m;

	o->units[0].address = o->units[1].address = "u@example.org";
	u = statuses(o, 2);
	assert_null(u[0].last);
	file_report(o, report_of("haulage", UNIT_FIGURES, 3));
	file_report(o, report_of("haulage", UNIT_REFUSED, 0));
	file_report(o, report_of("patrol", UNIT_REFUSED, 0));
	u = statuses(o, 2);
	assert_int_equal(u[0].sums[FIGURE_FOUND], 3);
	assert_int_equal(u[0].n_refused, 1);
	assert_null(u[1].last);
	assert_string_equal(u[1].refused->problem, "B5");
	file_report(o, report_of("haulage", UNIT_FIGURES, 5));
	file_report(o, report_of("haulage", UNIT_FILED, 0));
	file_report(o, report_of("patrol", UNIT_FILED, 0));
	u = statuses(o, 2);
	assert_int_equal(u[0].sums[FIGURE_FOUND], 5);
	assert_int_equal(u[1].last->outcome, UNIT_FILED);
	ok(o->w,
	    unit_sum_form(&o->conf, o->w->s, &p, o->w->a, &m, &o->w->err));
	assert_int_equal(m.rows[0].n[FIGURE_FOUND], 5);
	/* Of a domain that the rules have no more. */
	assert_int_equal(m.rows[2].n[FIGURE_TRANSFERRED], 1);
	assert_non_null(strstr(m.mark, "2 个单位中 1 个"));
	/* Without an address and without a report there is nothing to say. */
	o->units[1].address = "";
	(void)statuses(o, 2);
}

static void
a_changed_figure_is_noticed(void **state)
{
	struct office *o = *state;
	struct unit_report *rows;
	size_t n;

	file_report(o, report_of("haulage", UNIT_FIGURES, 3));
	assert_int_equal(sqlite3_exec(o->w->s->db,
			     "UPDATE unit_figure SET n = 4 WHERE n = 3", NULL,
			     NULL, NULL),
	    SQLITE_OK);
	refused(o->w, ERR_INPUT,
	    store_unit_reports(o->w->s, "2026-11", "", o->w->a, &rows, &n,
		&o->w->err));
	assert_non_null(strstr(o->w->err.what, "haulage"));
	ok(o->w, store_unit_reports(o->w->s, "2026-10", "", o->w->a, &rows, &n,
		     &o->w->err));
	assert_int_equal(n, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, office_setup, office_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_form_is_read),
	    T(clerks_move_and_retype_things),
	    T(without_its_number_the_days_say_the_period),
	    T(every_fault_is_named_with_its_place),
	    T(faults_do_not_fill_a_page),
	    T(other_tables_are_no_form),
	    T(the_last_good_one_counts),
	    T(a_changed_figure_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
