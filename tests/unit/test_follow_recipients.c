/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "conf/conf.h"
#include "follow/recipients.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define O LADDER_OFFICER
#define L LADDER_LEADER
#define B LADDER_BUREAU_LEADER
#define F LADDER_OFFICE

/* Unit 0 is headed by "head"; "away" is absent from day 100 to 110. */
static const struct unit_conf units[] = {{.id = "unit", .leader = 0}};
static const struct person_conf persons[] = {
    {.id = "head", .unit = 0},
    {.id = "man", .unit = 0},
    {.id = "away", .unit = 0, .absent_from = 100, .absent_to = 110},
    {.id = "gone", .unit = 0, .absent_from = 100},
    {.id = "lone", .unit = -1},
    {.id = "boss", .unit = -1},
    {.id = "bureau", .unit = -1},
    {.id = "office", .unit = -1, .kind = PERSON_OFFICE},
    {.id = "office2", .unit = -1, .kind = PERSON_OFFICE},
    {.id = "jiwei", .unit = -1, .kind = PERSON_DISCIPLINE},
};
static const struct conf conf = {
    .roster = {.units = units, .n_units = N(units), .persons = persons,
        .n_persons = N(persons), .office = 7, .discipline = 9,
        .bureau_leader = 6},
};

static const struct row {
	const char *officer, *deputy, *leader, *excluded;
	uint32_t to;
	int32_t today;
	const char *want; /* ids in order */
	const char *acting;
	bool discipline, with_office;
} rows[] = {
    /* As the ladder has them by default. */
    {"man", "lone", "boss", "", O, 50, "man", "man", 0, 0},
    {"man", "lone", "boss", "", O | L, 50, "man head", "man", 0, 0},
    {"man", "lone", "boss", "", B | F, 50, "bureau office", "man", 0, 0},
    /* The head himself, and a person without a unit: the duty's leader. */
    {"head", "man", "boss", "", O | L, 50, "head boss", "head", 0, 0},
    {"lone", "man", "boss", "", O | L, 50, "lone boss", "lone", 0, 0},
    {"lone", "", "", "", O | L, 50, "lone", "lone", 0, 0},
    /* Nobody twice. */
    {"lone", "", "bureau", "", L | B, 50, "bureau", "lone", 0, 0},
    /* Away: the deputy acts, else the leader, else the office. */
    {"away", "man", "boss", "", O | L, 99, "away head", "away", 0, 0},
    {"away", "man", "boss", "", O | L, 100, "man head", "man", 0, 0},
    {"away", "man", "boss", "", O, 110, "man", "man", 0, 0},
    {"away", "man", "boss", "", O, 111, "away", "away", 0, 0},
    {"away", "gone", "boss", "", O | L, 105, "boss head", "boss", 0, 0},
    {"away", "", "", "", O | L, 105, "office head", "office", 0, 0},
    {"away", "", "gone", "", O | F, 105, "office", "office", 0, 0},
    /* Left the roster: the deputy, else the office. */
    {"nobody", "man", "", "", O, 50, "man", "man", 0, 0},
    {"nobody", "", "", "", O, 50, "office", "office", 0, 0},
    /* The accused never; the office instead, once. */
    {"man", "lone", "boss", "head: 第一段", O | L, 50, "man office", "man",
        0, 0},
    {"man", "lone", "boss", "head: x (?); bureau: y", L | B | F, 50,
        "office", "man", 0, 0},
    {"man", "lone", "boss", "man: x", O, 50, "office", "office", 0, 0},
    {"away", "man", "boss", "man: x", O, 105, "boss", "boss", 0, 0},
    {"away", "man", "boss", "boss: x; man: y", O, 105, "office", "office",
        0, 0},
    /* An id that is the beginning of another's. */
    {"man", "lone", "boss", "office2: x", F, 50, "office", "man", 0, 0},
    {"man", "lone", "boss", "office: x", F, 50, "office2", "man", 0, 0},
    {"man", "", "", "manx: head man", O | L, 50, "man head", "man", 0, 0},
    /* The whole office accused: discipline; everybody: nobody. */
    {"man", "", "", "office: x; office2: y", F, 50, "jiwei", "man", 0, 0},
    {"man", "", "", "office: x; office2: y; jiwei: z; man: 0", O | F, 50,
        "", "", 0, 0},
    /* Discipline's clues are nobody else's business. */
    {"jiwei", "", "boss", "man: x", O | L, 50, "jiwei", "jiwei", 1, 0},
    {"jiwei", "", "boss", "man: x", B | F, 50, "office", "jiwei", 1, 0},
    {"jiwei", "", "boss", "man: x", B, 50, "office", "jiwei", 1, 0},
    {"away", "man", "boss", "", O, 105, "away", "away", 1, 0},
    /* Returned: the office must place it. */
    {"man", "lone", "boss", "", O | L, 50, "office head", "office", 0, 1},
};

static void
test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		const struct row *r = &rows[i];
		const struct recipients_clue clue = {.officer = r->officer,
		    .deputy = r->deputy, .leader = r->leader,
		    .excluded = r->excluded, .discipline = r->discipline,
		    .with_office = r->with_office};
		BUF_AUTO struct buf got = BUF_INIT;
		struct recipients to;

		recipients_find(&conf, &clue, r->to, r->today, &to);
		for (size_t k = 0; k < to.n; k++)
			buf_addf(&got, "%s%s", k > 0 ? " " : "",
			    persons[to.person[k]].id);
		if (strcmp(buf_str(&got), r->want) != 0)
			print_error("row %zu\n", i);
		assert_string_equal(buf_str(&got), r->want);
		assert_string_equal(
		    to.acting < 0 ? "" : persons[to.acting].id, r->acting);
	}
}

static void
test_excluded(void **state)
{
	static const char list[] = "lu-wenbo: 正文“陆文博”; he-yun: x (?)";

	(void)state;
	assert_true(recipients_excluded(list, "lu-wenbo"));
	assert_true(recipients_excluded(list, "he-yun"));
	assert_false(recipients_excluded(list, "wenbo"));
	assert_false(recipients_excluded(list, "lu"));
	assert_false(recipients_excluded(list, ""));
	assert_false(recipients_excluded("", "he-yun"));
	assert_true(recipients_excluded("he-yun", "he-yun"));
	assert_true(recipients_excluded(" ;; a;he-yun ;", "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_excluded),
	};

	return cmocka_run_group_tests_name(
	    "follow_recipients", tests, NULL, NULL);
}
