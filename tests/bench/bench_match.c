/* SPDX-License-Identifier: ISC */
/*
 * The matcher of the rules beside Hyperscan and grep -F on the same made-up
 * Chinese text: processor time, memory for the words, and the time of a whole
 * decision, with 500, 5,000 and 50,000 words: bench_match [MEGABYTES].
 * Hyperscan is a peer here, not a part of the product (match.h says why).
 */
#include <fcntl.h>
#include <malloc.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <hs/hs.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "route/match.h"
#include "route/route.h"

/* As much as one long mail; matches are dropped after each. */
#define CHUNK 65536
#define TIP 600
#define ROUNDS 3
#define MOST_WORDS 50000
#define COMMON 500

struct bench {
	char *text; /* 8 zero bytes behind its end */
	size_t len;
	char words[MOST_WORDS][16];
	size_t n_words;
};

extern char **environ;

/* Of the processor: others may use it as well. */
static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t
draw(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*seed >> 33);
}

/* A Han character; some come far more often than others, as in real text. */
static uint32_t
draw_han(uint64_t *seed)
{
	double x = (double)draw(seed) / 2147483648.0;

	return 0x4e00 + (uint32_t)(x * x * 3000) * 6;
}

static size_t
add_han(char *out, uint64_t *seed, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += utf8_put(draw_han(seed), out + len);
	return len;
}

static bool
is_known(const struct bench *b, const uint32_t *table, uint32_t slot)
{
	for (; table[slot] != 0; slot = (slot + 1) & 0x1ffff)
		if (strcmp(b->words[table[slot] - 1], b->words[b->n_words]) ==
		    0)
			return true;
	return false;
}

/* Words of two to five characters; those that shall not be found by chance
 * have at least three. */
static void
make_words(struct bench *b)
{
	uint32_t *table = calloc(0x20000, sizeof(*table));
	uint64_t seed = 7;

	while (table != NULL && b->n_words < MOST_WORDS) {
		char *w = b->words[b->n_words];
		size_t least = b->n_words < COMMON ? 2 : 3;
		uint32_t slot = 0;

		w[add_han(w, &seed, least + draw(&seed) % (6 - least))] = '\0';
		for (const char *p = w; *p != '\0'; p++)
			slot = slot * 31 + (unsigned char)*p;
		slot &= 0x1ffff;
		if (is_known(b, table, slot))
			continue;
		while (table[slot] != 0)
			slot = (slot + 1) & 0x1ffff;
		table[slot] = (uint32_t)++b->n_words;
	}
	free(table);
}

/* Clauses of eight characters, every second with one of the COMMON words: the
 * other words are there to be searched for, not to be found. */
static int
make_text(struct bench *b, size_t bytes)
{
	uint64_t seed = 3;

	b->text = calloc(1, bytes + 128);
	if (b->text == NULL)
		return -1;
	while (b->len + 64 < bytes) {
		const char *word = b->words[draw(&seed) % COMMON];

		b->len += add_han(b->text + b->len, &seed, 8);
		if (draw(&seed) % 2 == 0) {
			memcpy(b->text + b->len, word, strlen(word));
			b->len += strlen(word);
		}
		b->text[b->len++] = draw(&seed) % 4 == 0 ? '\n' : ',';
	}
	return 0;
}

struct result {
	double mb_s;
	size_t found;
	size_t bytes; /* that the words take */
};

static size_t
allocated(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static size_t
chunk_end(const struct bench *b, size_t from)
{
	size_t max = b->len - from;

	return from +
	       (max > CHUNK ? utf8_cut(b->text + from, max, CHUNK) : max);
}

static struct result
run_own(const struct bench *b, size_t n)
{
	struct match_word *words = calloc(n, sizeof(*words));
	struct result best = {0, 0, 0};
	struct matches m = {NULL, 0, 0};
	struct matcher *matcher;
	struct err err;

	for (size_t i = 0; i < n; i++)
		words[i] = (struct match_word){
		    b->words[i], (uint32_t)strlen(b->words[i])};
	best.bytes = allocated();
	if (matcher_new(words, n, &matcher, &err) != 0)
		abort();
	best.bytes = allocated() - best.bytes;
	for (int r = 0; r < ROUNDS; r++) {
		double t = now_s();

		best.found = 0;
		for (size_t at = 0, end; at < b->len; at = end) {
			end = chunk_end(b, at);
			m.n = 0;
			if (matcher_scan(
				matcher, b->text + at, end - at, &m, &err) != 0)
				abort();
			best.found += m.n;
		}
		t = (double)b->len / 1e6 / (now_s() - t);
		best.mb_s = t > best.mb_s ? t : best.mb_s;
	}
	matches_done(&m);
	matcher_free(&matcher);
	free(words);
	return best;
}

static int
on_match(unsigned id, unsigned long long from, unsigned long long to,
    unsigned flags, void *context)
{
	(void)id;
	(void)from;
	(void)to;
	(void)flags;
	++*(size_t *)context;
	return 0;
}

static hs_database_t *
compile_hs(const struct bench *b, size_t n)
{
	const char **list = calloc(n, sizeof(*list));
	unsigned *flags = calloc(n, sizeof(*flags));
	unsigned *ids = calloc(n, sizeof(*ids));
	size_t *lens = calloc(n, sizeof(*lens));
	hs_compile_error_t *error = NULL;
	hs_database_t *db = NULL;

	for (size_t i = 0; i < n; i++) {
		list[i] = b->words[i];
		ids[i] = (unsigned)i;
		lens[i] = strlen(b->words[i]);
	}
	if (hs_compile_lit_multi(list, flags, ids, lens, (unsigned)n,
		HS_MODE_BLOCK, NULL, &db, &error) != HS_SUCCESS) {
		(void)fprintf(stderr, "hyperscan: %s\n", error->message);
		hs_free_compile_error(error);
	}
	free(list);
	free(flags);
	free(ids);
	free(lens);
	return db;
}

static struct result
run_hs(const struct bench *b, size_t n)
{
	hs_database_t *db = compile_hs(b, n);
	struct result best = {0, 0, 0};
	hs_scratch_t *scratch = NULL;
	size_t more = 0;

	if (db == NULL || hs_alloc_scratch(db, &scratch) != HS_SUCCESS)
		return best;
	(void)hs_database_size(db, &best.bytes);
	(void)hs_scratch_size(scratch, &more);
	best.bytes += more;
	for (int r = 0; r < ROUNDS; r++) {
		double t = now_s();

		best.found = 0;
		for (size_t at = 0, end; at < b->len; at = end) {
			end = chunk_end(b, at);
			hs_scan(db, b->text + at, (unsigned)(end - at), 0,
			    scratch, on_match, &best.found);
		}
		t = (double)b->len / 1e6 / (now_s() - t);
		best.mb_s = t > best.mb_s ? t : best.mb_s;
	}
	hs_free_scratch(scratch);
	hs_free_database(db);
	return best;
}

static void
write_file(const char *path, const char *data, size_t len)
{
	FILE *f = fopen(path, "wbe");

	if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0)
		abort();
}

/* The most memory that a process had so far; 0 when it is gone. */
static size_t
memory_of(pid_t pid)
{
	char path[64], line[128];
	size_t kb = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "re");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (str_starts(line, "VmHWM:"))
			kb = strtoul(line + strlen("VmHWM:"), NULL, 10);
	if (f != NULL)
		(void)fclose(f);
	return kb * 1024;
}

static void
spawn_grep(
    const char *words, const char *text, const char *out, struct result *r)
{
	char *const argv[] = {"grep", "-c", "-F", "-f", (char *)(size_t)words,
	    (char *)(size_t)text, NULL};
	posix_spawn_file_actions_t quiet;
	struct rusage used;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&quiet);
	/* Into /dev/null it would stop at the first line. */
	posix_spawn_file_actions_addopen(
	    &quiet, STDOUT_FILENO, out, O_WRONLY | O_CREAT, 0600);
	if (posix_spawnp(&pid, "grep", &quiet, NULL, argv, environ) != 0)
		abort();
	posix_spawn_file_actions_destroy(&quiet);
	while (wait4(pid, &status, WNOHANG, &used) == 0) {
		size_t bytes = memory_of(pid);

		r->bytes = bytes > r->bytes ? bytes : r->bytes;
		(void)usleep(2000);
	}
	r->mb_s = (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
		  (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* grep -F counts lines, so it stops at the first word of each. */
static struct result
run_grep(const struct bench *b, size_t n, const char *dir)
{
	char words[128], text[128], out[128];
	struct result best = {0, 0, 0};
	FILE *f;

	(void)snprintf(words, sizeof(words), "%s/words", dir);
	(void)snprintf(text, sizeof(text), "%s/text", dir);
	(void)snprintf(out, sizeof(out), "%s/out", dir);
	f = fopen(words, "wbe");
	for (size_t i = 0; f != NULL && i < n; i++)
		(void)fprintf(f, "%s\n", b->words[i]);
	if (f == NULL || fclose(f) != 0)
		abort();
	write_file(text, b->text, b->len);
	for (int i = 0; i < ROUNDS; i++) {
		struct result r = {0, 0, 0};

		spawn_grep(words, text, out, &r);
		r.mb_s = (double)b->len / 1e6 / r.mb_s;
		if (r.mb_s > best.mb_s)
			best = r;
	}
	(void)unlink(words);
	(void)unlink(text);
	(void)unlink(out);
	return best;
}

/* Microseconds of a whole decision on tips of TIP bytes. */
static double
run_decide(const struct bench *b, size_t n)
{
	struct term_conf *terms = calloc(n, sizeof(*terms));
	const char **words = calloc(n, sizeof(*words));
	struct domain_conf domains[2] = {{.id = "a", .title = "", .brief = ""},
	    {.id = DOMAIN_OTHER, .title = "", .brief = ""}};
	struct conf conf = {.rules = {.domains = domains,
				.n_domains = 2,
				.subject_weight = 1500,
				.threshold = 2000}};
	struct route *route;
	char tip[TIP + 1];
	double best = 0;
	struct err err;

	for (size_t i = 0; i < n; i++) {
		words[i] = b->words[i];
		terms[i] = (struct term_conf){.words = &words[i],
		    .n_words = 1,
		    .pattern = "",
		    .weight = 1000,
		    .file = "bench",
		    .line = 1};
	}
	domains[0].terms = terms;
	domains[0].n_terms = n;
	if (route_new(&conf, &route, &err) != 0)
		abort();
	for (int r = 0; r < ROUNDS; r++) {
		size_t count = 0;
		double t = now_s();

		for (size_t at = 0; at + TIP + 4 < b->len && count < 5000;
		     count++) {
			struct arena *a ARENA_AUTO = arena_new();
			struct route_decision d;
			size_t len = utf8_cut(b->text + at, b->len - at, TIP);

			memcpy(tip, b->text + at, len);
			tip[len] = '\0';
			at += len;
			if (route_decide(route, "", tip, a, &d, &err) != 0)
				abort();
		}
		t = (now_s() - t) * 1e6 / (double)count;
		best = best == 0 || t < best ? t : best;
	}
	route_free(&route);
	free(terms);
	free(words);
	return best;
}

int
main(int argc, char **argv)
{
	static const size_t sizes[] = {500, 5000, 50000};
	struct bench *b = calloc(1, sizeof(*b));
	char dir[] = "/tmp/bench_match.XXXXXX";
	size_t mb = argc > 1 ? strtoul(argv[1], NULL, 10) : 8;
	double first = 0;

	if (b == NULL || mb == 0)
		return 1;
	make_words(b);
	if (make_text(b, mb << 20) != 0 || mkdtemp(dir) == NULL)
		return 1;
	if (setenv("LC_ALL", "C", 1) != 0)
		return 1;
	(void)printf("%zu MB; MB/s of processor time, memory in MB, found per kB\n", mb);
	(void)printf("%7s %5s %8s %6s %10s %6s %8s %6s %7s %8s %12s %7s\n",
	    "words", "found", "ours", "mem", "hyperscan", "mem", "grep -F", "mem",
	    "vs hs", "vs grep", "a decision", "vs 500");
	for (size_t i = 0; i < 3; i++) {
		struct result own = run_own(b, sizes[i]);
		struct result hs = run_hs(b, sizes[i]);
		struct result grep = run_grep(b, sizes[i], dir);
		double us = run_decide(b, sizes[i]);

		if (own.found != hs.found) {
			(void)fprintf(stderr, "%zu found, hyperscan %zu\n",
			    own.found, hs.found);
			return 1;
		}
		first = i == 0 ? us : first;
		(void)printf("%7zu %5.1f %8.0f %6.1f %10.0f %6.1f %8.0f %6.1f "
			     "%6.1fx %7.1fx %9.1f us %6.2fx\n",
		    sizes[i], (double)own.found * 1000 / (double)b->len,
		    own.mb_s, (double)own.bytes / 1e6, hs.mb_s,
		    (double)hs.bytes / 1e6, grep.mb_s,
		    (double)grep.bytes / 1e6, own.mb_s / hs.mb_s,
		    own.mb_s / grep.mb_s, us, us / first);
	}
	(void)rmdir(dir);
	free(b->text);
	free(b);
	return 0;
}
