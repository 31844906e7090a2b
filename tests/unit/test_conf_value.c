/* SPDX-License-Identifier: ISC */
/* Values written as text: sizes, times, dates, terms, hours, names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/zone.h"
#include "conf/conf.h"
#include "conf/value.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
sizes(void **state)
{
	static const struct { const char *text; int64_t bytes; } cases[] = {
	    {"0B", 0}, {"100B", 100}, {"512K", 524288}, {"20M", 20971520},
	    {"1G", 1073741824}, {"64", -1}, {"", -1}, {"K", -1}, {"1 K", -1},
	    {"1k", -1}, {"-1K", -1}, {"1.5M", -1}, {"1KB", -1}, {" 1K", -1},
	    {"99999999999999999999G", -1}, {"1000000000000000G", -1},
	    {"0x10K", -1}};
	(void)state;

	for (size_t i = 0; i < N(cases); i++) {
		uint64_t v = 77;
		int rc = value_size(cases[i].text, &v);

		assert_int_equal(rc, cases[i].bytes < 0 ? -1 : 0);
		assert_int_equal(v, rc < 0 ? 77 : (uint64_t)cases[i].bytes);
	}
}

static void
times(void **state)
{
	static const struct { const char *text; int64_t ms; } cases[] = {
	    {"500ms", 500}, {"30s", 30000}, {"5m", 300000}, {"2h", 7200000},
	    {"3d", 259200000}, {"1w", 604800000}, {"0s", 0}, {"30", -1},
	    {"s", -1}, {"1h30m", -1}, {"30 s", -1}, {"30sec", -1},
	    {"1000000000000000w", -1}};
	(void)state;

	for (size_t i = 0; i < N(cases); i++) {
		uint64_t v = 77;
		int rc = value_time(cases[i].text, &v);

		assert_int_equal(rc, cases[i].ms < 0 ? -1 : 0);
		assert_int_equal(v, rc < 0 ? 77 : (uint64_t)cases[i].ms);
	}
}

static void
terms(void **state)
{
	static const struct { const char *text; int days, minutes; } cases[] = {
	    {"13d", 13, 0}, {"4h", 0, 240}, {"30m", 0, 30}, {"0d", 0, 0},
	    {"1001d", -1, 0}, {"2w", -1, 0}, {"30s", -1, 0}, {"", -1, 0},
	    {"100001m", -1, 0}, {"1d4h", -1, 0}};
	(void)state;

	for (size_t i = 0; i < N(cases); i++) {
		struct term t = {9, 9};
		int rc = value_term(cases[i].text, &t);

		assert_int_equal(rc, cases[i].days < 0 ? -1 : 0);
		if (rc < 0)
			continue;
		assert_int_equal(t.working_days, cases[i].days);
		assert_int_equal(t.working_minutes, cases[i].minutes);
	}
}

static void
dates(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-2-01", "2026-02-29",
	    "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "1969-12-31",
	    "2026-01-01 ", "2026/01/01", "+026-01-01", "２026-01-01"};
	int32_t day = 5;
	(void)state;

	assert_int_equal(value_date("2026-10-10", &day), 0);
	assert_int_equal(day, civil_day_number(2026, 10, 10));
	assert_int_equal(value_date("2024-02-29", &day), 0);
	assert_int_equal(value_date("1970-01-01", &day), 0);
	assert_int_equal(day, 0);
	for (size_t i = 0; i < N(bad); i++)
		assert_int_equal(value_date(bad[i], &day), -1);
}

static void
hours(void **state)
{
	static const char *const bad[] = {"8:30-12:00", "08:30", "08:30-",
	    "08:30-08:30", "12:00-08:30", "08:30-12:00,14:00-17:00",
	    "08:30-12:00  14:00-17:00", "14:00-17:30 08:30-12:00",
	    "08:30-12:00 11:00-13:00", "08:60-12:00", "08:30-24:01",
	    "25:00-26:00", " 08:30-12:00", "08:30-12:00 ",
	    "01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00"};
	struct work_day d = {.n_spans = 3};
	(void)state;

	assert_int_equal(value_hours("08:30-12:00 14:00-17:30", &d), 0);
	assert_int_equal(d.n_spans, 2);
	assert_int_equal(d.spans[0].from_min, 510);
	assert_int_equal(d.spans[0].to_min, 720);
	assert_int_equal(d.spans[1].from_min, 840);
	assert_int_equal(d.spans[1].to_min, 1050);
	assert_int_equal(value_hours("00:00-24:00", &d), 0);
	assert_int_equal(d.spans[0].to_min, 1440);
	assert_int_equal(value_hours("08:00-12:00 12:00-13:00", &d), 0);
	assert_int_equal(value_hours("", &d), 0);
	assert_int_equal(d.n_spans, 0);
	for (size_t i = 0; i < N(bad); i++)
		assert_int_equal(value_hours(bad[i], &d), -1);
}

static void
addresses(void **state)
{
	static const char *const good[] = {"a@example.com",
	    "first.last+tag@sub.example.org", "o'neil@example.com",
	    "1_2-3@163.com", "a@xn--fiqs8s.example"};
	static const char *const bad[] = {"", "a", "@example.com", "a@",
	    "a@example", "a@-x.com", "a@x-.com", "a@x..com", ".a@x.com",
	    "a.@x.com", "a..b@x.com", "a b@x.com", "a@x.com\r\nRCPT TO:<b@x.com>",
	    "a@x.com>", "<a@x.com>", "\"a b\"@x.com", "张三@x.com",
	    "a@例子.com", "a@x.com,b@x.com", "a@b@x.com",
	    "a2345678901234567890123456789012345678901234567890123456789012345"
	    "@x.com"};
	(void)state;

	for (size_t i = 0; i < N(good); i++)
		assert_null(value_address_fault(good[i]));
	for (size_t i = 0; i < N(bad); i++)
		assert_non_null(value_address_fault(bad[i]));
}

static void
hosts(void **state)
{
	static const char *const good[] = {"imap.163.com", "localhost",
	    "127.0.0.1", "[::1]", "[2001:db8::25]", "A-1.example"};
	static const char *const bad[] = {"", ".", "a..b", "-a.com", "a-.com",
	    "a_b.com", "a b", "a/b", "a:993", "user@host", "[::1", "::1", "[]",
	    "a.com\n", "例子.com", "a.com/%0d%0a"};
	(void)state;

	for (size_t i = 0; i < N(good); i++)
		assert_true(value_host_ok(good[i]));
	for (size_t i = 0; i < N(bad); i++)
		assert_false(value_host_ok(bad[i]));
	assert_true(value_host_is_loopback("LocalHost"));
	assert_true(value_host_is_loopback("127.1.2.3"));
	assert_true(value_host_is_loopback("[::1]"));
	assert_false(value_host_is_loopback("127.example.com"));
	assert_false(value_host_is_loopback("128.0.0.1"));
	assert_true(value_host_port_ok("127.0.0.1:143"));
	assert_true(value_host_port_ok("[::1]:65535"));
	assert_false(value_host_port_ok("127.0.0.1"));
	assert_false(value_host_port_ok("127.0.0.1:0"));
	assert_false(value_host_port_ok("127.0.0.1:65536"));
	assert_false(value_host_port_ok(":143"));
	assert_true(value_host_port_is_loopback("127.0.0.1:143"));
	assert_true(value_host_port_is_loopback("[::1]:143"));
	assert_false(value_host_port_is_loopback("127.0.0.1"));
	assert_false(value_host_port_is_loopback("127.example.com:143"));
}

static void
ids(void **state)
{
	(void)state;
	assert_true(value_id_ok("muck-transport"));
	assert_true(value_id_ok("163"));
	assert_false(value_id_ok(""));
	assert_false(value_id_ok("-a"));
	assert_false(value_id_ok("Muck"));
	assert_false(value_id_ok("a_b"));
	assert_false(value_id_ok("渣土"));
	assert_false(value_id_ok("a/b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(times),
	    cmocka_unit_test(terms),
	    cmocka_unit_test(dates),
	    cmocka_unit_test(hours),
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(hosts),
	    cmocka_unit_test(ids),
	};

	return cmocka_run_group_tests_name(
	    "conf_value", tests, NULL, NULL);
}
