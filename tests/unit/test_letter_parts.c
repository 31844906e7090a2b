/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "letter/parts.h"
#include "letter/token.h"
#include "letter_world.h"
#include "parse/charset.h"
#include "parse/words.h"

static void
compose(struct world *w, const struct letter_attachment *list, size_t n,
    struct buf *out)
{
	struct err err;

	w->request.attachments = list;
	w->request.n_attachments = n;
	buf_clear(out);
	assert_int_equal(letter_notice(&w->conf, &world_facts, &w->request,
			     out, &err),
	    0);
}

static void
test_there_and_back(void **state)
{
	static unsigned char noise[70001];
	const struct letter_attachment list[] = {
	    {"photo-1.jpg", "image/jpeg", noise, sizeof(noise)},
	    {"photo-2.png", "image/png", "", 0},
	    {"attachment-3.bin", "application/octet-stream", "\r\n--=_mixed_",
		12},
	};
	BUF_AUTO struct buf b = BUF_INIT;
	struct arena *a = arena_new();
	struct letter_attachment *got;
	struct world w;
	struct err err;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)(i * 31 + i / 256);
	world_make(&w, WORLD_NOTICE);
	for (size_t count = 0; count <= 3; count++) {
		compose(&w, list, count, &b);
		assert_int_equal(
		    letter_parts(b.data, b.len, a, &got, &n, &err), 0);
		assert_int_equal(n, count);
		for (size_t i = 0; i < n; i++) {
			assert_string_equal(got[i].name, list[i].name);
			assert_string_equal(got[i].type, list[i].type);
			assert_int_equal(got[i].len, list[i].len);
			assert_memory_equal(
			    got[i].data, list[i].data, list[i].len);
		}
	}
	arena_free(&a);
	world_done(&w);
}

/* A letter cut anywhere gives an error or fewer parts, never a crash. */
static void
test_cut(void **state)
{
	const struct letter_attachment one = {
	    "photo-1.jpg", "image/jpeg", "0123456789", 10};
	BUF_AUTO struct buf b = BUF_INIT;
	struct letter_attachment *got;
	struct world w;
	struct err err;
	size_t n;

	(void)state;
	world_make(&w, WORLD_NOTICE);
	compose(&w, &one, 1, &b);
	for (size_t len = 0; len < b.len; len++) {
		struct arena *a = arena_new();

		if (letter_parts(b.data, len, a, &got, &n, &err) == 0)
			assert_true(n <= 1);
		arena_free(&a);
	}
	world_done(&w);
}

/* The subject as our own reader has it, for GMime loses words behind a padded
 * one. */
static void
check_subject(const struct buf *letter)
{
	const char *from = strstr(buf_str(letter), "\r\nSubject: ") + 11;
	const char *to = strstr(from, "\r\nMessage-ID: "), *end;
	BUF_AUTO struct buf subject = BUF_INIT;
	struct charset_result result;
	char code[TOKEN_SIZE];

	assert_int_equal(words_decode(from, (size_t)(to - from), NULL,
			     MAX_SUBJECT_BYTES, &subject, &result),
	    0);
	assert_true(token_find(buf_str(&subject), code, &end));
	assert_string_equal(code, "K7Q2-9XWM-4R3T");
	assert_string_equal(end, "]");
}

/* The code ends the subject however long that is. */
static void
test_code_in_the_subject(void **state)
{
	(void)state;
	for (int len = 1; len < 300; len += 7) {
		BUF_AUTO struct buf b = BUF_INIT;
		BUF_AUTO struct buf text = BUF_INIT;
		struct world w;
		struct err err;

		buf_adds(&text, "Subject: ");
		for (int i = 0; i < len; i++)
			buf_adds(&text, i % 5 == 0 ? "x" : "渣");
		buf_adds(&text, "\n\nhello\n");
		world_make(&w, buf_str(&text));
		w.request.code = "K7Q2-9XWM-4R3T";
		assert_int_equal(
		    letter_compose(&w.conf, &w.request, &b, &err), 0);
		check_subject(&b);
		world_done(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_code_in_the_subject),
	};

	return cmocka_run_group_tests_name("letter parts", tests, NULL, NULL);
}
