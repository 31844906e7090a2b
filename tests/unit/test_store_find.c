/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "store/find.h"
#include "intake/gram.h"

/* -- texts as search sees them -------------------------------------------- */

/* The units with '|' where two are parted. */
static void
show(const char *text, struct buf *out)
{
	BUF_AUTO struct buf units = BUF_INIT;
	const struct gram_unit *u;
	char bytes[4];

	gram_units(text, &units);
	u = (const struct gram_unit *)(const void *)units.data;
	buf_clear(out);
	buf_adds(out, "");
	for (size_t i = 0; i < units.len / sizeof(*u); i++) {
		if (i > 0 && !u[i].joined)
			buf_addc(out, '|');
		buf_add(out, bytes, utf8_put(u[i].cp, bytes));
	}
}

static void
texts_are_folded(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
	    {"", ""},
	    {"渣土车", "渣土车"},
	    {"渣土，车。", "渣土|车"},
	    {"渣土\r\n车", "渣土车"},	       /* a wrapped line */
	    {"渣\xe3\x80\x80土 车", "渣土车"}, /* spaced out */
	    {"Muck Truck", "muck|truck"},
	    {"找 Bob 要", "找|bob|要"},
	    {"苏G·12345", "苏g12345"},
	    {"ＡＢＣ１２３！", "abc123"},
	    {"a.b@example.org", "a|b|example|org"},
	    {"㐀𠀀々〇", "㐀𠀀々〇"}, /* rare characters are letters */
	    {"“保护伞”", "保护伞"},
	    {"渣\xe2\x80\x8b土", "渣土"}, /* zero width space */
	    {"渣\xff土", "渣|土"},	  /* not UTF-8 */
	    {"\xff\xfe", ""},
	    {"①②→★", "①②"},
	};
	BUF_AUTO struct buf out = BUF_INIT;
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		show(t[i].text, &out);
		if (strcmp(buf_str(&out), t[i].want) != 0)
			fail_msg("%s: %s", t[i].text, buf_str(&out));
	}
}

static void
a_long_text_is_cut_between_characters(void **state)
{
	BUF_AUTO struct buf text = BUF_INIT, units = BUF_INIT;
	const struct gram_unit *u;
	size_t n;
	(void)state;

	while (text.len < MAX_FIND_BYTES + 100)
		buf_adds(&text, "渣");
	gram_units(buf_str(&text), &units);
	u = (const struct gram_unit *)(const void *)units.data;
	n = units.len / sizeof(*u);
	assert_int_equal(n, MAX_FIND_BYTES / 3);
	assert_int_equal(u[n - 1].cp, 0x6e23);
}

/* -- search --------------------------------------------------------------- */

struct hit {
	char number[20];
	char marked[200]; /* subject and text, hits in brackets */
};
struct hits {
	struct hit hit[10];
	size_t n;
};

static void
add_marked(
    struct buf *b, const char *text, const struct find_span *spans, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		assert_true(spans[i].at >= at && spans[i].len > 0);
		buf_add(b, text + at, spans[i].at - at);
		buf_addf(b, "[%.*s]", (int)spans[i].len, text + spans[i].at);
		at = spans[i].at + spans[i].len;
	}
	buf_adds(b, text + at);
}

static int
take_hit(void *arg, const struct find_row *r)
{
	struct hits *hits = arg;
	struct hit *h = &hits->hit[hits->n++];
	BUF_AUTO struct buf b = BUF_INIT;

	assert_true(hits->n < 10);
	(void)snprintf(h->number, sizeof(h->number), "%s", r->clue->number);
	add_marked(&b, r->clue->subject, r->in_subject, r->n_in_subject);
	buf_addc(&b, '/');
	add_marked(&b, r->clue->text, r->in_text, r->n_in_text);
	(void)snprintf(h->marked, sizeof(h->marked), "%s", buf_str(&b));
	return 0;
}

static struct hits
look(struct world *w, struct find_filter f, const char *word)
{
	struct hits hits = {.n = 0};

	if (f.words == NULL) {
		f.words = &word;
		f.n_words = 1;
	}
	ok(w, store_find(w->s, &f, take_hit, &hits, &w->err));
	return hits;
}

static void
put(struct world *w, const char *subject, const char *text, const char *domain,
    const char *officer, int64_t received_s)
{
	struct clue_record r = sample_clue();

	r.subject = subject;
	r.text = text;
	r.domain = domain;
	r.officer = officer;
	r.received_s = received_s;
	(void)put_clue(w, r);
}

static void
fill(struct world *w)
{
	ok(w, store_begin(w->s, &w->err));
	put(w, "举报渣土", "夜里渣\r\n土车强揽，拦路", "muck-transport",
	    "zhang", 1000);
	put(w, "", "土渣混在一起，车很多", "other", "li", 2000);
	put(w, "占道", "摊位收保护费，渣土", "street-occupation", "li", 3000);
	put(w, "plate", "苏G·12345 Muck Truck", "other", "zhang", 4000);
	ok(w, store_commit(w->s, &w->err));
}

static void
words_are_found_wherever_they_stand(void **state)
{
	static const struct {
		const char *word;
		const char *numbers; /* last digits, newest first */
	} t[] = {
	    {"渣土", "31"},
	    {"渣土车", "1"},
	    {"土渣", "2"},
	    {"土车", "1"},
	    {"车", "21"},
	    {"摊", "3"},
	    {"费", "3"},
	    {"路", "1"},
	    {"保护费", "3"},
	    {"保护伞", ""},
	    {"揽拦", ""},
	    {"渣 土", "31"},
	    {"苏g12345", "4"},
	    {"苏G·12345", "4"},
	    {"2345", "4"},
	    {"ＴＲＵＣＫ", "4"},
	    {"uck", "4"},
	    {"muck truck", "4"},
	    {"mucktruck", ""},
	    {"LY-2026-000002", "2"},
	    {"000003", "3"},
	    {"拦路，强揽", "1"},
	    {"1", "41"},
	    {"\"渣土\" OR 车", ""},
	    {"渣*", "321"},
	};
	struct world *w = *state;

	fill(w);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct hits hits = look(w, (struct find_filter){0}, t[i].word);
		char got[12] = "";

		for (size_t k = 0; k < hits.n; k++)
			got[k] = hits.hit[k].number[13];
		if (strcmp(got, t[i].numbers) != 0)
			fail_msg("%s: %s", t[i].word, got);
	}
}

static void
all_words_must_occur(void **state)
{
	const char *words[] = {"渣土", "保护费"};
	struct world *w = *state;
	struct hits hits;

	fill(w);
	hits = look(w, (struct find_filter){.words = words, .n_words = 2}, "");
	assert_int_equal(hits.n, 1);
	assert_string_equal(hits.hit[0].number, "LY-2026-000003");
	assert_string_equal(hits.hit[0].marked, "占道/摊位收[保护费]，[渣土]");
}

static void
hits_are_marked(void **state)
{
	const char *overlap[] = {"夜里渣土", "渣土车", "举报"};
	struct world *w = *state;
	struct hits hits;

	fill(w);
	hits = look(w, (struct find_filter){0}, "渣土");
	assert_string_equal(
	    hits.hit[1].marked, "举报[渣土]/夜里[渣\r\n土]车强揽，拦路");
	hits =
	    look(w, (struct find_filter){.words = overlap, .n_words = 3}, "");
	assert_string_equal(
	    hits.hit[0].marked, "[举报]渣土/[夜里渣\r\n土车]强揽，拦路");
}

static void
filters_narrow(void **state)
{
	static const struct {
		struct find_filter f;
		const char *numbers;
	} t[] = {
	    {{.domain = "muck-transport"}, "1"},
	    {{.domain = "nothing"}, ""},
	    {{.officer = "li"}, "3"},
	    {{.officer = "li", .domain = "muck-transport"}, ""},
	    {{.state = "assigned"}, "31"},
	    {{.state = "new"}, ""},
	    {{.area = "xugou"}, "31"},
	    {{.received_from_s = 1001}, "3"},
	    {{.received_before_s = 3000}, "1"},
	    {{.received_from_s = 1000, .received_before_s = 3001}, "31"},
	    {{.limit = 1}, "3"},
	};
	struct world *w = *state;

	fill(w);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct hits hits = look(w, t[i].f, "渣土");
		char got[12] = "";

		for (size_t k = 0; k < hits.n; k++)
			got[k] = hits.hit[k].number[13];
		if (strcmp(got, t[i].numbers) != 0)
			fail_msg("%zu: %s", i, got);
	}
}

static void
more_than_the_limit_is_said(void **state)
{
	const char *word = "渣土";
	struct find_filter f = {.words = &word, .n_words = 1, .limit = 1};
	struct world *w = *state;
	struct hits hits = {.n = 0};

	fill(w);
	assert_int_equal(store_find(w->s, &f, take_hit, &hits, &w->err), 1);
	f.limit = 2;
	hits.n = 0;
	assert_int_equal(store_find(w->s, &f, take_hit, &hits, &w->err), 0);
	assert_int_equal(hits.n, 2);
}

/* A clue with pairs that came with it, of these words. */
static void
put_known(struct world *w, const char *text, const char *words)
{
	const char *const in[] = {"标题", words};
	struct clue_record r = sample_clue();
	BUF_AUTO struct buf pairs = BUF_INIT;

	gram_pairs(in, 2, &pairs);
	r.subject = "标题";
	r.text = text;
	r.pairs = buf_str(&pairs);
	(void)put_clue(w, r);
}

static void
finds(struct world *w, const char *word, const char *numbers)
{
	struct hits hits = look(w, (struct find_filter){0}, word);
	char got[12] = "";

	for (size_t k = 0; k < hits.n; k++)
		got[k] = hits.hit[k].number[13];
	if (strcmp(got, numbers) != 0)
		fail_msg("%s: %s", word, got);
}

/* Pairs that came with a clue are its own, whatever became of others: with
 * none beside it, behind a savepoint that was undone, in the same transaction
 * after a search, after a transaction that was taken back. */
static void
pairs_that_came_are_taken(void **state)
{
	struct world *w = *state;

	ok(w, store_begin(w->s, &w->err));
	put_known(w, "拦路强揽", "拦路强揽");
	put(w, "", "保护费", "other", "li", 1000);
	ok(w, store_save(w->s, &w->err));
	put_known(w, "偷倒泥浆", "偷倒泥浆");
	put_known(w, "非法放贷", "非法放贷");
	store_undo(w->s);
	ok(w, store_save(w->s, &w->err));
	put_known(w, "围标串标", "围标串标");
	ok(w, store_release(w->s, &w->err));
	put(w, "", "强迫交易", "other", "li", 1000);
	finds(w, "标串", "3");
	put_known(w, "砂石料", "砂石料");
	/* A lie hides what it is told of, and nothing else. */
	put_known(w, "聚众赌博", "拦路强揽");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_begin(w->s, &w->err));
	put_known(w, "阻挠施工", "阻挠施工");
	store_rollback(w->s);
	ok(w, store_begin(w->s, &w->err));
	put(w, "", "欺行霸市", "other", "li", 1000);
	ok(w, store_commit(w->s, &w->err));
	finds(w, "路强", "1");
	finds(w, "护费", "2");
	finds(w, "偷倒", "");
	finds(w, "串标", "3");
	finds(w, "迫交", "4");
	finds(w, "石料", "5");
	finds(w, "赌博", "");
	finds(w, "标题", "6531");
	finds(w, "阻挠", "");
	finds(w, "霸市", "7");
	finds(w, "LY-2026-000005", "5");
}

static void
nothing_to_look_for_is_refused(void **state)
{
	static const char *const t[] = {"", "。。。", " ", "\xff", "\""};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		refused(w, ERR_INPUT,
		    store_find(w->s,
			&(struct find_filter){.words = &t[i], .n_words = 1},
			take_hit, NULL, &w->err));
	refused(w, ERR_INPUT,
	    store_find(w->s, &(struct find_filter){.words = t}, take_hit, NULL,
		&w->err));
}

/* What the index promises beside what a plain search of the text finds. */
static void
the_index_misses_nothing(void **state)
{
	static const char *const parts[] = {
	    "渣", "土", "车", "a", "1", "，", " ", "\n", "·", "𠀀"};
	struct world *w = *state;
	uint32_t seed = 1;

	ok(w, store_begin(w->s, &w->err));
	for (int round = 0; round < 300; round++) {
		BUF_AUTO struct buf text = BUF_INIT, word = BUF_INIT;
		struct hits hits = {.n = 0};
		const char *asked;
		struct clue_record r = sample_clue();

		for (int k = 0; k < 30; k++) {
			const char *part;

			seed = seed * 1103515245u + 12345u;
			part = parts[(seed >> 16) % 10];
			buf_adds(&text, part);
			if (k >= 10 && k < 14)
				buf_adds(&word, part);
		}
		r.subject = "";
		r.text = buf_str(&text);
		r.domain = "d";
		(void)put_clue(w, r);
		asked = buf_str(&word);
		/* What was cut out of the text is in the text. */
		if (store_find(w->s,
			&(struct find_filter){
			    .words = &asked, .n_words = 1, .limit = 1},
			take_hit, &hits, &w->err) < 0)
			assert_int_equal(w->err.kind, ERR_INPUT);
		else if (hits.n != 1 ||
			 atol(hits.hit[0].number + 8) != round + 1)
			fail_msg("%s not found in %s", asked, r.text);
	}
	store_rollback(w->s);
}

static size_t
count_found(struct world *w, const char *word)
{
	struct hits hits = {.n = 0};

	ok(w, store_find(w->s,
		  &(struct find_filter){.words = &word, .n_words = 1},
		  take_hit, &hits, &w->err));
	return hits.n;
}

/* The index is written by the commit: what was undone before is not in it,
 * what came after under the same id is. */
static void
the_commit_indexes_what_is_left(void **state)
{
	struct world *w = *state;
	struct clue_record r = sample_clue();
	int64_t undone;

	ok(w, store_begin(w->s, &w->err));
	r.text = "第一封信";
	(void)put_clue(w, r);
	ok(w, store_save(w->s, &w->err));
	r.text = "收回的信";
	undone = put_clue(w, r);
	store_undo(w->s);
	r.text = "第三封信";
	assert_int_equal(put_clue(w, r), undone);
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(count_found(w, "第一封"), 1);
	assert_int_equal(count_found(w, "收回的"), 0);
	assert_int_equal(count_found(w, "第三封"), 1);
	world_reopen(w, STORE_READ);
	assert_int_equal(count_found(w, "封信"), 2);
}

static void
a_rolled_back_clue_is_not_indexed(void **state)
{
	struct world *w = *state;
	struct clue_record r = sample_clue();

	ok(w, store_begin(w->s, &w->err));
	r.text = "收回的信";
	(void)put_clue(w, r);
	store_rollback(w->s);
	ok(w, store_begin(w->s, &w->err));
	r.text = "留下的信";
	(void)put_clue(w, r);
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(count_found(w, "收回的"), 0);
	assert_int_equal(count_found(w, "留下的"), 1);
}

/* -- many clues with the same word ---------------------------------------- */

#define N_MANY 5000

struct many {
	int64_t received_s;
	const char *domain, *officer;
};

static struct many
many_at(int i)
{
	static const char *const domains[] = {"a", "b", "b", "b"};

	return (struct many){
	    /* Entered late, as the office does by hand. */
	    .received_s = i % 97 == 0 ? 50 : 1000 + i,
	    .domain = domains[i % 4],
	    .officer = i < 40 ? "old" : "new",
	};
}

static int
take_number(void *arg, const struct find_row *r)
{
	int **next = arg;

	*(*next)++ = atoi(r->clue->number + 8);
	return 0;
}

static bool
many_passes(const struct find_filter *f, const struct many *m)
{
	return (f->domain == NULL || strcmp(f->domain, m->domain) == 0) &&
	       (f->officer == NULL || strcmp(f->officer, m->officer) == 0) &&
	       m->received_s >= f->received_from_s &&
	       (f->received_before_s == 0 ||
		   m->received_s < f->received_before_s);
}

/* Whatever way is taken once a thousand were looked at: the same answer as
 * asking each. */
static void
filters_say_the_same_by_every_way(void **state)
{
	static const char *const word = "渣土";
	struct find_filter t[] = {
	    {.officer = "old"},			/* few: they are read */
	    {.officer = "nobody"},		/* none */
	    {.domain = "a"},			/* 1,250 */
	    {.domain = "b"},			/* 3,750: by the index */
	    {.received_before_s = 1100},	/* old, and entered late */
	    {.received_before_s = 5000},	/* most, from where they begin */
	    {.domain = "b", .received_before_s = 2500},
	    {.domain = "a", .received_before_s = 60},
	    {.received_from_s = 40, .received_before_s = 51},
	    {.received_from_s = 3000},
	    {.domain = NULL},
	};
	static int found[N_MANY + 1];
	struct world *w = *state;

	ok(w, store_begin(w->s, &w->err));
	for (int i = 0; i < N_MANY; i++) {
		struct many m = many_at(i);

		put(w, "", "渣土车", m.domain, m.officer, m.received_s);
	}
	ok(w, store_commit(w->s, &w->err));
	for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
		for (int limit = 0; limit <= 30; limit += 30) {
			int *next = found, n = 0;

			t[k].words = &word;
			t[k].n_words = 1;
			t[k].limit = (size_t)limit;
			ok(w, store_find(w->s, &t[k], take_number, &next,
				  &w->err));
			for (int i = N_MANY - 1; i >= 0; i--) {
				struct many m = many_at(i);

				if (!many_passes(&t[k], &m) ||
				    (limit != 0 && n == limit))
					continue;
				if (&found[n] >= next || found[n++] != i + 1)
					fail_msg("%zu: clue %d", k, i + 1);
			}
			assert_true(next == &found[n]);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_are_folded),
	    cmocka_unit_test(a_long_text_is_cut_between_characters),
#define IN_A_STORE(f) \
	cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	    IN_A_STORE(words_are_found_wherever_they_stand),
	    IN_A_STORE(all_words_must_occur),
	    IN_A_STORE(hits_are_marked),
	    IN_A_STORE(filters_narrow),
	    IN_A_STORE(more_than_the_limit_is_said),
	    IN_A_STORE(pairs_that_came_are_taken),
	    IN_A_STORE(nothing_to_look_for_is_refused),
	    IN_A_STORE(the_index_misses_nothing),
	    IN_A_STORE(the_commit_indexes_what_is_left),
	    IN_A_STORE(a_rolled_back_clue_is_not_indexed),
	    IN_A_STORE(filters_say_the_same_by_every_way),
	};

	return cmocka_run_group_tests_name("store_find", tests, NULL, NULL);
}
