/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "base/limits.h"

static void
a_message_comes_back_as_it_went_in(void **state)
{
	struct world *w = *state;
	const char *text = "From: a@example.org\r\n\r\n您好\0 end";
	size_t len = strlen(text) + 5;
	struct message_record r = sample_message(text, len);
	struct stored_message m;
	int64_t id = 0, clue;
	size_t n;
	void *raw;

	ok(w, store_begin(w->s, &w->err));
	clue = put_clue(w, sample_clue());
	r.why = "named a domain";
	r.lost = "1 byte";
	r.clue = clue;
	ok(w, store_message_add(w->s, &r, text, len, &id, &w->err));
	ok(w, store_commit(w->s, &w->err));

	ok(w, store_message_raw(w->s, id, &raw, &n, &w->err));
	assert_int_equal(n, len);
	assert_memory_equal(raw, text, len);
	free(raw);

	assert_int_equal(
	    store_message_by_id(w->s, id, w->a, &m, &w->err), 1);
	assert_int_equal(m.id, id);
	assert_memory_equal(m.record.sha256, r.sha256, SHA256_BYTES);
	assert_memory_equal(m.record.content_key, r.content_key, SHA256_BYTES);
	assert_string_equal(m.record.message_id, r.message_id);
	assert_string_equal(m.record.channel, "mail");
	assert_string_equal(m.record.kind, "tip");
	assert_string_equal(m.record.why, r.why);
	assert_int_equal(m.record.received_s, 1000);
	assert_int_equal(m.record.internal_s, 999);
	assert_int_equal(m.record.date_s, 998);
	assert_int_equal(m.record.size_bytes, len);
	assert_string_equal(m.record.charset, "gb18030");
	assert_int_equal(m.record.defects, 3);
	assert_string_equal(m.record.lost, "1 byte");
	assert_int_equal(m.record.clue, clue);
	assert_int_equal(
	    store_message_by_id(w->s, id + 1, w->a, &m, &w->err), 0);
	refused(w, ERR_INPUT,
	    store_message_raw(w->s, id + 1, &raw, &n, &w->err));
}

enum filling { ZEROES, NOISE, WORDS };

static unsigned char *
fill(enum filling how, size_t len)
{
	static const char words[] = "Received: from mx.example.org\r\n渣土车";
	unsigned char *p = malloc(len + 1);
	uint32_t seed = 1;

	assert_non_null(p);
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525 + 1013904223;
		p[i] = how == ZEROES ? 0
		    : how == NOISE   ? (unsigned char)(seed >> 24)
				     : (unsigned char)words[(i + i / 700) %
					   (sizeof(words) - 1)];
	}
	return p;
}

static void
any_size_comes_back(void **state)
{
	static const size_t sizes[] = {0, 1, MIN_RAW_PACKED - 1,
	    MIN_RAW_PACKED, 3000, MAX_RAW_PART - 1, MAX_RAW_PART,
	    MAX_RAW_PART + 1, 5 << 20};
	struct world *w = *state;
	struct message_record r;
	unsigned char *p;
	int64_t id = 0;
	void *raw;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int how = ZEROES; how <= WORDS; how++) {
			/* Two empty messages are the same message. */
			if (sizes[i] == 0 && how != ZEROES)
				continue;
			p = fill((enum filling)how, sizes[i]);
			p[0] = (unsigned char)how;
			r = sample_message(p, sizes[i]);
			ok(w, store_message_add(
				w->s, &r, p, sizes[i], &id, &w->err));
			ok(w, store_message_raw(w->s, id, &raw, &n, &w->err));
			assert_int_equal(n, sizes[i]);
			assert_memory_equal(raw, p, n);
			free(raw);
			free(p);
		}
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(raw_number(w->s->db,
	    "SELECT count(*) FROM raw WHERE coding = 0 AND size_bytes >= 256"),
	    2); /* noise that does not shrink */
	assert_true(raw_number(w->s->db,
	    "SELECT max(length(bytes)) FROM raw_more") <=
	    (int64_t)MAX_RAW_PART);
}

static void
the_largest_message_is_taken_and_no_larger(void **state)
{
	struct world *w = *state;
	size_t len = MAX_MESSAGE_BYTES;
	unsigned char *p = fill(WORDS, len + 1);
	struct message_record r = sample_message(p, len);
	int64_t id = 0;
	void *raw;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	refused(w, ERR_INPUT,
	    store_message_add(w->s, &r, p, len + 1, &id, &w->err));
	ok(w, store_message_add(w->s, &r, p, len, &id, &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_message_raw(w->s, id, &raw, &n, &w->err));
	assert_int_equal(n, len);
	assert_int_equal(memcmp(raw, p, len), 0);
	free(raw);
	free(p);
}

/* Every way in which stored bytes can rot is noticed when they are read. */
static void
damaged_bytes_are_never_given_back(void **state)
{
	static const char *const rot[] = {
	    "UPDATE raw SET bytes = zeroblob(length(bytes))",
	    "UPDATE raw SET bytes = substr(bytes, 1, length(bytes) - 1)",
	    "UPDATE raw SET bytes = CAST(bytes || x'00' AS BLOB)",
	    "UPDATE raw SET bytes = x''",
	    "UPDATE raw SET size_bytes = size_bytes - 1",
	    "UPDATE raw SET size_bytes = size_bytes + 1",
	    "UPDATE raw SET size_bytes = -1",
	    "UPDATE raw SET size_bytes = 9223372036854775807",
	    "UPDATE raw SET coding = 1 - coding",
	    "UPDATE raw_more SET bytes = zeroblob(100) WHERE part = 2",
	    "DELETE FROM raw_more WHERE part = 1",
	    "DELETE FROM raw_more WHERE part > 2",
	    "INSERT INTO raw_more SELECT raw, part + 100, bytes FROM raw_more",
	    "UPDATE message SET sha256 = zeroblob(32)",
	    "DELETE FROM raw_more; DELETE FROM raw",
	};
	static const struct {
		enum filling how;
		size_t len;
	} t[] = {{ZEROES, 100}, {WORDS, 5000}, {NOISE, 1 << 20}};
	struct world *w = *state;
	struct message_record r;
	unsigned char *p;
	int64_t id = 0;
	void *raw = NULL;
	size_t n = 0;

	raw_exec(w->s->db, "PRAGMA foreign_keys = OFF");
	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++)
		for (size_t i = 0; i < sizeof(rot) / sizeof(rot[0]); i++) {
			ok(w, store_begin(w->s, &w->err));
			p = fill(t[k].how, t[k].len);
			p[0] = 7;
			r = sample_message(p, t[k].len);
			ok(w, store_message_add(
				w->s, &r, p, t[k].len, &id, &w->err));
			raw_exec(w->s->db, rot[i]);
			if (sqlite3_changes(w->s->db) > 0 || i == 14)
				refused(w, ERR_SYSTEM,
				    store_message_raw(
					w->s, id, &raw, &n, &w->err));
			assert_null(raw);
			store_rollback(w->s);
			free(p);
		}
}

static void
messages_are_found_by_what_they_are(void **state)
{
	struct world *w = *state;
	struct message_record r = sample_message("one", 3);
	unsigned char other[SHA256_BYTES] = {1};
	int64_t id = 0, found = 0;

	ok(w, store_begin(w->s, &w->err));
	ok(w, store_message_add(w->s, &r, "one", 3, &id, &w->err));
	assert_int_equal(
	    store_message_find(w->s, r.sha256, &found, &w->err), 1);
	assert_int_equal(found, id);
	assert_int_equal(
	    store_message_find(w->s, other, &found, &w->err), 0);
	found = 0;
	assert_int_equal(store_message_find_same(w->s, "m1@example.org",
	    r.content_key, &found, &w->err), 1);
	assert_int_equal(found, id);
	assert_int_equal(store_message_find_same(w->s, "m2@example.org",
	    r.content_key, &found, &w->err), 0);
	assert_int_equal(store_message_find_same(w->s, "m1@example.org",
	    other, &found, &w->err), 0);
	/* The same bytes twice is the caller's mistake. */
	refused(w, ERR_BUG,
	    store_message_add(w->s, &r, "one", 3, &id, &w->err));
	store_rollback(w->s);
}

static void
messages_are_listed_by_clue_and_by_shelf(void **state)
{
	struct world *w = *state;
	struct stored_message *list;
	int64_t clue, a, b, c;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	clue = put_clue(w, sample_clue());
	a = put_message(w, "a");
	b = put_message(w, "b");
	c = put_message(w, "c");
	ok(w, store_message_set_clue(w->s, a, clue, &w->err));
	ok(w, store_message_set_clue(w->s, c, clue, &w->err));
	ok(w, store_messages(w->s, clue, w->a, &list, &n, &w->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, a);
	assert_int_equal(list[1].id, c);
	ok(w, store_message_set_clue(w->s, c, 0, &w->err));
	ok(w, store_messages(w->s, clue, w->a, &list, &n, &w->err));
	assert_int_equal(n, 1);

	ok(w, store_message_set_kind(
		w->s, a, "quarantine", "crashed", &w->err));
	ok(w, store_message_set_kind(
		w->s, b, "quarantine", "time", &w->err));
	ok(w, store_messages_of_kind(
		w->s, "quarantine", 0, w->a, &list, &n, &w->err));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, b);
	assert_string_equal(list[1].record.why, "crashed");
	ok(w, store_messages_of_kind(
		w->s, "quarantine", 1, w->a, &list, &n, &w->err));
	assert_int_equal(n, 1);
	ok(w, store_messages_of_kind(
		w->s, "bounce", 0, w->a, &list, &n, &w->err));
	assert_int_equal(n, 0);
	refused(w, ERR_BUG, store_message_set_clue(w->s, a, 99, &w->err));
	store_rollback(w->s);
}

static void
attachments_come_back_in_order(void **state)
{
	struct world *w = *state;
	struct attachment_record r = {.name = "现场.jpg", .type = "image/jpeg",
	    .type_claimed = "application/octet-stream", .link = "",
	    .size_bytes = 6UL << 30, .sha256 = {1, 2, 3}, .flags = 3,
	    .sent_along = true};
	struct attachment_record *list;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	r.message = put_message(w, "a");
	for (uint32_t seq = 3; seq-- > 0;) {
		r.seq = seq;
		ok(w, store_attachment_add(w->s, &r, &w->err));
	}
	refused(w, ERR_BUG, store_attachment_add(w->s, &r, &w->err));
	ok(w, store_commit(w->s, &w->err));
	r.seq = 1;
	r.sent_along = false;
	r.released = true;
	ok(w, store_attachment_update(w->s, &r, &w->err));
	ok(w, store_attachments(
		w->s, r.message, w->a, &list, &n, &w->err));
	assert_int_equal(n, 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(list[i].seq, i);
		assert_string_equal(list[i].name, r.name);
		assert_string_equal(list[i].type, r.type);
		assert_string_equal(list[i].type_claimed, r.type_claimed);
		assert_string_equal(list[i].link, "");
		assert_int_equal(list[i].size_bytes, r.size_bytes);
		assert_memory_equal(list[i].sha256, r.sha256, SHA256_BYTES);
		assert_int_equal(list[i].flags, 3);
		assert_int_equal(list[i].sent_along, i != 1);
		assert_int_equal(list[i].released, i == 1);
	}
	ok(w, store_attachments(
		w->s, r.message + 1, w->a, &list, &n, &w->err));
	assert_int_equal(n, 0);
}

static void
a_look_at_the_reporter_leaves_a_trace(void **state)
{
	struct world *w = *state;
	struct reporter_record r = {0, "someone@example.org", "某人",
	    "other@example.org", "电话 000", "desk@example.org", NULL}, out;
	struct event_record *e;
	int64_t clue;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	clue = put_clue(w, sample_clue());
	r.message = put_message(w, "a");
	ok(w, store_message_set_clue(w->s, r.message, clue, &w->err));
	ok(w, store_reporter_add(w->s, &r, &w->err));
	refused(w, ERR_BUG, store_reporter_add(w->s, &r, &w->err));
	ok(w, store_commit(w->s, &w->err));

	assert_int_equal(store_reporter_show(
	    w->s, r.message, "unix:clerk", w->a, &out, &w->err), 1);
	assert_int_equal(out.message, r.message);
	assert_string_equal(out.address, r.address);
	assert_string_equal(out.name, r.name);
	assert_string_equal(out.reply_to, r.reply_to);
	assert_string_equal(out.signature, r.signature);
	assert_string_equal(out.sender, r.sender);
	assert_string_equal(out.return_path, "");
	ok(w, store_begin(w->s, &w->err));
	assert_int_equal(store_reporter_show(
	    w->s, r.message, "clued", w->a, &out, &w->err), 1);
	ok(w, store_commit(w->s, &w->err));
	/* Nobody was seen, nothing is noted. */
	assert_int_equal(store_reporter_show(
	    w->s, r.message + 1, "clued", w->a, &out, &w->err), 0);

	ok(w, store_events(w->s, clue, w->a, &e, &n, &w->err));
	assert_int_equal(n, 2);
	assert_string_equal(e[0].kind, "reporter-seen");
	assert_string_equal(e[0].actor, "unix:clerk");
	assert_string_equal(e[1].actor, "clued");
	assert_null(strstr(e[0].detail, "example.org"));
	assert_true(e[0].at_s > 1000000000);

	/* No trace possible, no look. */
	world_reopen(w, STORE_READ);
	refused(w, ERR_BUG, store_reporter_show(
		w->s, r.message, "unix:clerk", w->a, &out, &w->err));
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_message_comes_back_as_it_went_in),
	    T(any_size_comes_back),
	    T(the_largest_message_is_taken_and_no_larger),
	    T(damaged_bytes_are_never_given_back),
	    T(messages_are_found_by_what_they_are),
	    T(messages_are_listed_by_clue_and_by_shelf),
	    T(attachments_come_back_in_order),
	    T(a_look_at_the_reporter_leaves_a_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
