/* SPDX-License-Identifier: ISC */
/*
 * bench_find --fill STORE N   a store of N clues whose texts are made of
 *                             words as frequent as in real language (Zipf)
 * bench_find --ask STORE      cluectl search's questions, asked of it
 * bench_find [N]              both in /var/tmp; N = 100,000 without a word
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "language.h"
#include "store/find.h"
#include "store_make.h"

static double
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
add_clue(struct store *s, const struct language *l, struct arena *a, uint32_t i,
    uint32_t n)
{
	BUF_AUTO struct buf text = BUF_INIT;
	uint32_t seed = i * 2654435761U + 1;
	uint32_t words = 40 + make_random(&seed) % 160;
	char officer[16];
	struct clue_record c = {.channel = "mail",
	    .state = i % 200 == 7 ? "verifying" : "unsubstantiated",
	    .domain = make_domains[i % 9],
	    .runner_up = "",
	    .area = i % 3 ? "xugou" : "haizhou",
	    .class_id = "normal",
	    .officer = officer,
	    .deputy = "",
	    .leader = "",
	    .why = "",
	    .excluded = "",
	    .rules = "",
	    .subject = "线索"};
	struct err err;

	(void)snprintf(officer, sizeof(officer), "officer%u", i % 50);
	c.received_s = MAKE_NOW_S - MAKE_SPAN_S +
		       (int64_t)((double)i / n * (double)MAKE_SPAN_S);
	for (uint32_t k = 0; k < words; k++) {
		add_word(&text, l->words[draw(l, &seed)]);
		if (make_random(&seed) % 8 == 0)
			buf_adds(&text, "，");
	}
	if (i % 100000 == 17)
		buf_adds(&text, "苏G·8K237");
	c.text = buf_str(&text);
	make_must(store_clue_add(s, &c, "LY", 2026, a, &err), &err);
}

static void
fill(const char *path, uint32_t n)
{
	struct language *l = language_new();
	struct store *s = NULL;
	struct arena *a = NULL;
	struct err err;
	double began = now_s();

	make_must(store_open(path, STORE_CREATE, &s, &err), &err);
	for (uint32_t i = 0; i < n; i++) {
		if (i % 1000 == 0) {
			arena_free(&a);
			if ((a = arena_new()) == NULL)
				exit(1);
			if (i > 0)
				make_must(store_commit(s, &err), &err);
			make_must(store_begin(s, &err), &err);
		}
		add_clue(s, l, a, i, n);
	}
	make_must(store_commit(s, &err), &err);
	arena_free(&a);
	store_close(&s);
	free(l);
	(void)printf("fill %u clues: %.0f/s\n", n, n / (now_s() - began));
}

/* -- questions ------------------------------------------------------------ */

static int
count_row(void *arg, const struct find_row *r)
{
	(void)r;
	++*(size_t *)arg;
	return 0;
}

/* The first time, and the best of five; each on a store opened anew. */
static double
ask(const char *path, const char *name, const struct find_filter *f)
{
	double began, took, first = 0, best = 1e9;
	struct store *s = NULL;
	struct err err;
	size_t n = 0;

	for (int round = 0; round < 5; round++) {
		n = 0;
		make_must(store_open(path, STORE_READ, &s, &err), &err);
		began = now_s();
		make_must(store_find(s, f, count_row, &n, &err), &err);
		took = now_s() - began;
		store_close(&s);
		first = round == 0 ? took : first;
		best = took < best ? took : best;
	}
	(void)printf("search %-38s %4zu hits %8.1f ms first, %8.1f best\n",
	    name, n, first * 1e3, best * 1e3);
	return best;
}

static void
ask_all(const char *path)
{
	struct language *l = language_new();
	BUF_AUTO struct buf common = BUF_INIT, middle = BUF_INIT,
			    rare = BUF_INIT, pair = BUF_INIT, single = BUF_INIT,
			    across = BUF_INIT;
	double worst = 0, took;

	add_word(&common, l->words[0]);
	add_word(&middle, l->words[500]);
	add_word(&rare, l->words[N_WORDS - 1]);
	add_word(&pair, l->words[0]);
	add_word(&pair, l->words[1]);
	/* Two frequent words in an order that needs checking everywhere. */
	add_word(&across, l->words[3]);
	add_word(&across, l->words[700]);
	add_word(&across, l->words[4]);
	buf_add(&single, buf_str(&middle), 3);
	const char *both[] = {buf_str(&common), buf_str(&middle)};
	const char *words[] = {buf_str(&common), buf_str(&middle),
	    buf_str(&rare), buf_str(&pair), buf_str(&single), "苏g8k237",
	    "不存在的词语", buf_str(&across)};
	const struct {
		const char *name;
		struct find_filter f;
	} t[] = {
	    {"frequent word", {.words = &words[0]}},
	    {"word of the middle", {.words = &words[1]}},
	    {"rare word", {.words = &words[2]}},
	    {"two frequent words in a row", {.words = &words[3]}},
	    {"three words in a row", {.words = &words[7]}},
	    {"one character", {.words = &words[4]}},
	    {"number plate", {.words = &words[5]}},
	    {"nothing", {.words = &words[6]}},
	    {"two words", {.words = both, .n_words = 2}},
	    {"frequent word, officer",
		{.words = &words[0], .officer = "officer7"}},
	    {"frequent word, wrong state",
		{.words = &words[0], .state = "verifying"}},
	    {"frequent word, no such clue", {.words = &words[0],
						.officer = "officer3",
						.state = "verifying"}},
	    {"word of the middle, no such clue", {.words = &words[1],
						     .officer = "officer3",
						     .state = "verifying"}},
	    {"frequent word, a month years ago",
		{.words = &words[0],
		    .received_from_s = MAKE_NOW_S - MAKE_SPAN_S + 2592000,
		    .received_before_s = MAKE_NOW_S - MAKE_SPAN_S + 5184000}},
	    {"frequent word, nearly every clue",
		{.words = &words[0], .state = "unsubstantiated"}},
	    {"frequent word, four years, wrong state",
		{.words = &words[0],
		    .received_before_s = MAKE_NOW_S - 31536000,
		    .state = "verifying"}},
	    {"frequent word, the first two years",
		{.words = &words[0],
		    .received_before_s = MAKE_NOW_S - MAKE_SPAN_S + 63072000}},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct find_filter f = t[i].f;

		f.limit = 20;
		if (f.n_words == 0)
			f.n_words = 1;
		took = ask(path, t[i].name, &f);
		worst = took > worst ? took : worst;
	}
	(void)printf("search: the slowest took %.1f ms\n", worst * 1e3);
	free(l);
}

static void
both(uint32_t n)
{
	static const char *const tails[] = {"", "-wal", "-shm", ".key"};
	char folder[] = "/var/tmp/bench-find-XXXXXX";
	char path[100], tail[120];

	if (mkdtemp(folder) == NULL)
		exit(1);
	(void)snprintf(path, sizeof(path), "%s/bench.db", folder);
	fill(path, n);
	ask_all(path);
	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(tail, sizeof(tail), "%s%s", path, tails[i]);
		(void)unlink(tail);
	}
	(void)rmdir(folder);
}

int
main(int argc, char **argv)
{
	int64_t n = 100000;

	if (argc == 4 && strcmp(argv[1], "--fill") == 0 &&
	    str_int64(argv[3], 1, 10000000, &n) == 0)
		fill(argv[2], (uint32_t)n);
	else if (argc == 3 && strcmp(argv[1], "--ask") == 0)
		ask_all(argv[2]);
	else if (argc == 1 ||
		 (argc == 2 && str_int64(argv[1], 1, 10000000, &n) == 0))
		both((uint32_t)n);
	else
		return 2;
	return 0;
}
