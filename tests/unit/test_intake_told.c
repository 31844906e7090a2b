/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "intake/content.h"
#include "intake/gram.h"
#include "hide/hide.h"
#include "intake/told.h"
#include "parse/message.h"

#ifdef __SANITIZE_ADDRESS__
/* Its checks cost many times the work. */
#define LONGEST (MAX_TEXT_BYTES / 8)
#else
#define LONGEST MAX_TEXT_BYTES
#endif

struct world {
	struct message *m;
	struct told told;
	struct buf wire;
	struct err err;
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->m = message_new();
	assert_non_null(w->m);
	w->m->from = (struct mail_address){"王小红", "wang@example.com"};
	w->m->subject = "举报渣土车（王小红）";
	w->m->text = "我叫王小红，家住盐河路38号。\n老板马三的渣土车苏G·12345"
		     "每天夜里两点以后在新浦河边偷倒渣土，已经倒了半年，没有人管。"
		     "马三的电话是13800001111。";
	assert_int_equal(
	    told_make(w->m, w->m->arena, &w->told, &w->err), 0);
	told_put(&w->wire, &w->told);
	assert_false(buf_bad(&w->wire));
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	buf_done(&w->wire);
	message_free(&w->m);
	free(w);
	return 0;
}

static void
assert_same(const struct told *a, const struct told *b)
{
	assert_string_equal(a->subject, b->subject);
	assert_string_equal(a->text, b->text);
	assert_memory_equal(a->content_key, b->content_key, SHA256_BYTES);
	assert_int_equal(a->print.n_keys, b->print.n_keys);
	assert_memory_equal(a->print.keys, b->print.keys,
	    a->print.n_keys * sizeof(a->print.keys[0]));
	assert_int_equal(a->print.has_text, b->print.has_text);
	assert_memory_equal(
	    a->print.sign, b->print.sign, sizeof(a->print.sign));
	assert_string_equal(a->pairs, b->pairs);
}

static void
test_tells(void **state)
{
	struct world *w = *state;
	const char *const texts[] = {w->m->subject, w->m->text};
	BUF_AUTO struct buf pairs = BUF_INIT;
	unsigned char key[SHA256_BYTES];
	struct similar_print print;

	assert_null(strstr(w->told.text, "王小红"));
	assert_null(strstr(w->told.subject, "王小红"));
	assert_non_null(strstr(w->told.text, HIDDEN_MARK));
	assert_non_null(strstr(w->told.text, "苏G·12345"));
	assert_non_null(strstr(w->told.text, "马三的电话是13800001111"));
	assert_int_equal(content_key(w->m, key), 0);
	assert_memory_equal(w->told.content_key, key, sizeof(key));
	/* Of what is shown: the citizen's own street links nothing. */
	assert_int_equal(
	    similar_print(w->told.subject, w->told.text, &print), 0);
	assert_int_equal(print.n_keys, w->told.print.n_keys);
	assert_true(print.has_text && w->told.print.has_text);
	/* The office finds the whole. */
	gram_pairs(texts, 2, &pairs);
	assert_string_equal(w->told.pairs, buf_str(&pairs));
	assert_non_null(strstr(w->told.pairs, "小红"));
}

static void
test_round_trip(void **state)
{
	struct world *w = *state;
	const struct told *of;

	assert_null(w->m->told);
	assert_int_equal(
	    told_read(w->m, w->wire.data, w->wire.len, &w->err), 0);
	assert_non_null(w->m->told);
	assert_same(&w->told, w->m->told);
	/* What came is taken, and not made again. */
	assert_int_equal(told_of(w->m, w->m->arena, &of, &w->err), 0);
	assert_ptr_equal(of, w->m->told);
	w->m->told = NULL;
	assert_int_equal(told_of(w->m, w->m->arena, &of, &w->err), 0);
	assert_same(&w->told, of);
}

static void
test_empty(void **state)
{
	struct message *m = message_new();
	BUF_AUTO struct buf b = BUF_INIT;

	(void)state;
	assert_non_null(m);
	told_write(m, &b);
	assert_false(buf_bad(&b));
	assert_int_equal(told_read(m, b.data, b.len, NULL), 0);
	assert_string_equal(m->told->subject, "");
	assert_string_equal(m->told->text, "");
	assert_int_equal(m->told->print.n_keys, 0);
	assert_false(m->told->print.has_text);
	message_free(&m);
}

/* Reads from a copy of exactly len bytes, so that ASan sees one byte more. */
static int
get(struct world *w, const char *data, size_t len)
{
	ARENA_AUTO struct arena *a = arena_new();
	char *copy = malloc(len > 0 ? len : 1);
	struct told t = {.subject = "untouched"};
	int rc;

	assert_true(a != NULL && copy != NULL);
	memcpy(copy, data, len);
	rc = told_get(copy, len, a, &t, &w->err);
	free(copy);
	if (rc < 0) {
		assert_int_equal(w->err.kind, ERR_INPUT);
		assert_string_equal(t.subject, "untouched");
	}
	return rc;
}

static void
test_cut_at_every_length(void **state)
{
	struct world *w = *state;

	for (size_t n = 0; n < w->wire.len; n++)
		assert_int_equal(get(w, w->wire.data, n), -1);
	assert_int_equal(get(w, w->wire.data, w->wire.len), 0);
	buf_addc(&w->wire, '\0');
	assert_int_equal(get(w, w->wire.data, w->wire.len), -1);
}

/* Whatever is taken can be written again as it came. */
static void
test_flip_every_byte(void **state)
{
	static const unsigned char masks[] = {0x01, 0x80, 0xff, 0x20};
	struct world *w = *state;

	for (size_t i = 0; i < w->wire.len; i++)
		for (size_t k = 0; k < sizeof(masks); k++) {
			ARENA_AUTO struct arena *a = arena_new();
			BUF_AUTO struct buf again = BUF_INIT;
			struct told t;

			w->wire.data[i] = (char)(w->wire.data[i] ^ masks[k]);
			if (told_get(w->wire.data, w->wire.len, a, &t,
				&w->err) == 0) {
				told_put(&again, &t);
				assert_int_equal(again.len, w->wire.len);
				assert_memory_equal(
				    again.data, w->wire.data, again.len);
			}
			w->wire.data[i] = (char)(w->wire.data[i] ^ masks[k]);
		}
}

/* ---- lies ---------------------------------------------------------------- */

static void
lie_subject_line(struct told *t)
{
	t->subject = "two\nlines";
}

static void
lie_utf8(struct told *t)
{
	t->text = "\xff\xfe";
}

static void
lie_control(struct told *t)
{
	t->text = "a\x1b[31mb";
}

static void
lie_null(struct told *t)
{
	t->text = NULL;
}

static void
lie_long_subject(struct told *t)
{
	static char s[MAX_HIDDEN_TIMES * MAX_SUBJECT_BYTES + 2];

	memset(s, 'a', sizeof(s) - 1);
	t->subject = s;
}

static void
lie_key_zero(struct told *t)
{
	t->print.keys[1] = 0;
}

static void
lie_key_negative(struct told *t)
{
	t->print.keys[1] = -t->print.keys[1];
}

static void
lie_key_large(struct told *t)
{
	t->print.keys[1] |= INT64_C(1) << 47;
}

static void
lie_key_kind(struct told *t)
{
	t->print.keys[1] = (t->print.keys[1] & ~INT64_C(7)) | 5;
}

static void
lie_key_twice(struct told *t)
{
	t->print.keys[1] = t->print.keys[0];
}

static void
lie_no_pairs(struct told *t)
{
	t->pairs = NULL;
}

static void
lie_long_pairs(struct told *t)
{
	static char s[MAX_PAIRS_BYTES + 2];

	memset(s, 'a', sizeof(s) - 1);
	t->pairs = s;
}

static void
test_lies(void **state)
{
	static void (*const lies[])(struct told *t) = {lie_subject_line,
	    lie_utf8, lie_control, lie_null, lie_long_subject, lie_key_zero,
	    lie_key_negative, lie_key_large, lie_key_kind, lie_key_twice,
	    lie_no_pairs, lie_long_pairs};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;
		struct told t = w->told;

		lies[i](&t);
		told_put(&b, &t);
		if (get(w, b.data, b.len) == 0)
			fail_msg("lie %zu is believed", i);
	}
}

/* Counts are where they would do harm: no more keys than there is room for. */
static void
test_count_of_keys(void **state)
{
	struct world *w = *state;
	size_t at = SHA256_BYTES + 4 + strlen(w->told.subject) + 4 +
		    strlen(w->told.text);

	assert_int_equal(w->wire.data[at], (char)w->told.print.n_keys);
	w->wire.data[at] = SIMILAR_KEYS + 1;
	assert_int_equal(get(w, w->wire.data, w->wire.len), -1);
	memset(w->wire.data + at, 0xff, 4);
	assert_int_equal(get(w, w->wire.data, w->wire.len), -1);
	assert_int_equal(
	    told_read(w->m, w->wire.data, w->wire.len, &w->err), -1);
	assert_null(w->m->told);
}

/* ---- cost ---------------------------------------------------------------- */

/* As long as a text may be, and as much of it hidden as may be: it is soon
 * told, within the time of a parser's child and the frame's limits. */
static void
test_longest(void **state)
{
	static const char *const parts[] = {"王小红a", "as a ", "a"};
	struct world *w = *state;
	struct rusage before, after;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		BUF_AUTO struct buf text = BUF_INIT;
		BUF_AUTO struct buf b = BUF_INIT;
		struct message m = *w->m;

		while (text.len + strlen(parts[i]) <= LONGEST)
			buf_adds(&text, parts[i]);
		m.text = buf_str(&text);
		(void)getrusage(RUSAGE_SELF, &before);
		told_write(&m, &b);
		(void)getrusage(RUSAGE_SELF, &after);
		assert_false(buf_bad(&b));
		assert_true(b.len <= MAX_TOLD_BYTES);
		assert_int_equal(get(w, b.data, b.len), 0);
#ifndef __SANITIZE_ADDRESS__
		assert_true(after.ru_utime.tv_sec - before.ru_utime.tv_sec <=
			    MAX_PARSER_CPU_S);
#endif
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_tells, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_round_trip, set_up, tear_down),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test_setup_teardown(
		test_cut_at_every_length, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_flip_every_byte, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_lies, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_count_of_keys, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_longest, set_up, tear_down),
	};

	assert_int_equal(told_init(NULL), 0);
	return cmocka_run_group_tests_name("intake told", tests, NULL, NULL);
}
