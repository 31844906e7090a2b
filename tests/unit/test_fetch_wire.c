/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/frame.h"
#include "fetch/wire.h"

static const struct fetch_folder_conf folders[] = {
    {"INBOX", false}, {"垃圾邮件", true}};

static struct fetch_start
good_start(void)
{
	return (struct fetch_start){
	    .host = "imap.example.com", .port = 993,
	    .tls = FETCH_TLS_STARTTLS, .ca_file = "/etc/ssl/ca.pem",
	    .connect_to = "127.0.0.1:1143", .user = "tips@example.com",
	    .secret = "秘密 \"code\"", .auth = FETCH_AUTH_XOAUTH2,
	    .send_id = true, .folders = folders, .n_folders = 2,
	    .mark = FETCH_MARK_MOVE, .mark_with = "已处理", .poll_s = 60,
	    .idle = true, .timeout_ms = 30000, .max_message_bytes = 1 << 20,
	    .since_s = 1700000000, .once = true, .check = true};
}

static const uint32_t again[] = {3, 7, 4294967000U};
static const uint32_t done[] = {4294967100U, 4294967295U};
static const uint32_t acked[] = {1, 2, 9, 4294967295U};

/* One packer a frame, and a reader that packs again what it read, so that a
 * round trip is one comparison of bytes. */
typedef int again_fn(const void *d, size_t len, struct buf *out);

static int
again_start(const void *d, size_t len, struct buf *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct fetch_start s;

	if (fetch_get_start(d, len, a, &s, NULL) < 0)
		return -1;
	fetch_put_start(out, &s);
	return 0;
}

static int
again_folder(const void *d, size_t len, struct buf *out)
{
	struct fetch_folder f;

	if (fetch_get_folder(d, len, &f, NULL) < 0)
		return -1;
	fetch_put_folder(out, &f);
	return 0;
}

static int
again_known(const void *d, size_t len, struct buf *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct fetch_known k;

	if (fetch_get_known(d, len, a, &k, NULL) < 0)
		return -1;
	fetch_put_known(out, &k);
	return 0;
}

static int
again_taken(const void *d, size_t len, struct buf *out)
{
	struct fetch_taken t;

	if (fetch_get_taken(d, len, &t, NULL) < 0)
		return -1;
	fetch_put_taken(out, &t);
	return 0;
}

static int
again_ack(const void *d, size_t len, struct buf *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct fetch_ack k;

	if (fetch_get_ack(d, len, a, &k, NULL) < 0)
		return -1;
	fetch_put_ack(out, &k);
	return 0;
}

static int
again_round(const void *d, size_t len, struct buf *out)
{
	uint32_t n;

	if (fetch_get_round(d, len, &n, NULL) < 0)
		return -1;
	fetch_put_round(out, n);
	return 0;
}

static int
again_server(const void *d, size_t len, struct buf *out)
{
	int64_t until_s;

	if (fetch_get_server(d, len, &until_s, NULL) < 0)
		return -1;
	fetch_put_server(out, until_s);
	return 0;
}

static int
again_trouble(const void *d, size_t len, struct buf *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct fetch_trouble t;

	if (fetch_get_trouble(d, len, a, &t, NULL) < 0)
		return -1;
	fetch_put_trouble(out, &t);
	return 0;
}

#define FRAMES 8

static void
put_all(struct buf b[FRAMES])
{
	struct fetch_start start = good_start();
	struct fetch_folder folder = {1, 4294967295U, 0, 10};
	struct fetch_known known = {0, 5, 4294967050U, again, 3, done, 2};
	struct fetch_taken taken = {.folder = 15, .uidvalidity = 9,
	    .uid = 4294967295U, .internal_s = 1700000000, .size_bytes = 77,
	    .seen = true, .oversize = true};
	struct fetch_ack ack = {2, 8, acked, 4};
	struct fetch_trouble trouble = {ERR_CONF, ERR_CURL, -60,
	    "certificate: 证书过期", 300};

	fetch_put_start(&b[0], &start);
	fetch_put_folder(&b[1], &folder);
	fetch_put_known(&b[2], &known);
	fetch_put_taken(&b[3], &taken);
	fetch_put_ack(&b[4], &ack);
	fetch_put_round(&b[5], 12345);
	fetch_put_trouble(&b[6], &trouble);
	fetch_put_server(&b[7], 1800000000);
}

static again_fn *const readers[FRAMES] = {again_start, again_folder, again_known,
    again_taken, again_ack, again_round, again_trouble, again_server};

static void
test_round_trip(void **state)
{
	struct buf b[FRAMES] = {0};

	(void)state;
	put_all(b);
	for (size_t i = 0; i < FRAMES; i++) {
		BUF_AUTO struct buf out = BUF_INIT;

		assert_int_equal(readers[i](b[i].data, b[i].len, &out), 0);
		assert_int_equal(out.len, b[i].len);
		assert_memory_equal(out.data, b[i].data, out.len);
		buf_done(&b[i]);
	}
}

static void
test_cut_at_every_length(void **state)
{
	struct buf b[FRAMES] = {0};

	(void)state;
	put_all(b);
	for (size_t i = 0; i < FRAMES; i++) {
		for (size_t len = 0; len < b[i].len; len++) {
			BUF_AUTO struct buf out = BUF_INIT;
			/* An exact copy, so that a sanitizer sees a read
			 * beyond it. */
			char *copy = malloc(len > 0 ? len : 1);

			memcpy(copy, b[i].data, len);
			assert_int_equal(readers[i](copy, len, &out), -1);
			free(copy);
		}
		buf_addc(&b[i], '\0');
		assert_int_equal(readers[i](b[i].data, b[i].len, &b[i]), -1);
		buf_done(&b[i]);
	}
}

/* Whatever a flipped byte makes of a frame, what is read can be written and
 * read again: nothing out of range gets through. */
static void
test_byte_flips(void **state)
{
	struct buf b[FRAMES] = {0};

	(void)state;
	put_all(b);
	for (size_t i = 0; i < FRAMES; i++) {
		for (size_t bit = 0; bit < b[i].len * 8; bit++) {
			BUF_AUTO struct buf out = BUF_INIT;
			char mask = (char)(1 << (bit % 8));

			b[i].data[bit / 8] ^= mask;
			if (readers[i](b[i].data, b[i].len, &out) == 0) {
				assert_int_equal(out.len, b[i].len);
				assert_memory_equal(
				    out.data, b[i].data, out.len);
			}
			b[i].data[bit / 8] ^= mask;
		}
		buf_done(&b[i]);
	}
}

static int
start_result(const struct fetch_start *s)
{
	BUF_AUTO struct buf b = BUF_INIT;
	BUF_AUTO struct buf out = BUF_INIT;

	fetch_put_start(&b, s);
	return again_start(b.data, b.len, &out);
}

#define REFUSED(field, value)                                                 \
	do {                                                                  \
		struct fetch_start s_ = good_start();                         \
		s_.field = (value);                                           \
		assert_int_equal(start_result(&s_), -1);                      \
	} while (0)
#define TAKEN_AS_IS(field, value)                                             \
	do {                                                                  \
		struct fetch_start s_ = good_start();                         \
		s_.field = (value);                                           \
		assert_int_equal(start_result(&s_), 0);                       \
	} while (0)

static void
test_start_ranges(void **state)
{
	static const struct fetch_folder_conf nameless[] = {
	    {"INBOX", false}, {"", false}};
	static const struct fetch_folder_conf split[] = {
	    {"INBOX", false}, {"INBOX\r\nx LOGOUT", false}};

	(void)state;
	TAKEN_AS_IS(host, "[::1]");
	TAKEN_AS_IS(ca_file, "");
	TAKEN_AS_IS(connect_to, "");
	REFUSED(host, "");
	REFUSED(host, NULL);
	REFUSED(host, "imap.example.com/INBOX");
	REFUSED(host, "user@imap.example.com");
	REFUSED(connect_to, "127.0.0.1:1 x");
	REFUSED(port, 0);
	REFUSED(port, 65536);
	REFUSED(user, "");
	REFUSED(user, "a\r\nb");
	REFUSED(secret, "a\nb");
	REFUSED(secret, "a\x7f");
	REFUSED(folders, nameless);
	REFUSED(folders, split);
	REFUSED(n_folders, 0);
	REFUSED(mark_with, "");
	REFUSED(mark_with, "a\nb");
	REFUSED(poll_s, 0);
	REFUSED(timeout_ms, 0);
	REFUSED(max_message_bytes, 0);
	REFUSED(max_message_bytes, MAX_MESSAGE_BYTES + 1);
	REFUSED(since_s, -1);
	REFUSED(tls, 3);
	REFUSED(auth, 3);
	REFUSED(mark, 3);
}

static void
test_keyword_is_an_atom(void **state)
{
	static const struct { const char *word; int result; } cases[] = {
	    {"$Clued", 0}, {"Done", 0}, {"a b", -1}, {"\\Deleted", -1},
	    {"a)", -1}, {"\"a\"", -1}, {"已", -1}, {"", -1}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fetch_start s = good_start();

		s.mark = FETCH_MARK_KEYWORD;
		s.mark_with = cases[i].word;
		assert_int_equal(start_result(&s), cases[i].result);
	}
}

static int
known_result(uint32_t next, const uint32_t *a, uint32_t n_a, const uint32_t *d,
    uint32_t n_d)
{
	struct fetch_known k = {0, 1, next, a, n_a, d, n_d};
	BUF_AUTO struct buf b = BUF_INIT;
	BUF_AUTO struct buf out = BUF_INIT;

	fetch_put_known(&b, &k);
	return again_known(b.data, b.len, &out);
}

static void
test_known_order(void **state)
{
	static const uint32_t up[] = {4, 5, 9}, flat[] = {4, 4}, low[] = {0};

	(void)state;
	assert_int_equal(known_result(10, up, 3, NULL, 0), 0);
	assert_int_equal(known_result(9, up, 3, NULL, 0), -1);
	assert_int_equal(known_result(4, NULL, 0, up, 3), 0);
	assert_int_equal(known_result(5, NULL, 0, up, 3), -1);
	assert_int_equal(known_result(10, flat, 2, NULL, 0), -1);
	assert_int_equal(known_result(10, low, 1, NULL, 0), -1);
	assert_int_equal(known_result(0, NULL, 0, NULL, 0), -1);
	assert_int_equal(known_result(1, low, 0, NULL, 0), 0);
}

/* A list that fits no frame arrives all the same, through a memfd. */
static void
test_long_known(void **state)
{
	uint32_t n = 100000;
	uint32_t *list = calloc(n, sizeof(*list));
	ARENA_AUTO struct arena *a = arena_new();
	unsigned char *space = malloc(FRAME_BUFFER);
	struct fetch_known k = {1, 7, 2, NULL, 0, list, n}, got;
	struct frame f;
	int pair[2];

	(void)state;
	for (uint32_t i = 0; i < n; i++)
		list[i] = 10 + 3 * i;
	assert_int_equal(frame_pair(pair, NULL), 0);
	assert_int_equal(fetch_send_known(pair[0], &k, NULL), 0);
	assert_int_equal(frame_recv(pair[1], space, &f, NULL), 1);
	assert_int_equal(f.type, FETCH_KNOWN);
	assert_int_equal(f.n_fds, 1);
	assert_int_equal(fetch_open_known(&f, a, &got, NULL), 0);
	frame_close_fds(&f);
	assert_int_equal(got.n_done, n);
	assert_memory_equal(got.done, list, n * sizeof(*list));

	k.n_done = 5;
	assert_int_equal(fetch_send_known(pair[0], &k, NULL), 0);
	assert_int_equal(frame_recv(pair[1], space, &f, NULL), 1);
	assert_int_equal(f.n_fds, 0);
	assert_int_equal(fetch_open_known(&f, a, &got, NULL), 0);
	assert_int_equal(got.n_done, 5);
	(void)close(pair[0]);
	(void)close(pair[1]);
	free(space);
	free(list);
}

static void
test_taken_marks_exclude_each_other(void **state)
{
	(void)state;
	for (unsigned m = 0; m < 8; m++) {
		struct fetch_taken t = {.uidvalidity = 1, .uid = 1,
		    .oversize = (m & 1) != 0, .skipped = (m & 2) != 0,
		    .missing = (m & 4) != 0};
		BUF_AUTO struct buf b = BUF_INIT;
		BUF_AUTO struct buf out = BUF_INIT;

		fetch_put_taken(&b, &t);
		assert_int_equal(again_taken(b.data, b.len, &out),
		    m == 0 || m == 1 || m == 2 || m == 4 ? 0 : -1);
	}
}

static void
test_trouble_is_printable(void **state)
{
	static const char *const bad[] = {"a\nb", "\x1b[31m", "\xb5\xc7", ""};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct fetch_trouble t = {ERR_LATER, ERR_OWN, 0, bad[i], 1};
		BUF_AUTO struct buf b = BUF_INIT;
		BUF_AUTO struct buf out = BUF_INIT;

		fetch_put_trouble(&b, &t);
		assert_int_equal(again_trouble(b.data, b.len, &out),
		    bad[i][0] == '\0' ? 0 : -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_cut_at_every_length),
	    cmocka_unit_test(test_byte_flips),
	    cmocka_unit_test(test_start_ranges),
	    cmocka_unit_test(test_keyword_is_an_atom),
	    cmocka_unit_test(test_known_order),
	    cmocka_unit_test(test_long_known),
	    cmocka_unit_test(test_taken_marks_exclude_each_other),
	    cmocka_unit_test(test_trouble_is_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
