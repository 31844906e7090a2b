/* SPDX-License-Identifier: ISC */
#include "core/forms.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/take.h"
#include "core/unit_letters.h"
#include "follow/calendar.h"
#include "letter/letter.h"
#include "report/monthly.h"
#include "report/period.h"
#include "report/report.h"
#include "report/unit_form.h"
#include "report/unit_status.h"
#include "store/books.h"
#include "store/store.h"

struct ticking {
	const struct take_context *c;
	int64_t now_s;
	struct period period;
	struct civil today;
	struct unit_status *units;
	size_t n_units;
	const char *lines; /* of all units */
	struct arena *a;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- when ----------------------------------------------------------------- */

/* When the office opens on that day of this month, or on the last working day
 * before it. */
static int64_t
opening(const struct ticking *t, int day)
{
	const struct conf *conf = t->c->conf;
	const struct calendar cal = {&conf->calendar, conf->zone};
	int32_t number =
	    civil_day_number(t->today.year, t->today.month, day);
	struct civil c;

	for (int i = 0; i < 15; i++, number--)
		if (calendar_is_working(&cal, number, NULL))
			break;
	civil_from_day(number, &c);
	return calendar_next_hours(&cal, zone_utc_s(conf->zone, &c));
}

/* The last of the days that has come; 0 = none yet. */
static int
day_that_came(const struct ticking *t, uint32_t days)
{
	for (int day = 28; day > 0; day--)
		if ((days & 1U << day) != 0 && opening(t, day) <= t->now_s)
			return day;
	return 0;
}

/* The day for which letters of this kind were written last; 0 = none. */
static int
day_done(struct ticking *t, const char *what, const char **key_out,
    int64_t *out, struct err *err)
{
	const char *done = "0";

	*out = 0;
	*key_out = arena_printf(t->a, "forms.%s.%s", what, t->period.name);
	if (*key_out == NULL)
		return no_memory(err);
	if (store_note_get(t->c->store, *key_out, t->a, &done, err) < 0)
		return -1;
	(void)str_int64(done, 0, 31, out);
	return 0;
}

/* Whether the day's letters are still to be written; then it is noted. */
static int
is_new(struct ticking *t, const char *what, int day, bool *out,
    struct err *err)
{
	const char *key, *value = arena_printf(t->a, "%d", day);
	int64_t last;

	if (value == NULL)
		return no_memory(err);
	if (day_done(t, what, &key, &last, err) < 0)
		return -1;
	*out = day > last;
	return *out ? store_note_set(t->c->store, key, value, err) : 0;
}

/* -- units ---------------------------------------------------------------- */

static int
remind_unit(struct ticking *t, int unit, struct err *err)
{
	BUF_AUTO struct buf bytes = BUF_INIT;
	struct letter_attachment file;
	struct form_letter l = {
	    .template_id = "unit-reminder",
	    .unit = unit,
	    .period = &t->period,
	    .in_reply_to = "",
	    .files = &file,
	    .n_files = 1,
	    .now_s = t->now_s,
	};

	if (form_blank_file(
		t->c, unit, &t->period, t->a, &bytes, &file, err) < 0)
		return -1;
	return form_letter(t->c, &l, t->a, err);
}

static int
remind_units(struct ticking *t, int day, struct err *err)
{
	const struct roster_conf *roster = &t->c->conf->roster;
	bool now;

	if (is_new(t, "units", day, &now, err) < 0)
		return -1;
	for (size_t i = 0; now && i < t->n_units; i++)
		if (t->units[i].last == NULL &&
		    roster->units[t->units[i].unit].address[0] != '\0' &&
		    remind_unit(t, t->units[i].unit, err) < 0)
			return -1;
	return 0;
}

/* -- the office ----------------------------------------------------------- */

static int
write_monthly(void *arg, const char *path, struct err *err)
{
	const struct ticking *t = arg;
	struct monthly m;

	if (monthly_make(t->c->conf, t->c->store, &t->period, t->a, &m, err) <
	    0)
		return -1;
	return monthly_write(&m, PAPER_XLSX, path, false, err);
}

static int
write_register(void *arg, const char *path, struct err *err)
{
	const struct ticking *t = arg;
	const struct report_query q = {
	    .format = PAPER_XLSX,
	    .path = path,
	    .period = t->period,
	    .domain = "",
	    .unit = -1,
	    .officer = "",
	    .now_s = t->now_s,
	};

	return report_register(t->c->conf, t->c->store, &q, err);
}

static int
tell_office(struct ticking *t, const char *template_id,
    const struct letter_attachment *files, size_t n, struct err *err)
{
	const struct letter_field fields[] = {
	    {"number", t->period.name}, {"list", t->lines}};
	const struct form_letter l = {
	    .template_id = template_id,
	    .unit = -1,
	    .period = &t->period,
	    .in_reply_to = "",
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .files = files,
	    .n_files = n,
	    .now_s = t->now_s,
	};

	return form_letter(t->c, &l, t->a, err);
}

static int
send_drafts(struct ticking *t, struct err *err)
{
	BUF_AUTO struct buf form = BUF_INIT, book = BUF_INIT;
	struct letter_attachment files[2];

	if (form_bytes(write_monthly, t, &form, err) < 0 ||
	    form_bytes(write_register, t, &book, err) < 0)
		return err_at(err, "drafts");
	files[0] = (struct letter_attachment){
	    arena_printf(t->a, "月报表草稿-%s.xlsx", t->period.name),
	    form_xlsx_type, form.data, form.len};
	files[1] = (struct letter_attachment){
	    arena_printf(t->a, "线索报送情况登记表-%s.xlsx", t->period.name),
	    form_xlsx_type, book.data, book.len};
	if (files[0].name == NULL || files[1].name == NULL)
		return no_memory(err);
	/* A book that no mailbox takes is made by hand. */
	return tell_office(t, "form-draft", files,
	    book.len > MAX_BOOK_BYTES ? 1 : 2, err);
}

/* Once it is filed the office knows. */
static int
serve_office(
    struct ticking *t, int draft_day, int reminder_day, struct err *err)
{
	struct form_record filed;
	bool draft, reminder;
	int rc = store_form(
	    t->c->store, "monthly", t->period.name, t->a, &filed, err);

	if (rc < 0 || is_new(t, "draft", draft_day, &draft, err) < 0 ||
	    is_new(t, "office", reminder_day, &reminder, err) < 0)
		return -1;
	if (rc == 0 && draft && send_drafts(t, err) < 0)
		return -1;
	if (rc == 0 && reminder &&
	    tell_office(t, "form-reminder", NULL, 0, err) < 0)
		return -1;
	return 0;
}

/* -- all ------------------------------------------------------------------ */

static int
look_at_units(struct ticking *t, struct err *err)
{
	BUF_AUTO struct buf lines = BUF_INIT;

	if (unit_statuses(t->c->conf, t->c->store, &t->period, t->a,
		&t->units, &t->n_units, err) < 0)
		return -1;
	unit_status_lines(t->c->conf, t->units, t->n_units, &lines);
	t->lines =
	    buf_bad(&lines) ? NULL : arena_strdup(t->a, buf_str(&lines));
	return t->lines == NULL ? no_memory(err) : 0;
}

/* Whether any note is behind; most looks end here without a transaction. */
static int
is_anything_new(struct ticking *t, const int days[3], bool *out,
    struct err *err)
{
	static const char *const what[] = {"units", "draft", "office"};

	*out = false;
	for (int i = 0; i < 3 && !*out; i++) {
		const char *key;
		int64_t last;

		if (day_done(t, what[i], &key, &last, err) < 0)
			return -1;
		*out = days[i] > last;
	}
	return 0;
}

static int
write_all(struct ticking *t, const int days[3], struct err *err)
{
	struct store *s = t->c->store;

	if (store_begin(s, err) < 0)
		return -1;
	if (look_at_units(t, err) == 0 && remind_units(t, days[0], err) == 0 &&
	    serve_office(t, days[1], days[2], err) == 0)
		return store_commit(s, err);
	store_rollback(s);
	return err_at(err, "forms of the month");
}

int
forms_tick(const struct take_context *c, int64_t now_s, struct err *err)
{
	const struct report_conf *r = &c->conf->report;
	ARENA_AUTO struct arena *a = arena_new();
	struct ticking t = {.c = c, .now_s = now_s, .a = a};
	char name[8];
	bool any;

	if (a == NULL)
		return no_memory(err);
	zone_civil(c->conf->zone, now_s, &t.today);
	/* From the day on which it is due nobody is reminded any more. */
	if (t.today.day >= (int)r->due_day)
		return 0;
	(void)snprintf(name, sizeof(name), "%04u-%02u",
	    (unsigned)t.today.year % 10000, (unsigned)t.today.month % 100);
	if (period_named(c->conf, name, &t.period, err) < 0)
		return -1;
	const int days[3] = {
	    day_that_came(&t, r->units_days),
	    r->draft_day != 0 ? day_that_came(&t, 1U << r->draft_day) : 0,
	    day_that_came(&t, r->office_days),
	};

	if (is_anything_new(&t, days, &any, err) < 0)
		return -1;
	return any ? write_all(&t, days, err) : 0;
}
