/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "letter/token.h"

static char folder[] = "/tmp/clued-token-XXXXXX";
static char store_path[64];
static struct conf conf;

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(store_path, sizeof(store_path), "%s/s.db", folder);
	conf.store.path = store_path;
	conf.office.message_id_domain = "clue.example.com";
	return 0;
}

static int
teardown(void **state)
{
	char path[80];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s.token", store_path);
	(void)unlink(path);
	return rmdir(folder);
}

static void
load(struct token_key *key)
{
	struct err err;

	assert_int_equal(token_key_load(&conf, key, &err), 0);
}

static void
test_key_file(void **state)
{
	struct token_key a, b;
	struct err err;
	struct stat st;
	char path[80];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s.token", store_path);
	load(&a);
	load(&b);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(token_key_load(&conf, &b, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 31), 0);
	assert_int_equal(token_key_load(&conf, &b, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	assert_int_equal(unlink(path), 0);
	load(&b);
	assert_memory_not_equal(&a, &b, sizeof(a));
}

static void
test_bound_to_clue_person_and_turn(void **state)
{
	const struct token_subject right = {7, "lu-wenbo", 2};
	const struct token_subject wrong[] = {{8, "lu-wenbo", 2},
	    {7, "lu-wenb", 2}, {7, "lu-wenbo2", 2}, {7, "", 2},
	    {7, "lu-wenbo", 1}, {7, "lu-wenbo", 3}};
	struct token_key key, other;
	char code[TOKEN_SIZE];

	(void)state;
	load(&key);
	token_make(&key, &right, code);
	assert_int_equal(strlen(code), TOKEN_SIZE - 1);
	assert_true(token_is(&key, &right, code));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(token_is(&key, &wrong[i], code));
	other = key;
	other.bytes[31] ^= 1;
	assert_false(token_is(&other, &right, code));
	assert_false(token_is(&key, &right, ""));
	assert_false(token_is(&key, &right, "0000-0000-000"));
}

/* Random codes, the right one with one character changed, and the right ones
 * of other clues. */
static void
test_ten_thousand_forged(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	const struct token_subject of = {7, "lu-wenbo", 2};
	char right[TOKEN_SIZE], code[TOKEN_SIZE];
	struct token_key key;

	(void)state;
	load(&key);
	token_make(&key, &of, right);
	srandom(2026);
	for (int i = 0; i < 10000; i++) {
		memcpy(code, right, sizeof(code));
		if (i % 3 == 0) {
			for (int k = 0; k < TOKEN_SIZE - 1; k++)
				if (code[k] != '-')
					code[k] = alphabet[random() % 32];
		} else if (i % 3 == 1) {
			size_t k = (size_t)random() % (TOKEN_SIZE - 1);

			code[k] = alphabet[random() % 32];
		} else {
			token_make(&key,
			    &(struct token_subject){7 + 1 + i, "lu-wenbo", 2},
			    code);
		}
		if (strcmp(code, right) != 0)
			assert_false(token_is(&key, &of, code));
	}
}

static void
test_found_in_subjects(void **state)
{
	static const struct {
		const char *s, *code; /* NULL = none */
	} cases[] = {
	    {"Re: 【线索交办】LY-2026-000001 渣土运输 [K7Q2-9XWM-4R3T]",
		"K7Q2-9XWM-4R3T"},
	    {"回复：[k7q2-9xwm-4r3t]", "K7Q2-9XWM-4R3T"},
	    {"Ｋ７Ｑ２－９ＸＷＭ－４Ｒ３Ｔ", "K7Q2-9XWM-4R3T"},
	    {"K7Q2 9XWM 4R3T", "K7Q2-9XWM-4R3T"},
	    {"K7Q2 - 9XWM - 4R3T", "K7Q2-9XWM-4R3T"},
	    {"KOQ2-9IWM-4L3T", "K0Q2-91WM-413T"},
	    {"LY-2026-000001", NULL},
	    {"K7Q2-9XWM-4R3", NULL},
	    {"K7Q2-9XWM-4R3TX", NULL},
	    {"XK7Q2-9XWM-4R3T", NULL},
	    {"K7Q29XWM4R3T", NULL},
	    {"K7Q2-9XUM-4R3T", NULL},
	    {"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char code[TOKEN_SIZE];
		const char *end;
		bool found = token_find(cases[i].s, code, &end);

		assert_int_equal(found, cases[i].code != NULL);
		if (found)
			assert_string_equal(code, cases[i].code);
	}
}

static void
test_the_second_code(void **state)
{
	char code[TOKEN_SIZE];
	const char *end;

	(void)state;
	assert_true(token_find("AAAA-BBBB-CCCC K7Q2-9XWM-4R3T.", code, &end));
	assert_string_equal(code, "AAAA-BBBB-CCCC");
	assert_true(token_find(end, code, &end));
	assert_string_equal(code, "K7Q2-9XWM-4R3T");
	assert_false(token_find(end, code, &end));
}

static void
test_message_ids(void **state)
{
	struct arena *a = arena_new();
	char code[TOKEN_SIZE];
	char *id = token_message_id(&conf, "K7Q2-9XWM-4R3T", a);
	char *other = token_message_id(&conf, "K7Q2-9XWM-4R3T", a);
	char *plain = token_message_id(&conf, "", a);

	(void)state;
	assert_non_null(id);
	assert_string_not_equal(id, other);
	assert_string_equal(id + strlen(id) - 17, "@clue.example.com");
	assert_true(token_of_message_id(id, code));
	assert_string_equal(code, "K7Q2-9XWM-4R3T");
	assert_int_equal(strlen(plain), 32 + 17);
	assert_false(token_of_message_id(plain, code));
	assert_false(token_of_message_id("", code));
	assert_false(token_of_message_id("a.K7Q29XWM4R3T@x", code));
	assert_false(token_of_message_id(
	    "0123456789abcdef0123456789abcdef.K7Q29XWM4R3@x", code));
	assert_false(token_of_message_id(
	    "0123456789abcdef0123456789abcdef.K7Q29XWM4R3TT@x", code));
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_key_file),
	    cmocka_unit_test(test_bound_to_clue_person_and_turn),
	    cmocka_unit_test(test_ten_thousand_forged),
	    cmocka_unit_test(test_found_in_subjects),
	    cmocka_unit_test(test_the_second_code),
	    cmocka_unit_test(test_message_ids),
	};

	return cmocka_run_group_tests_name(
	    "reply tokens", tests, setup, teardown);
}
