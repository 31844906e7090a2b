/* SPDX-License-Identifier: ISC */
#include "core/rounds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/step.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/digest.h"
#include "core/letters.h"
#include "core/sheet.h"
#include "core/summary.h"
#include "core/take.h"
#include "follow/calendar.h"
#include "letter/letter.h"
#include "store/store.h"

#define LAST_NOTE "rounds.last"
#define DAY_NOTE "rounds.%04d-%02d-%02d"
#define WEEK_NOTE "rounds.week.%d"
#define NOTE_SIZE 40
/* Days looked ahead for a working one; longer holidays are looked at again
 * then. */
#define LOOK_DAYS 40
#define SHEET_FILE "每日情况.xlsx"
#define XLSX_TYPE \
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- when -------------------------------------------------------------------
 */

static int64_t
midnight_s(const struct conf *conf, int32_t day)
{
	struct civil c;

	civil_from_day(day, &c);
	return zone_utc_s(conf->zone, &c);
}

/* When that day's letters are due, and until when they make sense: the close
 * of the office, or midnight when they are due after it.  false: a day off. */
static bool
day_due(const struct conf *conf, int32_t day, int64_t *from_s, int64_t *to_s)
{
	const struct calendar cal = {&conf->calendar, conf->zone};
	const struct term one_day = {.working_days = 1};
	struct civil c;

	if (!calendar_is_working(&cal, day, NULL))
		return false;
	*from_s = calendar_next_hours(&cal, midnight_s(conf, day));
	if (conf->rounds.sheet_min >= 0) {
		civil_from_day(day, &c);
		c.hour = conf->rounds.sheet_min / 60;
		c.minute = conf->rounds.sheet_min % 60;
		*from_s = zone_utc_s(conf->zone, &c);
	}
	/* The close of the first working day after the day before. */
	*to_s = calendar_add(&cal, midnight_s(conf, day) - 1, &one_day);
	if (*to_s <= *from_s)
		*to_s = midnight_s(conf, day + 1);
	return *from_s < *to_s;
}

/* The first time at or after now_s at which letters of a day that has none
 * yet may be written; skip: today is done.  0 = not in sight. */
static int64_t
next_due(const struct conf *conf, int64_t now_s, bool skip)
{
	int32_t today = zone_day(conf->zone, now_s);
	int64_t from_s, to_s;

	for (int32_t day = today + skip; day < today + LOOK_DAYS; day++) {
		if (!day_due(conf, day, &from_s, &to_s) || to_s <= now_s)
			continue;
		return from_s > now_s ? from_s : now_s;
	}
	return midnight_s(conf, today + LOOK_DAYS);
}

static void
day_note(int32_t day, char out[NOTE_SIZE])
{
	struct civil c;

	civil_from_day(day, &c);
	(void)snprintf(out, NOTE_SIZE, DAY_NOTE, c.year, c.month, c.day);
}

/* 1 = that day's letters were written. */
static int
day_is_done(
    const struct take_context *c, int32_t day, struct arena *a, struct err *err)
{
	char key[NOTE_SIZE];
	const char *value;

	day_note(day, key);
	return store_note_get(c->store, key, a, &value, err);
}

/* The opening of the working day before. */
static int64_t
yesterday_s(const struct conf *conf, int64_t now_s)
{
	const struct calendar cal = {&conf->calendar, conf->zone};
	int32_t day = zone_day(conf->zone, now_s) - 1;

	for (int i = 0; i < LOOK_DAYS; i++, day--)
		if (calendar_is_working(&cal, day, NULL))
			return calendar_next_hours(&cal, midnight_s(conf, day));
	return now_s - 86400;
}

/* "1791770400 4711" */
static int
read_mark(const char *text, int64_t now_s, struct sheet_mark *out)
{
	const char *blank = strchr(text, ' ');
	char at[24];

	if (blank == NULL || (size_t)(blank - text) >= sizeof(at))
		return -1;
	(void)snprintf(at, sizeof(at), "%.*s", (int)(blank - text), text);
	return str_int64(at, 1, now_s, &out->at_s) < 0 ||
		       str_int64(blank + 1, 0, INT64_MAX, &out->event) < 0
		   ? -1
		   : 0;
}

int
rounds_since(const struct conf *conf, struct store *s, int64_t now_s,
    struct arena *a, struct sheet_mark *out, struct err *err)
{
	const char *last = "";

	if (store_note_get(s, LAST_NOTE, a, &last, err) < 0)
		return -1;
	if (read_mark(last, now_s, out) == 0)
		return 0;
	/* None yet, or one from when the clock stood wrong. */
	out->at_s = yesterday_s(conf, now_s);
	return store_event_before(s, out->at_s, &out->event, err);
}

/* -- the office's sheet -----------------------------------------------------
 */

static int
read_file(const char *path, struct arena *a, struct letter_attachment *out,
    struct err *err)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	void *data = NULL;
	int rc = -1;

	if (f == NULL || fstat(fileno(f), &st) < 0) {
		(void)err_errno(err, errno, "read %s", path);
		goto out;
	}
	data = arena_alloc(a, (size_t)st.st_size + 1);
	if (data == NULL) {
		(void)no_memory(err);
	} else if (fread(data, 1, (size_t)st.st_size, f) !=
		   (size_t)st.st_size) {
		(void)err_errno(err, errno, "read %s", path);
	} else {
		*out = (struct letter_attachment){
		    SHEET_FILE, XLSX_TYPE, data, (size_t)st.st_size};
		rc = 0;
	}
out:
	if (f != NULL)
		(void)fclose(f);
	return rc;
}

/* The table as a file's bytes; it lives in a folder of its own meanwhile. */
static int
make_table(const struct conf *conf, const struct day_sheet *t, struct arena *a,
    struct letter_attachment *out, struct err *err)
{
	const char *base = getenv("TMPDIR");
	char folder[200], path[220];
	int rc;

	(void)snprintf(folder, sizeof(folder), "%s/clued-sheet-XXXXXX",
	    base != NULL && base[0] == '/' && strlen(base) < 150 ? base
								 : "/tmp");
	if (mkdtemp(folder) == NULL)
		return err_errno(err, errno, "make %s", folder);
	(void)snprintf(path, sizeof(path), "%s/sheet.xlsx", folder);
	rc = sheet_xlsx(conf, t, path, err);
	if (rc == 0)
		rc = read_file(path, a, out, err);
	(void)unlink(path);
	(void)rmdir(folder);
	return rc;
}

static int
write_sheet(const struct take_context *c, const struct sheet_mark *from,
    int64_t now_s, struct arena *a, struct err *err)
{
	const struct conf *conf = c->conf;
	BUF_AUTO struct buf text = BUF_INIT, headline = BUF_INIT;
	struct letter_attachment table;
	char when[LETTER_TIME_SIZE];
	struct day_sheet t;
	struct err lost;
	bool whole;

	if (sheet_gather(conf, c->store, from, now_s, a, &t, err) < 0)
		return -1;
	/* A full disk must not keep the sheet itself back. */
	whole = make_table(conf, &t, a, &table, &lost) == 0;
	if (!whole)
		log_err(LOG_LEVEL_WARN, "sheet-without-table", &lost, "");
	sheet_text(conf, &t, &text);
	sheet_headline(&t, &headline);
	letter_time(conf->zone, now_s, when);
	if (buf_bad(&text) || buf_bad(&headline))
		return no_memory(err);
	const struct letter_field fields[] = {
	    {"received", when},
	    {"count", buf_str(&headline)},
	    {"list", buf_str(&text)},
	    {"held", whole ? "" : "附表未能生成，请运行 cluectl today 查看。"},
	};
	const struct letters_plain l = {.kind = "daily-sheet",
	    .person = conf->roster.office,
	    .fields = fields,
	    .n_fields = sizeof(fields) / sizeof(fields[0]),
	    .files = &table,
	    .n_files = whole,
	    .priority = t.n_majors > 0,
	    .now_s = now_s};

	return letters_plain(c, &l, a, err);
}

/* -- all of a morning --------------------------------------------------------
 */

static int
note_done(const struct take_context *c, const char *key, int64_t now_s,
    struct arena *a, struct err *err)
{
	const char *value;
	int64_t event;

	if (store_event_before(c->store, INT64_MAX, &event, err) < 0)
		return -1;
	value =
	    arena_printf(a, "%lld %lld", (long long)now_s, (long long)event);
	if (value == NULL)
		return no_memory(err);
	return store_note_set(c->store, key, value, err);
}

/* The summary goes out on its weekday, or the next working day of the week. */
static int
write_week(const struct take_context *c, int32_t day, int64_t now_s,
    struct arena *a, struct err *err)
{
	const struct rounds_conf *r = &c->conf->rounds;
	char key[NOTE_SIZE];
	const char *value;
	struct civil today;
	int rc;

	civil_from_day(day, &today);
	if (r->summary_weekday == 0 || r->summary_to == 0 ||
	    today.weekday < r->summary_weekday)
		return 0;
	(void)snprintf(key, sizeof(key), WEEK_NOTE, day - today.weekday + 1);
	rc = store_note_get(c->store, key, a, &value, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (summary_write(c, now_s, a, err) < 0)
		return -1;
	return note_done(c, key, now_s, a, err);
}

static int
write_morning(const struct take_context *c, int64_t now_s, struct arena *a,
    struct err *err)
{
	const struct event_record e = {.at_s = now_s,
	    .kind = "daily-sheet",
	    .actor = "clued",
	    .detail = c->conf->roster.persons[c->conf->roster.office].id};
	int32_t day = zone_day(c->conf->zone, now_s);
	struct sheet_mark from;
	char key[NOTE_SIZE];

	day_note(day, key);
	if (rounds_since(c->conf, c->store, now_s, a, &from, err) < 0 ||
	    write_sheet(c, &from, now_s, a, err) < 0 ||
	    digest_write(c, now_s, a, err) < 0 ||
	    write_week(c, day, now_s, a, err) < 0 ||
	    store_event_add(c->store, &e, err) < 0 ||
	    note_done(c, key, now_s, a, err) < 0)
		return -1;
	return note_done(c, LAST_NOTE, now_s, a, err);
}

static int
do_morning(const struct take_context *c, int64_t now_s, struct arena *a,
    struct err *err)
{
	if (store_begin(c->store, err) < 0)
		return -1;
	if (write_morning(c, now_s, a, err) < 0)
		goto undo;
	step("rounds-before-commit");
	if (store_commit(c->store, err) < 0)
		goto undo;
	step("rounds-after-commit");
	return 0;
undo:
	store_rollback(c->store);
	return err_at(err, "regular letters");
}

int
rounds_step(const struct take_context *c, int64_t now_s, int64_t *next_s_out,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	int done;

	*next_s_out = 0;
	if (c->conf->rounds.sheet_min == ROUNDS_OFF)
		return 0;
	if (a == NULL)
		return no_memory(err);
	done = day_is_done(c, zone_day(c->conf->zone, now_s), a, err);
	if (done < 0)
		return -1;
	*next_s_out = next_due(c->conf, now_s, done == 1);
	if (*next_s_out > now_s)
		return 0;
	if (do_morning(c, now_s, a, err) < 0)
		return -1;
	*next_s_out = next_due(c->conf, now_s, true);
	return 0;
}
