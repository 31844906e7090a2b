/* SPDX-License-Identifier: ISC */
/*
 * Messages that are made to cost: each must be decoded within 5 s of CPU time
 * and 512 MB of address space, in a process of its own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "parse/message.h"
#include "parse/parse.h"
#include "parse/wire.h"

#ifdef __SANITIZE_ADDRESS__
/* Its checks cost many times the work. */
#define HUGE_BYTES (12UL << 20)
#define CPU_S 60
/* It looks at the whole haystack in every call of memmem(). */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "intercept_memmem=0";
}
#else
#define HUGE_BYTES (60UL << 20)
#define CPU_S 5
#endif
#define MEMORY (512UL << 20)

#define HEAD "From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define HTML HEAD "Content-Type: text/html\r\n\r\n"

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define EIGHT_LINES " c\r\n c\r\n c\r\n c\r\n c\r\n c\r\n c\r\n c\r\n"
#define X512 X64 X64 X64 X64 X64 X64 X64 X64
#define X4K X512 X512 X512 X512 X512 X512 X512 X512

/* A message: the head, a piece again and again, the tail.  "%d" in the piece
 * is its number. */
struct hostile {
	const char *name;
	const char *head;
	const char *piece;
	size_t times; /* 0 = up to HUGE_BYTES */
	const char *tail;
	uint32_t defect; /* must be told; 0 = none in particular */
};

static const struct hostile table[] = {
    {"multiparts in each other", HEAD,
	"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", 100000,
	"\r\ntext", DEFECT_DEPTH},
    {"messages in each other", HEAD, "Content-Type: message/rfc822\r\n\r\n",
	100000, "text", DEFECT_DEPTH},
    {"parts", MIXED, "--b\r\n\r\nx\r\n", 1000000, "--b--\r\n", DEFECT_DEPTH},
    {"header lines", HEAD, "X-A: b\r\n", 0, "\r\ntext", DEFECT_HEADER_CUT},
    {"one header, folded", "Subject: a\r\n", " bbbbb\r\n", 0, "\r\ntext",
	DEFECT_HEADER_CUT},
    {"one header line", "Subject: ", "aaaaaaaa", 0, "\r\n\r\ntext",
	DEFECT_HEADER_CUT},
    {"lines of blanks in a header", "X-Report: a\r\n", " \r\n", 0,
	"Subject: x\r\n\r\ntext", 0},
    {"a report of blanks and lines", "X-Report: a\r\n",
	" \r\n" EIGHT_LINES " \r\n" EIGHT_LINES "X-A: b\r\n", 0, "\r\ntext",
	DEFECT_HEADER_CUT},
    {"a header in every part", MIXED, "--b\r\nX-A: b\r\nX-B: c\r\n\r\n", 0, "",
	DEFECT_DEPTH},
    {"header lines of parts", MIXED "--b\r\n", "X-A: b\r\n", 0,
	"\r\ntext\r\n--b--\r\n", DEFECT_HEADER_CUT},
    {"comments in From", "From: ", "(", 0, "\r\n\r\ntext", DEFECT_HEADER_CUT},
    {"comments in a short From", "From: ", "(", 200000, "\r\n\r\ntext", 0},
    {"quotes in From", "From: ", "\"\\\"", 80000, "\r\n\r\ntext", 0},
    {"recipients", "To: ", "a@example.com, ", 16000, "\r\n\r\ntext", 0},
    {"references", "References: ", "<a@b> ", 40000, "\r\n\r\ntext", 0},
    {"encoded words", "Subject: ", "=?gbk?B?xOO6ww==?= ", 13000, "\r\n\r\ntext",
	0},
    {"half encoded words", "Subject: ", "=?", 120000, "\r\n\r\ntext", 0},
    {"Q words of blanks", "Subject: ", "=?gbk?Q? ", 25000, "\r\n\r\ntext", 0},
    {"parameters", HEAD "Content-Type: text/plain", "; a=b", 40000,
	"\r\n\r\ntext", 0},
    {"parameter pieces", HEAD "Content-Type: text/plain", "; name*%d=b", 15000,
	"\r\n\r\ntext", 0},
    {"date comments", "From: a@example.com\r\nDate: ", "(", 200000,
	"\r\n\r\ntext", 0},
    {"one line", HEAD "\r\n", "aaaaaaaa", 0, "", DEFECT_TEXT_CUT},
    {"one line of GBK", HEAD "\r\n", "\xcf\xdf\xcb\xf7", 0, "",
	DEFECT_TEXT_CUT},
    {"empty lines", HEAD "\r\n", "\n", 0, "", 0},
    {"bare CRs", "", "\r", 0, "", 0},
    {"NULs", "", "\xff\xfe", 0, "", 0},
    {"quoted lines", HEAD "\r\n", "> > > > > > x\r\n", 0, "", DEFECT_TEXT_CUT},
    {"one quoted line", HEAD "\r\n", ">>>>>>>>", 0, "", DEFECT_TEXT_CUT},
    {"reply heads", HEAD "\r\n", "On 1 Jan, a wrote:\r\n> x\r\n", 80000, "", 0},
    {"Chinese reply heads",
	HEAD "Content-Type: text/plain; charset=utf-8"
	     "\r\n\r\n",
	"-----原始邮件-----\r\n发件人: a\r\n", 50000, "", 0},
    {"flowed lines", HEAD "Content-Type: text/plain; format=flowed\r\n\r\n",
	"x \r\n", 0, "", DEFECT_TEXT_CUT},
    {"signature marks", HEAD "\r\n", "-- \r\nx\r\n", 250000, "", 0},
    {"dashes under boundaries", MIXED, "--x\n", 0, "", DEFECT_STRUCTURE},
    {"closing boundaries", MIXED "--b\r\n\r\ntext\r\n", "--b--\r\n", 0, "", 0},
    {"nested dashes", HEAD "Content-Type: multipart/mixed; boundary=b0\r\n\r\n",
	"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--x\n",
	40000, "", 0},
    {"begin lines", HEAD "\r\n", "begin 644 a\n", 0, "", DEFECT_TEXT_CUT},
    {"uuencoded data without end", HEAD "\r\n",
	"begin 644 a\n#86)C\n#86)C\n#86)C\n#86)C\n#86)C\n", 0, "", 0},
    {"uuencoded files", HEAD "\r\n", "begin 644 a\n#86)C\nend\n", 0, "",
	DEFECT_ATTACHMENTS_CUT},
    {"base64",
	HEAD "Content-Type: application/x-y\r\n"
	     "Content-Transfer-Encoding: base64\r\n\r\n",
	"QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\r\n", 0, "", 0},
    {"signatures in pieces",
	HEAD "Content-Type: application/pkcs7-mime\r\n"
	     "Content-Transfer-Encoding: 8bit\r\n\r\n"
	     "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80"
	     "\x30\x80\x02\x01\x01\x31\x01\x05\x30\x80\x06\x09\x2a\x86\x48"
	     "\x86\xf7\x0d\x01\x07\x01\xa0\x80",
	"\x24\x80\x04\x04--b\n", 0, "", DEFECT_TEXT_CUT},
    {"quoted-printable",
	HEAD "Content-Transfer-Encoding: quoted-printable"
	     "\r\n\r\n",
	"=41=42=\r\n", 0, "", DEFECT_TEXT_CUT},
    {"attachments", MIXED,
	"--b\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n%d\r\n", 900,
	"", DEFECT_ATTACHMENTS_CUT},
    {"cloud links", HEAD "\r\n",
	"http://mail.qq.com/cgi-bin/ftnExs_download?k=%d ", 0, "", 0},
    {"HTML without end", HTML, "<p>", 0, "", 0},
    {"HTML behind plain text", MIXED "--b\r\n\r\ny\r\n",
	"--b\r\nContent-Type: text/html\r\n\r\n" X4K X4K "%d\r\n", 990, "",
	DEFECT_TEXT_CUT},
    {"HTML in depth", HTML, "<div><b>", 0, "", 0},
    {"HTML tables", HTML, "<table><tr><td>x", 0, "", 0},
    {"HTML lists", HTML, "<ul><li>x", 2000000, "", 0},
    {"HTML links", HTML,
	"<a href=\"http://mail.qq.com/cgi-bin/ftnExs_download?k=%d\">a</a>",
	150000, "", 0},
    {"HTML attributes", HTML "<p ", "a=b ", 0, "", 0},
    {"HTML entities", HTML, "&amp;&#20013;", 0, "", 0},
    {"HTML comments", HTML, "<!-- x ", 0, "", 0},
    {"HTML quotes", HTML, "<blockquote>x", 1000000, "", 0},
    {"HTML styles", HTML, "<style>x</style>", 0, "", 0},
    {"HTML hidden", HTML, "<div style=\"display:none\">", 500000, "", 0},
};

static void
build(const struct hostile *h, struct buf *out)
{
	char piece[200];

	buf_adds(out, h->head);
	for (size_t i = 0; h->times == 0 ? out->len < HUGE_BYTES : i < h->times;
	     i++) {
		const char *d = h->piece, *next;

		for (; (next = strstr(d, "%d")) != NULL; d = next + 2) {
			buf_add(out, d, (size_t)(next - d));
			(void)snprintf(piece, sizeof(piece), "%zu", i);
			buf_adds(out, piece);
		}
		buf_adds(out, d);
	}
	buf_adds(out, h->tail);
}

/* In the child: 0 when all went well. */
static int
decode(const struct hostile *h)
{
	struct message *m = NULL, *back = NULL;
	struct buf raw = BUF_INIT, wire = BUF_INIT;
	struct err err;

	build(h, &raw);
	if (buf_bad(&raw))
		return 2;
	if (parse_message(raw.data, raw.len, &m, &err) < 0)
		return 3;
	if (h->defect != 0 && (m->defects & h->defect) == 0)
		return 4;
	parse_wire_put(&wire, m);
	if (buf_bad(&wire) ||
	    parse_wire_get(wire.data, wire.len, &back, &err) < 0)
		return 5;
	return 0;
}

static void
limit(__rlimit_resource_t what, rlim_t value)
{
	struct rlimit r = {value, value};

	(void)setrlimit(what, &r);
}

static int
run(const struct hostile *h)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		limit(RLIMIT_CORE, 0);
		limit(RLIMIT_CPU, CPU_S);
#ifndef __SANITIZE_ADDRESS__
		limit(RLIMIT_AS, MEMORY);
#endif
		_exit(decode(h));
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static void
all_are_decoded(void **state)
{
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int status = run(&table[i]);

		if (status == 0)
			continue;
		failed++;
		if (WIFSIGNALED(status))
			print_error("%s: signal %s\n", table[i].name,
			    sigabbrev_np(WTERMSIG(status)));
		else
			print_error("%s: failed at step %d\n", table[i].name,
			    WEXITSTATUS(status));
	}
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_are_decoded)};
	struct err err;

	if (parse_init(&err) < 0) {
		print_error("%s\n", err.what);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
