/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "letter/parts.h"
#include "letter_world.h"

/* What the letter of world_letter() was when drafts got their number: see
 * mime.c before changing it. */
#define KNOWN_BYTES \
	"6f90775af9124cf51d9c0f71159d57f3a0c34e000cd4c0b8cee6c331a461b5ad"

static const char noise[] = "\xff\xd8\xff\xe0 not really a photo \0 \r\n";

static const struct letter_attachment files[] = {
    {"photo-1.jpg", "image/jpeg", noise, sizeof(noise)},
    {"照片 2.png", "image/png", "", 0},
};

static void
world_letter(struct world *w, size_t n_files)
{
	world_make(w, WORLD_NOTICE);
	w->request.code = "K7Q2-9XWM-4R3T";
	w->request.in_reply_to = "parent@example.net";
	w->request.priority = true;
	w->request.attachments = files;
	w->request.n_attachments = n_files;
}

/* A tip with all that text and HTML write in another way. */
static struct notice_facts
facts_of(const char *text)
{
	struct notice_facts f = world_facts;

	f.text = text;
	f.held = "2. <报表>.xlsx\n3. \"a & b\"";
	return f;
}

static const char hard_text[] =
    "  <b>渣土</b> & 'x'\r\n\n\t两个\t格 \"y\"\n.\n- =?utf-8?b?eA==?=";

static void
draft(struct world *w, const char *text, struct buf *out)
{
	struct notice_facts f = facts_of(text);
	struct err err;

	assert_int_equal(
	    letter_notice_draft(&w->conf, &f, &w->request, out, &err), 0);
}

static void
test_is_the_letter(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 2; n++) {
		BUF_AUTO struct buf whole = BUF_INIT;
		BUF_AUTO struct buf waiting = BUF_INIT;
		BUF_AUTO struct buf sent = BUF_INIT;
		struct notice_facts f = facts_of(hard_text);
		struct world w;
		struct err err;

		world_letter(&w, n);
		assert_int_equal(letter_notice(&w.conf, &f, &w.request,
				     &whole, &err), 0);
		draft(&w, hard_text, &waiting);
		assert_true(waiting.len < whole.len / 2);
		/* The configuration may be another when it is sent. */
		w.template.text = "Subject: x\n\nother\n";
		w.conf.smtp.from_name = "other";
		w.conf.office.name = "other";
		assert_int_equal(letter_whole(waiting.data, waiting.len,
				     &sent, &err), 0);
		assert_int_equal(sent.len, whole.len);
		assert_memory_equal(sent.data, whole.data, whole.len);
		world_done(&w);
	}
}

/* A letter that was tried by an earlier program is tried again as it was. */
static void
test_same_bytes_for_ever(void **state)
{
	BUF_AUTO struct buf waiting = BUF_INIT;
	BUF_AUTO struct buf sent = BUF_INIT;
	unsigned char hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct world w;
	struct err err;

	(void)state;
	world_letter(&w, 2);
	draft(&w, hard_text, &waiting);
	assert_memory_equal(waiting.data, "\1draft1\n", 8);
	assert_int_equal(
	    letter_whole(waiting.data, waiting.len, &sent, &err), 0);
	hash_sha256(sent.data, sent.len, hash);
	hex_put(hash, sizeof(hash), hex);
	assert_string_equal(hex, KNOWN_BYTES);
	world_done(&w);
}

/* Stored whole, as earlier programs did. */
static void
test_whole_letter_stays(void **state)
{
	static const char bytes[] = "Date: x\r\n\r\nhello\r\n";
	BUF_AUTO struct buf sent = BUF_INIT;
	struct err err;

	(void)state;
	assert_int_equal(
	    letter_whole(bytes, sizeof(bytes), &sent, &err), 0);
	assert_int_equal(sent.len, sizeof(bytes));
	assert_memory_equal(sent.data, bytes, sizeof(bytes));
}

static void
test_attachments(void **state)
{
	BUF_AUTO struct buf waiting = BUF_INIT;
	ARENA_AUTO struct arena *a = arena_new();
	struct letter_attachment *got;
	struct world w;
	struct err err;
	size_t n;

	(void)state;
	world_letter(&w, 2);
	draft(&w, hard_text, &waiting);
	assert_int_equal(letter_parts(waiting.data, waiting.len, a, &got, &n,
			     &err), 0);
	buf_done(&waiting); /* they are copies */
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(got[i].name, files[i].name);
		assert_string_equal(got[i].type, files[i].type);
		assert_int_equal(got[i].len, files[i].len);
		assert_memory_equal(got[i].data, files[i].data, files[i].len);
	}
	world_done(&w);
}

/* Cut anywhere, or with any byte changed: an error or another letter, and
 * never a read outside. */
static void
test_damaged(void **state)
{
	BUF_AUTO struct buf waiting = BUF_INIT;
	struct world w;
	struct err err;
	char *copy;

	(void)state;
	world_letter(&w, 1);
	draft(&w, "短", &waiting);
	for (size_t len = 8; len < waiting.len; len++) {
		BUF_AUTO struct buf sent = BUF_INIT;

		copy = malloc(len);
		assert_non_null(copy);
		memcpy(copy, waiting.data, len);
		assert_int_equal(letter_whole(copy, len, &sent, &err), -1);
		assert_int_equal(err.kind, ERR_BUG);
		assert_int_equal(sent.len, 0);
		free(copy);
	}
	for (size_t at = 8; at < waiting.len; at++)
		for (int v = 0; v < 2; v++) {
			BUF_AUTO struct buf sent = BUF_INIT;
			char was = waiting.data[at];

			waiting.data[at] = v == 0 ? (char)0xff : (char)~was;
			(void)letter_whole(
			    waiting.data, waiting.len, &sent, &err);
			waiting.data[at] = was;
		}
	world_done(&w);
}

/* Too long is said when it is written, and nothing is refused that fits. */
static void
test_size(void **state)
{
	const size_t fits = 28UL << 20, too_long = 31UL << 20;
	char *big = calloc(1, too_long + 1), *tip;
	struct letter_attachment one = {"a", "image/png", big, 0};
	struct world w;
	struct err err;

	(void)state;
	assert_non_null(big);
	world_letter(&w, 0);
	w.request.attachments = &one;
	w.request.n_attachments = 1;
	for (int i = 0; i < 2; i++) {
		BUF_AUTO struct buf waiting = BUF_INIT;

		one.len = i == 0 ? fits : too_long;
		assert_int_equal(letter_draft(&w.conf, &w.request, &waiting,
				     &err), i == 0 ? 0 : -1);
		assert_int_equal(err.kind, i == 0 ? err.kind : ERR_INPUT);
	}
	/* A long text and a file that just fit beside each other. */
	one.len = 22UL << 20;
	tip = malloc(MAX_TEXT_BYTES + 1);
	assert_non_null(tip);
	memset(tip, 'x', MAX_TEXT_BYTES);
	tip[MAX_TEXT_BYTES] = '\0';
	BUF_AUTO struct buf waiting = BUF_INIT;
	BUF_AUTO struct buf sent = BUF_INIT;
	draft(&w, tip, &waiting);
	assert_int_equal(
	    letter_whole(waiting.data, waiting.len, &sent, &err), 0);
	assert_true(sent.len <= MAX_LETTER_BYTES);
	free(tip);
	free(big);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_is_the_letter),
	    cmocka_unit_test(test_same_bytes_for_ever),
	    cmocka_unit_test(test_whole_letter_stays),
	    cmocka_unit_test(test_attachments),
	    cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests_name("letter draft", tests, NULL, NULL);
}
