/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include <ctype.h>

#include "base/buf.h"
#include "schema.sql.h"
#include "store/migrate.h"

/* -- what a database is made of, whichever way it was made ----------------- */

/* Comments out, blanks to one, the parts of a table's list each by itself
 * and sorted: ALTER TABLE puts a column behind the others. */
static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
add_sorted(struct buf *out, char *list)
{
	char *parts[64] = {list};
	size_t n = 1;
	int depth = 0;

	for (char *p = list; *p != '\0'; p++) {
		depth += (*p == '(') - (*p == ')');
		if (*p == ',' && depth == 0) {
			*p = '\0';
			assert_true(n < 64);
			parts[n++] = p[1] == ' ' ? p + 2 : p + 1;
		}
	}
	qsort(parts, n, sizeof(parts[0]), by_text);
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "\t%s\n", parts[i]);
}

static char *
plain(const char *sql)
{
	char *copy = malloc(strlen(sql) + 1), *to = copy;

	assert_non_null(copy);
	for (; *sql != '\0'; sql++) {
		if (strncmp(sql, "--", 2) == 0)
			sql += strcspn(sql, "\n");
		if (!isspace((unsigned char)*sql))
			*to++ = *sql;
		else if (to > copy && !strchr(" (,", to[-1]) &&
		    !strchr("),", sql[1]))
			*to++ = ' ';
	}
	*to = '\0';
	return copy;
}

static void
add_thing(struct buf *out, const char *type, const char *sql)
{
	char *text = plain(sql), *open = strchr(text, '(');
	char *close = strrchr(text, ')');

	if (strcmp(type, "table") == 0 && open != NULL && close != NULL) {
		*open = *close = '\0';
		buf_addf(out, "%s -- %s\n", text, close + 1);
		add_sorted(out, open + 1);
	} else {
		buf_addf(out, "%s\n", text);
	}
	free(text);
}

static void
describe(sqlite3 *db, struct buf *out)
{
	sqlite3_stmt *stmt = NULL;

	buf_clear(out);
	assert_int_equal(sqlite3_prepare_v2(db,
	    "SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL"
	    " ORDER BY type, name", -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		add_thing(out, (const char *)sqlite3_column_text(stmt, 0),
		    (const char *)sqlite3_column_text(stmt, 1));
	(void)sqlite3_finalize(stmt);
	buf_addf(out, "%lld %lld\n",
	    (long long)raw_number(db, "PRAGMA application_id"),
	    (long long)raw_number(db, "PRAGMA user_version"));
}

static void
same_database(sqlite3 *a, sqlite3 *b)
{
	BUF_AUTO struct buf one = BUF_INIT, two = BUF_INIT;

	describe(a, &one);
	describe(b, &two);
	assert_true(one.len > 100 && !buf_bad(&one));
	assert_string_equal(buf_str(&one), buf_str(&two));
}

static void
stamp(sqlite3 *db, int version)
{
	char sql[100];

	(void)snprintf(sql, sizeof(sql),
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    STORE_APPLICATION_ID, version);
	raw_exec(db, sql);
}

/* -- the real chain -------------------------------------------------------- */

static char *
read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	if (f == NULL)
		fail_msg("%s is not there", path);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
	(void)fclose(f);
	return text;
}

/* Each older schema is kept; all of them lead to today's. */
static void
every_released_schema_leads_to_ours(void **state)
{
	sqlite3 *fresh = raw_open(":memory:"), *old;
	struct err err = {0};
	char path[100], *sql;

	(void)state;
	assert_int_equal(
	    migrate(fresh, schema_sql, migrations, STORE_SCHEMA, true, &err),
	    1);
	for (int v = 1; v < STORE_SCHEMA; v++) {
		(void)snprintf(
		    path, sizeof(path), "tests/data/store/v%d.sql", v);
		sql = read_text(path);
		old = raw_open(":memory:");
		raw_exec(old, sql);
		free(sql);
		stamp(old, v);
		if (migrate(old, schema_sql, migrations, STORE_SCHEMA, true,
			&err) != 0)
			fail_msg("%s", err.what);
		same_database(fresh, old);
		(void)sqlite3_close(old);
	}
	(void)sqlite3_close(fresh);
}

static void
the_chain_has_every_step_once(void **state)
{
	int at = 1;

	(void)state;
	for (const struct migration *m = migrations; m->sql != NULL; m++)
		assert_int_equal(m->from, at++);
	assert_int_equal(at, STORE_SCHEMA);
}

/* -- how a chain works, tried with an invented one ------------------------- */

static const char third[] =
    "CREATE TABLE a ( -- with , and (\n"
    "	id INTEGER PRIMARY KEY,\n"
    "	later TEXT NOT NULL DEFAULT '' CHECK (length(later) < 9),\n"
    "	name TEXT NOT NULL, UNIQUE (name, id)\n"
    ") STRICT;\n"
    "CREATE INDEX a_later ON a (later);";
static const char first[] =
    "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " UNIQUE (name, id)) STRICT; INSERT INTO a VALUES (1, 'kept')";
static const struct migration steps[] = {
    {1, "ALTER TABLE a ADD COLUMN later TEXT NOT NULL DEFAULT ''"
	" CHECK (length(later) < 9)"},
    {2, "CREATE INDEX a_later ON a (later)"},
    {0, NULL},
};

static void
a_chain_leads_step_by_step(void **state)
{
	sqlite3 *fresh = raw_open(":memory:"), *old;
	struct err err = {0};

	(void)state;
	assert_int_equal(migrate(fresh, third, steps, 3, true, &err), 1);
	assert_int_equal(migrate(fresh, third, steps, 3, true, &err), 0);
	for (int v = 1; v <= 2; v++) {
		old = raw_open(":memory:");
		raw_exec(old, first);
		if (v == 2)
			raw_exec(old, steps[0].sql);
		stamp(old, v);
		assert_int_equal(
		    migrate(old, third, steps, 3, false, &err), -1);
		assert_int_equal(err.kind, ERR_CONF);
		assert_non_null(strstr(err.what, "older"));
		assert_int_equal(
		    migrate(old, third, steps, 3, true, &err), 0);
		same_database(fresh, old);
		assert_int_equal(raw_number(old,
		    "SELECT count(*) FROM a WHERE name = 'kept'"), 1);
		(void)sqlite3_close(old);
	}
	(void)sqlite3_close(fresh);
}

static void
a_chain_without_a_way_or_with_a_fault_changes_nothing(void **state)
{
	static const struct migration gap[] = {
	    {2, "CREATE INDEX a_later ON a (name)"}, {0, NULL}};
	static const struct migration fault[] = {
	    {1, "CREATE TABLE b (x); CREATE TABLE a (x)"}, {0, NULL}};
	sqlite3 *old = raw_open(":memory:");
	struct err err = {0};

	(void)state;
	raw_exec(old, first);
	stamp(old, 1);
	raw_exec(old, "BEGIN");
	assert_int_equal(migrate(old, third, gap, 3, true, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	assert_int_equal(migrate(old, third, fault, 2, true, &err), -1);
	assert_non_null(strstr(err.where, "schema 1 to 2"));
	raw_exec(old, "ROLLBACK");
	assert_int_equal(raw_number(old, "PRAGMA user_version"), 1);
	assert_int_equal(raw_number(old,
	    "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
	(void)sqlite3_close(old);
}

static void
a_store_that_lost_its_number_is_refused(void **state)
{
	struct world *w = *state;

	raw_exec(w->s->db, "PRAGMA user_version = 0");
	store_close(&w->s);
	refused(w, ERR_CONF,
	    store_open(w->path, STORE_CREATE, &w->s, &w->err));
	assert_non_null(strstr(w->err.what, "another program"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_released_schema_leads_to_ours),
	    cmocka_unit_test(the_chain_has_every_step_once),
	    cmocka_unit_test(a_chain_leads_step_by_step),
	    cmocka_unit_test(
		a_chain_without_a_way_or_with_a_fault_changes_nothing),
	    T(a_store_that_lost_its_number_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
