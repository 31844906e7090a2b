/* SPDX-License-Identifier: ISC */
/*
 * intake_stages CONF CORPUS: where the time of the intake goes, without
 * processes and network, into the store that CONF names.  CORPUS holds
 * messages, each behind a line with its length; bench.py writes both.  Prints
 * CPU time a message of each stage: SHA-256; decoding, and what intake tells of
 * it, both of which the parser's child does; then what core does with that
 * (reading it from the wire, and all inside the transaction), then the commit
 * of each group.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "conf/conf.h"
#include "core/check.h"
#include "core/pipeline.h"
#include "core/take.h"
#include "intake/told.h"
#include "parse/message.h"
#include "parse/parse.h"
#include "parse/wire.h"
#include "store/store.h"

enum stage {
	STAGE_HASH,
	STAGE_PARSE,
	STAGE_TOLD,
	STAGE_READ,
	STAGE_TAKE,
	STAGE_COMMIT,
	STAGE_COUNT,
};

struct mail {
	char *raw;
	size_t len;
};

struct bench {
	struct take_context take;
	struct take_cache cache;
	struct mail *mails;
	size_t n;
	double cpu_s[STAGE_COUNT], wall_s[STAGE_COUNT];
	double cpu0_s, wall0_s;
};

static void
must(int rc, const struct err *err)
{
	char text[512];

	if (rc >= 0)
		return;
	(void)fprintf(stderr, "%s\n", err_text(err, text, sizeof(text)));
	exit(1);
}

static double
seconds(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
start(struct bench *b)
{
	b->cpu0_s = seconds(CLOCK_PROCESS_CPUTIME_ID);
	b->wall0_s = seconds(CLOCK_MONOTONIC);
}

static void
stop(struct bench *b, enum stage s)
{
	b->cpu_s[s] += seconds(CLOCK_PROCESS_CPUTIME_ID) - b->cpu0_s;
	b->wall_s[s] += seconds(CLOCK_MONOTONIC) - b->wall0_s;
}

static void
read_corpus(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct mail m;

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	while (fscanf(f, "%zu", &m.len) == 1 && fgetc(f) == '\n') {
		m.raw = malloc(m.len + 1);
		b->mails = reallocarray(b->mails, b->n + 1, sizeof(m));
		if (m.raw == NULL || b->mails == NULL ||
		    fread(m.raw, 1, m.len, f) != m.len)
			exit(1);
		b->mails[b->n++] = m;
	}
	(void)fclose(f);
}

/* As the parser's child makes and the core reads it. */
static struct message *
parse_one(struct bench *b, const void *raw, size_t len)
{
	BUF_AUTO struct buf told = BUF_INIT;
	BUF_AUTO struct buf wire = BUF_INIT;
	struct message *m = NULL, *read = NULL;
	struct err err;

	start(b);
	must(parse_message(raw, len, &m, &err), &err);
	parse_wire_put(&wire, m);
	stop(b, STAGE_PARSE);
	start(b);
	told_write(m, &told);
	stop(b, STAGE_TOLD);
	message_free(&m);
	start(b);
	must(parse_wire_get(wire.data, wire.len, &read, &err), &err);
	must(told_read(read, told.data, told.len, &err), &err);
	stop(b, STAGE_READ);
	return read;
}

static void
take_one(struct bench *b, size_t i, struct arena *a)
{
	const struct pipeline_source from = {.channel = "mail",
	    .mailbox = "tips", .folder = "INBOX", .uidvalidity = 1,
	    .uid = (uint32_t)i + 1, .internal_s = time(NULL)};
	struct take_input in = {.from = &from, .raw = b->mails[i].raw,
	    .raw_len = b->mails[i].len, .now_s = time(NULL)};
	struct journal_entry j = {"tips", "INBOX", 1, from.uid,
	    JOURNAL_TAKEN, 0, in.now_s};
	struct take_output out = {0};
	struct message *m;
	struct err err;

	start(b);
	hash_sha256(in.raw, in.raw_len, in.sha256);
	stop(b, STAGE_HASH);
	in.message = m = parse_one(b, in.raw, in.raw_len);
	start(b);
	must(take_message(&b->take, &in, a, &out, &err), &err);
	j.message = out.message;
	must(store_journal_add(b->take.store, &j, &err), &err);
	stop(b, STAGE_TAKE);
	message_free(&m);
}

static void
take_group(struct bench *b, size_t from)
{
	struct arena *a = arena_new();
	struct err err;

	if (a == NULL)
		exit(1);
	must(store_begin(b->take.store, &err), &err);
	for (size_t i = from; i < b->n && i < from + MAX_GROUP_MESSAGES; i++)
		take_one(b, i, a);
	start(b);
	must(store_commit(b->take.store, &err), &err);
	stop(b, STAGE_COMMIT);
	arena_free(&a);
}

static void
report(const struct bench *b)
{
	static const char *const names[STAGE_COUNT] = {
	    "sha-256", "decode", "told", "read", "take", "commit"};

	for (int s = 0; s < STAGE_COUNT; s++)
		(void)printf("  %-8s %8.1f us CPU %8.1f us wall a message\n",
		    names[s], b->cpu_s[s] / (double)b->n * 1e6,
		    b->wall_s[s] / (double)b->n * 1e6);
}

int
main(int argc, char **argv)
{
	const struct conf_options options = {.no_secrets = true};
	struct conf *conf = NULL;
	struct route *route = NULL;
	struct store *store = NULL;
	struct bench b = {.n = 0};
	struct err err;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: intake_stages CONF CORPUS\n");
		return 2;
	}
	read_corpus(&b, argv[2]);
	if (check_load(
		argv[1], &options, &conf, &route, stderr, &err) < 0)
		return 1;
	must(parse_init(&err), &err);
	must(told_init(&err), &err);
	must(store_open(conf->store.path, STORE_CREATE, &store, &err), &err);
	b.take = (struct take_context){conf, route, store, &b.cache};
	for (size_t i = 0; i < b.n; i += MAX_GROUP_MESSAGES)
		take_group(&b, i);
	report(&b);
	store_close(&store);
	return 0;
}
