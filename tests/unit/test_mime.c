/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "parse/charset.h"
#include "parse/message.h"
#include "parse/mime.h"
#include "parse_mutate.h"

/* The tree in one line: "multipart/mixed(text/plain'a' text/html'b')". */
static void
render(const struct mime *m, struct buf *out)
{
	size_t p = 0, next;

	while (p != NO_PART) {
		const struct part *part = &m->parts[p];

		buf_adds(out, part->type);
		if (part->kind == PART_LEAF) {
			buf_addc(out, '\'');
			buf_add(out, part->body, part->body_len);
			buf_addc(out, '\'');
		}
		next = mime_next(m, p);
		if (part->child != NO_PART) {
			buf_addc(out, '(');
		} else {
			/* Close what ends here. */
			for (; p != NO_PART && m->parts[p].next == NO_PART;
			     p = m->parts[p].parent) {
				if (m->parts[p].parent != NO_PART)
					buf_addc(out, ')');
			}
			if (next != NO_PART)
				buf_addc(out, ' ');
		}
		p = next;
	}
}

struct sample {
	const char *raw;
	const char *want;
	uint32_t defects;
};

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

static void
trees(void **state)
{
	static const struct sample samples[] = {
	    {"Subject: x\n\nhello", "text/plain'hello'", 0},
	    {"", "text/plain''", 0},
	    {"no header", "text/plain'no header'", 0},
	    {"Content-Type: Text/HTML; charset=x\n\n<p>", "text/html'<p>'", 0},
	    {"Content-Type: text\n\nx", "text/plain'x'", 0},
	    {"Content-Type: ;\n\nx", "text/plain'x'", 0},
	    {"Content-Type: t\xff/x\n\nx", "t?/x'x'", 0},
	    /* the plain case, with everything that is not text left out */
	    {MIXED "pre\n--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n"
		   "--b--\nepi\n",
		"multipart/mixed(text/plain'one' text/html'two')", 0},
	    {MIXED "--b\r\n\r\none\r\n\r\n--b--\r\n",
		"multipart/mixed(text/plain'one\r\n')", 0},
	    {MIXED "--b \t\n\none\n--b-- \n",
		"multipart/mixed(text/plain'one')", 0},
	    {MIXED "--b\n\n--b\n\n--b--\n",
		"multipart/mixed(text/plain'' text/plain'')", 0},
	    /* a boundary that is the beginning of another one */
	    {MIXED "--b\nContent-Type: multipart/mixed; boundary=b2\n\n"
		   "--b2\n\nin\n--b2--\n--b\n\nout\n--b--\n",
		"multipart/mixed(multipart/mixed(text/plain'in') "
		"text/plain'out')",
		0},
	    {MIXED "--b\n\n--bx\n--\n---b\n--b--\n",
		"multipart/mixed(text/plain'--bx\n--\n---b')", 0},
	    /* the same boundary inside and outside */
	    {MIXED "--b\nContent-Type: multipart/mixed; boundary=b\n\n"
		   "--b\n\nin\n--b--\n--b\n\nout\n--b--\n",
		"multipart/mixed(multipart/mixed(text/plain'in') "
		"text/plain'out')",
		0},
	    /* the end is missing: of the message, of an inner part */
	    {MIXED "--b\n\none\n", "multipart/mixed(text/plain'one\n')",
		DEFECT_STRUCTURE},
	    {MIXED "--b\n\none\n--b",
		"multipart/mixed(text/plain'one' "
		"text/plain'')",
		DEFECT_STRUCTURE},
	    {MIXED "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
		   "--c\n\nin\n--b\n\nout\n--b--\n",
		"multipart/mixed(multipart/mixed(text/plain'in') "
		"text/plain'out')",
		DEFECT_STRUCTURE},
	    /* more parts behind the end count */
	    {MIXED "--b\n\none\n--b--\n--b\n\ntwo\n--b--\n",
		"multipart/mixed(text/plain'one' text/plain'two')", 0},
	    /* wrong, missing, empty boundary: guessed, else text */
	    {"Content-Type: multipart/mixed; boundary=zz\n\n"
	     "--b\nContent-Type: text/html\n\none\n--b--\n",
		"multipart/mixed(text/html'one')", DEFECT_STRUCTURE},
	    {"Content-Type: multipart/mixed\n\n"
	     "--b\nContent-Type: text/html\n\none\n--b--\n",
		"multipart/mixed(text/html'one')", DEFECT_STRUCTURE},
	    {"Content-Type: multipart/mixed; boundary=\"\"\n\nall text\n--x\n",
		"text/plain'all text\n--x\n'", DEFECT_STRUCTURE},
	    {"Content-Type: multipart/mixed; boundary=\"\\\"\"\n\n--\"\n\nx\n",
		"multipart/mixed(text/plain'x\n')", DEFECT_STRUCTURE},
	    {"Content-Type: multipart/mixed; boundary=\"b c\"\n\n--b c\n\nx\n"
	     "--b c--",
		"multipart/mixed(text/plain'x')", 0},
	    /* parts without an empty line */
	    {MIXED "--b\nContent-Type: text/html\n--b\n\nx\n--b--",
		"multipart/mixed(text/html'' text/plain'x')", 0},
	    {MIXED "--b\ntext at once\n--b--",
		"multipart/mixed(text/plain'text at once')", 0},
	    /* messages inside */
	    {MIXED "--b\nContent-Type: message/rfc822\n\nSubject: in\n\ninner\n"
		   "--b\n\nx\n--b--",
		"multipart/mixed(message/rfc822(text/plain'inner') "
		"text/plain'x')",
		0},
	    {"Content-Type: multipart/digest; boundary=b\n\n--b\n\n"
	     "Subject: in\n\ninner\n--b--\n",
		"multipart/digest(message/rfc822(text/plain'inner'))", 0},
	    {"Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n"
	     "Subject: a\n\nx",
		"message/rfc822(message/rfc822(text/plain'x'))", 0},
	    {MIXED "--b\nContent-Type: application/octet-stream\n"
		   "Content-Disposition: attachment; filename=\"a.eml\"\n\n"
		   "Subject: in\n\ninner\n--b--",
		"multipart/mixed(application/octet-stream(text/plain'inner'))",
		0},
	    /* encoded where it must not be */
	    {"Content-Type: message/rfc822\n"
	     "Content-Transfer-Encoding: base64\n\n"
	     "U3ViamVjdDogaW4KCmlubmVy\n",
		"message/rfc822(text/plain'inner')", 0},
	    {"Content-Type: multipart/mixed; boundary=b\n"
	     "Content-Transfer-Encoding: base64\n\n"
	     "LS1iCgpvbmUKLS1iCgp0d28KLS1iLS0K\n",
		"multipart/mixed(text/plain'one' text/plain'two')", 0},
	    {"Content-Type: multipart/mixed; boundary=b\n"
	     "Content-Transfer-Encoding: quoted-printable\n\njust text",
		"text/plain'just text'", DEFECT_STRUCTURE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct buf out = BUF_INIT;
		struct mime m;

		assert_int_equal(
		    mime_parse(&m, samples[i].raw, strlen(samples[i].raw)), 0);
		render(&m, &out);
		assert_string_equal(buf_str(&out), samples[i].want);
		assert_int_equal(m.defects, samples[i].defects);
		mime_done(&m);
		buf_done(&out);
	}
}

/* A guessed boundary with a NUL in it never matched, and was guessed again for
 * ever. */
static void
bug_nul_in_guessed_boundary(void **state)
{
	static const char raw[] = "Content-Type: multipart/mixed\n\n"
				  "--b\0c\nContent-Type: text/html\n\nx";
	struct mime m;

	(void)state;
	assert_int_equal(mime_parse(&m, raw, sizeof(raw) - 1), 0);
	assert_int_equal(m.n_parts, 1);
	assert_true(part_is(&m.parts[0], "text/plain"));
	mime_done(&m);
}

static void
what_a_part_is(void **state)
{
	static const char raw[] =
	    "Content-Type: APPLICATION/Pdf;\r\n name=\"a b.pdf\"\r\n"
	    "Content-Disposition: Attachment; filename=x\r\n"
	    "Content-Transfer-Encoding: BASE64\r\n\r\nQUJD";
	struct mime m;

	(void)state;
	assert_int_equal(mime_parse(&m, raw, strlen(raw)), 0);
	assert_true(part_is(&m.parts[0], "application/pdf"));
	assert_true(part_is(&m.parts[0], "application/"));
	assert_false(part_is(&m.parts[0], "application/pd"));
	assert_string_equal(
	    m.parts[0].raw_type, "APPLICATION/Pdf; name=\"a b.pdf\"");
	assert_true(m.parts[0].attached);
	assert_int_equal(m.parts[0].encoding, ENC_BASE64);
	mime_done(&m);
}

/* ---- limits ------------------------------------------------------------- */

static void
nesting_is_limited(void **state)
{
	struct buf b = BUF_INIT;
	struct mime m;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_addf(&b,
		    "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i,
		    i);
	buf_adds(&b, "\ndeep");
	assert_int_equal(mime_parse(&m, b.data, b.len), 0);
	assert_int_equal(m.n_parts, MAX_MIME_DEPTH);
	assert_true((m.defects & DEFECT_DEPTH) != 0);
	/* What is too deep is still text. */
	assert_true(part_is(&m.parts[m.n_parts - 1], "text/plain"));
	assert_non_null(memmem(m.parts[m.n_parts - 1].body,
	    m.parts[m.n_parts - 1].body_len, "deep", 4));
	mime_done(&m);
	buf_clear(&b);
	for (int i = 0; i < 1000; i++)
		buf_adds(&b, "Content-Type: message/rfc822\n\n");
	buf_adds(&b, "deep");
	assert_int_equal(mime_parse(&m, b.data, b.len), 0);
	assert_int_equal(m.n_parts, MAX_MIME_DEPTH);
	assert_true((m.defects & DEFECT_DEPTH) != 0);
	mime_done(&m);
	buf_done(&b);
}

static void
parts_are_limited(void **state)
{
	struct buf b = BUF_INIT;
	struct mime m;

	(void)state;
	buf_adds(&b, MIXED);
	for (int i = 0; i < 3 * MAX_MIME_PARTS; i++)
		buf_addf(&b, "--b\n\n%d\n", i);
	assert_int_equal(mime_parse(&m, b.data, b.len), 0);
	assert_int_equal(m.n_parts, MAX_MIME_PARTS);
	assert_true((m.defects & DEFECT_DEPTH) != 0);
	/* The last one does not swallow the rest. */
	assert_true(m.parts[m.n_parts - 1].body_len < 10);
	mime_done(&m);
	buf_done(&b);
}

static void
header_limits_are_told(void **state)
{
	struct buf b = BUF_INIT;
	struct mime m;

	(void)state;
	buf_adds(&b, MIXED "--b\n");
	for (int i = 0; i < 2 * MAX_HEADER_LINES; i++)
		buf_adds(&b, "X-A: b\n");
	buf_adds(&b, "\ntext\n--b--\n");
	assert_int_equal(mime_parse(&m, b.data, b.len), 0);
	assert_int_equal(m.n_parts, 2);
	assert_true((m.defects & DEFECT_HEADER_CUT) != 0);
	assert_int_equal(m.parts[1].headers.n, MAX_HEADER_LINES);
	assert_memory_equal(m.parts[1].body, "text", 4);
	mime_done(&m);
	buf_done(&b);
}

/* ---- damage ------------------------------------------------------------- */

static void
check_tree(void *arg, const char *raw, size_t len)
{
	struct mime m;
	size_t seen = 0;

	(void)arg;
	assert_int_equal(mime_parse(&m, raw, len), 0);
	for (size_t i = 0; i != NO_PART; i = mime_next(&m, i)) {
		const struct part *p = &m.parts[i];

		seen++;
		assert_non_null(p->type);
		assert_non_null(strchr(p->type, '/'));
		assert_true(p->depth < MAX_MIME_DEPTH);
		/* Every byte of every body may be read. */
		for (size_t k = 0; k < p->body_len; k++)
			seen += p->body[k] == '\0' ? 0 : 0;
	}
	assert_int_equal(seen, m.n_parts);
	mime_done(&m);
}

static const char complex_mail[] =
    "From: a@b.cn\r\nSubject: x\r\n"
    "Content-Type: multipart/mixed;\r\n boundary=\"b1\"\r\n\r\npre\r\n"
    "--b1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n"
    "--b2\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
    "--b2\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--b2--\r\n"
    "--b1\r\nContent-Type: message/rfc822\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogaW4KCmlubmVy\r\n"
    "--b1\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n"
    "Content-Type: multipart/mixed; boundary=zz\r\n\r\n"
    "--b3\r\nContent-Type: text/plain\r\n\r\ninner\r\n--b3--\r\n--b1--\r\n";

static void
mutants(void **state)
{
	(void)state;
	mutate(complex_mail, sizeof(complex_mail) - 1, 3000, check_tree, NULL);
}

static void
cut_at_every_length(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(complex_mail); n++) {
		char *copy = malloc(n > 0 ? n : 1);

		memcpy(copy, complex_mail, n);
		check_tree(NULL, copy, n);
		free(copy);
	}
}

static int
set_up(void **state)
{
	(void)state;
	return charset_init(NULL);
}

static int
tear_down(void **state)
{
	(void)state;
	charset_done();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(trees),
	    cmocka_unit_test(bug_nul_in_guessed_boundary),
	    cmocka_unit_test(what_a_part_is),
	    cmocka_unit_test(nesting_is_limited),
	    cmocka_unit_test(parts_are_limited),
	    cmocka_unit_test(header_limits_are_told),
	    cmocka_unit_test(mutants),
	    cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
