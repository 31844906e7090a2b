/* SPDX-License-Identifier: ISC */
/*
 * Messages a second through the parser pool: bench_parse [MESSAGES [MAIL…]].
 * Without mails it makes small ones of four kinds.  Prints one line for each
 * number of messages a child takes, and one for the decoder without processes.
 */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/memfd.h"
#include "base/programs.h"
#include "parse/message.h"
#include "parse/parse.h"
#include "parse/pool.h"

/* Messages handed to the pool ahead, as the core's window does. */
#define WINDOW 256

static const char *const samples[] = {
    "From: =?gb2312?B?1cXI/Q==?= <zhang%d@example.com>\r\n"
    "To: tips@example.cn\r\nSubject: =?gbk?B?zba12bG9s7U=?= %d\r\n"
    "Date: Tue, 5 Mar 2024 10:11:12 +0800 (CST)\r\n"
    "Message-ID: <%d@example.com>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=gbk\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\n"
    "xOO6w6Os1eLKx9K7t+LP38vho6zH67Ligaqj1Q==\r\n",
    "From: \"Li\" <li%d@example.com>\r\nTo: tips@example.cn\r\n"
    "Subject: street stalls %d\r\nMessage-ID: <%d@example.org>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n"
    " boundary=\"----=_Part_1\"\r\n\r\n------=_Part_1\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    "=E5=8D=A0=E9=81=93=E7=BB=8F=E8=90=A5=EF=BC=8C=E6=94=B6=E4=BF=9D=E6=8A"
    "=A4=E8=B4=B9\r\n------=_Part_1\r\nContent-Type: text/html; "
    "charset=utf-8\r\n\r\n<html><body><p>stalls</p></body></html>\r\n"
    "------=_Part_1--\r\n",
    "From: wang%d@example.com\r\nTo: tips@example.cn\r\nSubject: photo %d\r\n"
    "Message-ID: <%d@example.net>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\n"
    "Content-Type: text/html; charset=utf-8\r\n\r\n"
    "<div>\xe6\xb8\xa3\xe5\x9c\x9f\xe8\xbd\xa6<br>dumping at night</div>\r\n"
    "--b1\r\nContent-Type: application/octet-stream; name=\"a.bin\"\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nAAECAwQFBgcICQoLDA0ODw==\r\n"
    "--b1--\r\n",
    "From: zhao%d@example.com\r\nTo: tips@example.cn\r\n"
    "Subject: plain %d\r\nMessage-ID: <%d@example.com>\r\n\r\n"
    "A plain letter of two lines,\r\nwithout any MIME at all.\r\n",
};

struct bench {
	struct buf *raw; /* one message each */
	size_t n;
	size_t answered;
	size_t failed;
};

static void
on_done(void *arg, uint64_t job, struct message *m, const struct err *failure)
{
	struct bench *b = arg;

	(void)job;
	b->answered++;
	b->failed += failure != NULL;
	message_free(&m);
}

static double
cpu_s(int who)
{
	struct rusage r;

	(void)getrusage(who, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	       (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static int
feed(struct pool *p, struct bench *b, size_t *next)
{
	struct err err;
	int fd, rc;

	while (*next < b->n && pool_pending(p) < WINDOW) {
		const struct buf *raw = &b->raw[*next];

		if (memfd_put(raw->data, raw->len, &fd, &err) < 0)
			return -1;
		rc = pool_add(p, (*next)++, fd, &err);
		(void)close(fd);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
run_pool(struct bench *b, unsigned per_child)
{
	struct pool *p;
	struct err err;
	struct pollfd fd;
	size_t next = 0;
	double cpu;
	int64_t start;

	b->answered = b->failed = 0;
	if (pool_new(per_child, on_done, b, &p, &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	start = clock_mono_ms();
	cpu = cpu_s(RUSAGE_SELF) + cpu_s(RUSAGE_CHILDREN);
	fd = (struct pollfd){pool_epoll_fd(p), POLLIN, 0};
	while (b->answered < b->n) {
		if (feed(p, b, &next) < 0)
			return 1;
		(void)poll(&fd, 1, pool_timeout_ms(p));
		if (pool_step(p, &err) < 0)
			return 1;
	}
	start = clock_mono_ms() - start;
	pool_free(&p);
	cpu = cpu_s(RUSAGE_SELF) + cpu_s(RUSAGE_CHILDREN) - cpu;
	(void)printf("per_child=%-3u %8.0f messages/s  wall %.2f s  cpu %.2f s"
		     "  failed %zu\n",
	    per_child, (double)b->n * 1000 / (double)(start > 0 ? start : 1),
	    (double)start / 1000, cpu, b->failed);
	return b->failed != 0;
}

static int
run_alone(struct bench *b)
{
	struct message *m;
	struct err err;
	int64_t start;

	if (parse_init(&err) < 0) {
		(void)fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	start = clock_mono_ms();
	for (size_t i = 0; i < b->n; i++) {
		if (parse_message(b->raw[i].data, b->raw[i].len, &m, &err) < 0)
			return 1;
		message_free(&m);
	}
	start = clock_mono_ms() - start;
	(void)printf("in process    %8.0f messages/s\n",
	    (double)b->n * 1000 / (double)(start > 0 ? start : 1));
	parse_done();
	return 0;
}

static void
make_samples(struct bench *b)
{
	char text[2000];

	for (size_t i = 0; i < b->n; i++) {
		int n = (int)i;

		/* The formats are the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(text, sizeof(text), samples[i % 4], n, n, n);
#pragma GCC diagnostic pop
		buf_adds(&b->raw[i], text);
	}
}

static int
read_mails(struct bench *b, char **paths, size_t n_paths)
{
	char piece[65536];
	size_t n;

	for (size_t i = 0; i < b->n; i++) {
		FILE *f = fopen(paths[i % n_paths], "rbe");

		if (f == NULL) {
			perror(paths[i % n_paths]);
			return 1;
		}
		while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
			buf_add(&b->raw[i], piece, n);
		(void)fclose(f);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static const unsigned per_child[] = {64, 8, 1};
	struct bench b = {.n = 10000};
	struct err err;
	int rc;

	if (programs_find(&err) < 0) {
		(void)fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	if (argc > 1)
		b.n = strtoul(argv[1], NULL, 10);
	b.raw = calloc(b.n, sizeof(*b.raw));
	if (b.raw == NULL || b.n == 0)
		return 1;
	if (argc > 2)
		rc = read_mails(&b, argv + 2, (size_t)argc - 2);
	else
		make_samples(&b), rc = 0;
	for (size_t i = 0; rc == 0 && i < 3; i++)
		rc = run_pool(&b, per_child[i]);
	return rc == 0 ? run_alone(&b) : rc;
}
