/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "fetch/firewall.h"

#define REFUSED NULL
#define NOTHING ""

static const struct firewall_grant wide = {.literal_bytes = 1000,
    .lines = 1000, .line_bytes = 100000, .plus = true};

/* Puts the bytes through, `piece` at a time; 0, or -1 when refused. */
static int
through(const char *raw, size_t len, size_t piece,
    const struct firewall_grant *grant, struct buf *out,
    struct firewall_seen *seen_out)
{
	struct firewall *fw;
	struct err err = {.kind = ERR_NONE};
	char got[7];
	ssize_t n = 0;

	assert_int_equal(firewall_new(&fw, NULL), 0);
	firewall_allow(fw, grant);
	for (size_t at = 0; at < len && n >= 0; at += piece) {
		size_t part = len - at < piece ? len - at : piece;
		/* A copy of its own, so that a sanitizer sees every byte
		 * read beyond it. */
		char *copy = malloc(part);

		memcpy(copy, raw + at, part);
		firewall_feed(fw, copy, part);
		while ((n = firewall_take(fw, got, sizeof(got), &err)) > 0)
			buf_add(out, got, (size_t)n);
		free(copy);
	}
	if (seen_out != NULL)
		*seen_out = *firewall_seen(fw);
	if (n < 0) {
		assert_int_equal(err.kind, ERR_LATER);
		assert_true(strlen(err.what) > 10);
		/* A refusal is for good. */
		firewall_feed(fw, "* 1 EXISTS\r\n", 12);
		assert_int_equal(firewall_take(fw, got, 7, NULL), -1);
		assert_int_equal(firewall_ready(fw, NULL), -1);
	}
	firewall_free(&fw);
	return n < 0 ? -1 : 0;
}

static void
expect(const char *raw, size_t len, const char *wanted,
    const struct firewall_grant *grant)
{
	static const size_t pieces[] = {1000000, 1, 2, 3, 7};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		BUF_AUTO struct buf out = BUF_INIT;
		int r = through(raw, len, pieces[i], grant, &out, NULL);

		if (r != (wanted == REFUSED ? -1 : 0))
			fail_msg("%.60s: %s", raw,
			    r < 0 ? "refused" : buf_str(&out));
		if (wanted != REFUSED)
			assert_string_equal(buf_str(&out), wanted);
	}
}

/* What was let through of a beginning is a beginning of what is let through
 * of the whole. */
static void
expect_cut(const char *raw, size_t len)
{
	BUF_AUTO struct buf whole = BUF_INIT;

	(void)through(raw, len, len + 1, &wide, &whole, NULL);
	for (size_t cut = 0; cut < len; cut++) {
		BUF_AUTO struct buf out = BUF_INIT;

		(void)through(raw, cut, len, &wide, &out, NULL);
		assert_true(out.len <= whole.len);
		assert_memory_equal(buf_str(&out), buf_str(&whole), out.len);
	}
}

struct line_case {
	const char *raw;
	const char *wanted;
};

static void
run_cases(const struct line_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		expect(cases[i].raw, strlen(cases[i].raw), cases[i].wanted,
		    &wide);
		expect_cut(cases[i].raw, strlen(cases[i].raw));
	}
}

#define RUN(cases) run_cases(cases, sizeof(cases) / sizeof(cases[0]))

/* ---- rule 3: kinds of lines --------------------------------------------- */

static void
test_kinds(void **state)
{
	static const struct line_case cases[] = {
	    {"* OK hello\r\n", "* OK ok\r\n"},
	    {"* ok hello\r\n", "* OK ok\r\n"},
	    {"* NO hello\r\n", "* NO ok\r\n"},
	    {"* BAD hello\r\n", "* BAD ok\r\n"},
	    {"* BYE hello\r\n", "* BYE ok\r\n"},
	    {"* OK\r\n", "* OK ok\r\n"},
	    {"* OK hello\n", "* OK ok\r\n"},
	    {"*  OK  hello\r\n", "* OK ok\r\n"},
	    {"*\tOK hello\r\n", "* OK ok\r\n"},
	    {"* PREAUTH hello\r\n", NOTHING},
	    {"* OKAY hello\r\n", NOTHING},
	    {"* 12 EXISTS\r\n", "* 12 EXISTS\r\n"},
	    {"* 12 exists\r\n", "* 12 EXISTS\r\n"},
	    {"* 12 RECENT\r\n", NOTHING},
	    {"* 12 EXPUNGE\r\n", NOTHING},
	    {"* 12EXISTS\r\n", NOTHING},
	    {"* 12\r\n", NOTHING},
	    {"* FLAGS (\\Seen \"x)\r\n", NOTHING},
	    {"* LIST (\\Noselect) \"/\" x\r\n", NOTHING},
	    {"* STATUS x (MESSAGES 1)\r\n", NOTHING},
	    {"* ID (\"name\" \"x\")\r\n", NOTHING},
	    {"* NAMESPACE ((((\r\n", NOTHING},
	    {"* ANNOTATION x\r\n", NOTHING},
	    {"*\r\n", NOTHING},
	    {"* \r\n", NOTHING},
	    {"\r\n", NOTHING},
	    {"\n", NOTHING},
	    {"hello\r\n", NOTHING},
	    {"39 FETCH (UID 39)\r\n", NOTHING},
	    {"+ go\r\n", "+ ok\r\n"},
	    {"+\r\n", "+ ok\r\n"},
	    {"C7 OK done\r\n", "C7 OK ok\r\n"},
	    {"C7 NO done\r\n", "C7 NO ok\r\n"},
	    {"C7 BAD done\r\n", "C7 BAD ok\r\n"},
	    {"C7 OK\r\n", "C7 OK ok\r\n"},
	    {"C7  no   \r\n", "C7 NO ok\r\n"},
	    {"C7 BYE x\r\n", NOTHING},
	    {"C7 FETCH x\r\n", NOTHING},
	    {"C7\r\n", NOTHING},
	    {"C OK x\r\n", NOTHING},
	    {"Cx OK x\r\n", NOTHING},
	    {"7 OK x\r\n", NOTHING},
	    {"c7 OK x\r\n", NOTHING},
	    {"C99999999999 OK x\r\n", NOTHING},
	};

	(void)state;
	RUN(cases);
}

static void
test_literals_where_none_belong(void **state)
{
	static const struct line_case cases[] = {
	    {"* XYZZY {5}\r\n", REFUSED},
	    {"* LIST () \"/\" {3}\r\nabc\r\n", REFUSED},
	    {"* ID (\"name\" {4}\r\n", REFUSED},
	    {"* XYZZY {5+}\r\n", REFUSED},
	    {"* XYZZY {05}\r\n", REFUSED},
	    {"hello {5}\r\n", REFUSED},
	    {"39 FETCH (UID 39 BODY[] {5}\r\n", REFUSED},
	    {"* XYZZY {x}\r\n", NOTHING},
	    {"* XYZZY }\r\n", NOTHING},
	    {"}\r\n", NOTHING},
	    {"{5}\r\n", REFUSED},
	    /* Text to the end of the line is no literal. */
	    {"* OK text {5}\r\n", "* OK ok\r\n"},
	};

	(void)state;
	RUN(cases);
}

static void
test_no_plus_where_none_is_expected(void **state)
{
	struct firewall_grant grant = wide;

	(void)state;
	grant.plus = false;
	expect("+ go\r\n+ go\r\n", 12, NOTHING, &grant);
}

/* ---- rule 4: response codes --------------------------------------------- */

static void
test_codes(void **state)
{
	static const struct line_case cases[] = {
	    {"* OK [UIDVALIDITY 7] x\r\n", "* OK [UIDVALIDITY 7] ok\r\n"},
	    {"* OK [uidvalidity 7]\r\n", "* OK [UIDVALIDITY 7] ok\r\n"},
	    {"* OK   [UIDVALIDITY 7] x\r\n", "* OK [UIDVALIDITY 7] ok\r\n"},
	    {"* OK [UIDNEXT 4294967295] x\r\n",
		"* OK [UIDNEXT 4294967295] ok\r\n"},
	    {"* OK [UIDNEXT 4294967296] x\r\n", "* OK ok\r\n"},
	    {"* OK [UIDNEXT -1] x\r\n", "* OK ok\r\n"},
	    {"* OK [UIDNEXT 1 2] x\r\n", "* OK ok\r\n"},
	    {"* OK [UIDNEXT] x\r\n", "* OK ok\r\n"},
	    {"* OK [UIDVALIDITY 7\r\n", "* OK ok\r\n"},
	    {"C1 OK [READ-WRITE] x\r\n", "C1 OK [READ-WRITE] ok\r\n"},
	    {"C1 OK [READ-ONLY] x\r\n", "C1 OK [READ-ONLY] ok\r\n"},
	    {"C1 OK [READ-ONLY x] x\r\n", "C1 OK ok\r\n"},
	    {"* OK [PERMANENTFLAGS (\\*)] x\r\n", "* OK ok\r\n"},
	    {"* OK [PERMANENTFLAGS] x\r\n", "* OK ok\r\n"},
	    {"* OK [PERMANENTFLAGS (] x\r\n", "* OK ok\r\n"},
	    {"* OK [BADCHARSET (a)] [BADCHARSET (b)]\r\n", "* OK ok\r\n"},
	    {"* OK [COPYUID 1 1:2 3:4] x\r\n", "* OK ok\r\n"},
	    {"* OK [ALERT] x\r\n", "* OK ok\r\n"},
	    {"* OK [UNSEEN 1] x\r\n", "* OK ok\r\n"},
	    {"* OK []\r\n", "* OK ok\r\n"},
	    {"* OK [\r\n", "* OK ok\r\n"},
	    {"* OK ]\r\n", "* OK ok\r\n"},
	    {"C1 OK [CAPABILITY IMAP4rev1 IDLE] x\r\n",
		"C1 OK [CAPABILITY IMAP4rev1 IDLE] ok\r\n"},
	    {"C1 OK [CAPABILITY IDLE]\r\n",
		"C1 OK [CAPABILITY IMAP4rev1 IDLE] ok\r\n"},
	    {"C1 OK [CAPABILITY]\r\n", "C1 OK ok\r\n"},
	    {"* CAPABILITY IDLE  AUTH=PLAIN \r\n",
		"* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN\r\n"},
	    {"* CAPABILITY\r\n", "* CAPABILITY IMAP4rev1\r\n"},
	    {"* CAPABILITY \xb5\xc7 a\"b a{5 ID\r\n",
		"* CAPABILITY IMAP4rev1 ID\r\n"},
	    {"* CAPABILITY A (B\r\n", "* CAPABILITY IMAP4rev1 A\r\n"},
	};

	(void)state;
	RUN(cases);
}

static void
test_what_went_by(void **state)
{
	static const char raw[] =
	    "* 3 EXISTS\r\n* 5 EXISTS\r\n* OK [UIDVALIDITY 77] x\r\n"
	    "* OK [PERMANENTFLAGS (\\Seen $Clued \\*)] x\r\n"
	    "* NO warning\r\n* BYE \xb5\xc7\x1b[31m bye \r\n"
	    "C12 NO [ALERT] no \t\x01 way  \r\n";
	struct firewall_seen seen;
	BUF_AUTO struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(
	    through(raw, strlen(raw), 5, &wide, &out, &seen), 0);
	assert_int_equal(seen.exists, 5);
	assert_int_equal(seen.n_exists, 2);
	assert_int_equal(seen.uidvalidity, 77);
	assert_true(seen.has_permanent);
	assert_string_equal(seen.permanent, "\\Seen $Clued \\*");
	assert_true(seen.has_bye);
	assert_string_equal(seen.bye, "\xb5\xc7 [31m bye");
	assert_int_equal(seen.tag, 12);
	assert_int_equal(seen.status, 'N');
	assert_string_equal(seen.text, "[ALERT] no    way");
}

/* ---- rule 5: FETCH ------------------------------------------------------ */

static void
test_fetch_lines(void **state)
{
	static const struct line_case cases[] = {
	    {"* 1 FETCH (UID 5)\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 fetch (uid 5 flags ())\r\n",
		"* 1 FETCH (UID 5 FLAGS ())\r\n"},
	    {"* 1  FETCH  ( UID  5  FLAGS  ( \\Seen  $x ) ) \r\n",
		"* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n"},
	    {"* 1 FETCH(UID 5)\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (FLAGS (\"quoted\" \\Seen) UID 5)\r\n",
		"* 1 FETCH (FLAGS (\\Seen) UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 RFC822.SIZE 77)\r\n",
		"* 1 FETCH (UID 5 RFC822.SIZE 77)\r\n"},
	    {"* 1 FETCH (UID 5 RFC822.SIZE 99999999999)\r\n",
		"* 1 FETCH (UID 5 RFC822.SIZE 4294967295)\r\n"},
	    {"* 1 FETCH (UID 5 RFC822.SIZE -1)\r\n", NOTHING},
	    {"* 1 FETCH (UID 0)\r\n", NOTHING},
	    {"* 1 FETCH (UID 4294967295)\r\n",
		"* 1 FETCH (UID 4294967295)\r\n"},
	    {"* 1 FETCH (UID 4294967296)\r\n", NOTHING},
	    {"* 1 FETCH (UID 5 UID 6)\r\n", NOTHING},
	    {"* 1 FETCH (UID five)\r\n", NOTHING},
	    {"* 1 FETCH (UID)\r\n", NOTHING},
	    {"* 1 FETCH ()\r\n", NOTHING},
	    {"* 1 FETCH\r\n", NOTHING},
	    {"* 1 FETCH UID 5\r\n", NOTHING},
	    {"* 1 FETCH (UID 5\r\n", NOTHING},
	    {"* 1 FETCH (UID 5) x\r\n", NOTHING},
	    {"* 1 FETCH (UID 5))\r\n", NOTHING},
	    {"* 1 FETCH (FLAGS (\\Seen))\r\n", NOTHING},
	    {"* 1 FETCH (UID 5 FLAGS (a (b)))\r\n", NOTHING},
	    {"* 1 FETCH (UID 5 MODSEQ (12))\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (MODSEQ (12) UID 5 X-GM-MSGID 3 X \"a)b\")\r\n",
		"* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 X \"open)\r\n", NOTHING},
	    {"* 4294967296 FETCH (UID 5)\r\n", REFUSED},
	    {"* 99999999999999999999 EXISTS\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 ENVELOPE (NIL))\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODYSTRUCTURE (NIL))\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 bodystructure (NIL))\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY (\"text\" \"plain\"))\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 X \"ENVELOPE (\")\r\n",
		"* 1 FETCH (UID 5)\r\n"},
	};

	(void)state;
	RUN(cases);
}

static void
test_dates(void **state)
{
	static const struct line_case cases[] = {
	    {"* 1 FETCH (UID 5 INTERNALDATE \"05-Oct-2026 12:00:00 +0800\")"
	     "\r\n",
		"* 1 FETCH (UID 5 INTERNALDATE \"05-Oct-2026 12:00:00 +0800\")"
		"\r\n"},
	    {"* 1 FETCH (INTERNALDATE \" 5-oct-2026 12:00:00 -0130\" UID 5)"
	     "\r\n",
		"* 1 FETCH (INTERNALDATE \" 5-oct-2026 12:00:00 -0130\" UID 5)"
		"\r\n"},
	    {"* 1 FETCH (UID 5 INTERNALDATE \"5-Oct-2026 12:00:00 +0800\")"
	     "\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 INTERNALDATE \"45-Oct-2026 12:00:00 +0800\")"
	     "\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 INTERNALDATE \"05-Okt-2026 12:00:00 +0800\")"
	     "\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 INTERNALDATE \"05-anf-2026 12:00:00 +0800\")"
	     "\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 INTERNALDATE \"05-Oct-2026 24:00:00 +0800\")"
	     "\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 INTERNALDATE NIL)\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 INTERNALDATE \"\")\r\n", "* 1 FETCH (UID 5)\r\n"},
	    {"* 1 FETCH (UID 5 INTERNALDATE)\r\n", NOTHING},
	    {"* 1 FETCH (INTERNALDATE NIL)\r\n", NOTHING},
	};

	(void)state;
	RUN(cases);
}

static void
test_bodies(void **state)
{
	static const struct line_case cases[] = {
	    {"* 1 FETCH (UID 5 BODY[] {5}\r\nhello)\r\n",
		"* 1 FETCH (UID 5 BODY[] {5}\r\nhello)\r\n"},
	    {"* 1 FETCH (BODY[] {5}\r\nhello UID 5)\r\n* 2 EXISTS\r\n",
		"* 1 FETCH (BODY[] {5}\r\nhello UID 5)\r\n* 2 EXISTS\r\n"},
	    {"* 1 FETCH (UID 5 BODY[]<0> {2}\r\n\r\n)\r\n",
		"* 1 FETCH (UID 5 BODY[]<0> {2}\r\n\r\n)\r\n"},
	    {"* 1 FETCH (UID 5 body[] {0}\r\n)\r\n",
		"* 1 FETCH (UID 5 BODY[] {0}\r\n)\r\n"},
	    {"* 1 FETCH (UID 5 BODY[] NIL)\r\n",
		"* 1 FETCH (UID 5 BODY[] NIL)\r\n"},
	    {"* 1 FETCH (UID 5 BODY[] nil)\r\n",
		"* 1 FETCH (UID 5 BODY[] NIL)\r\n"},
	    {"* 1 FETCH (UID 5 BODY[] \"a\\\"b\\\\\")\r\n",
		"* 1 FETCH (UID 5 BODY[] {4}\r\na\"b\\)\r\n"},
	    {"* 1 FETCH (UID 5 BODY[] \"\")\r\n",
		"* 1 FETCH (UID 5 BODY[] {0}\r\n)\r\n"},
	    {"* 1 FETCH (UID 5 BODY[] {3}\r\n)\r\n)\r\n",
		"* 1 FETCH (UID 5 BODY[] {3}\r\n)\r\n)\r\n"},
	    {"* 1 FETCH (UID 5 BODY[] {1001}\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {99999999999}\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {5+}\r\nhello)\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {-5}\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {}\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {5} \r\n", NOTHING},
	    {"* 1 FETCH (UID 5 BODY[TEXT] {5}\r\nhello)\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 FLAGS {5}\r\nhello)\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 X (a {5}\r\nhello))\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {5}\r\nhello BODY[] {5}\r\nhello)\r\n",
		REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {5}\r\nhello* 2 EXISTS\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {5}\r\nhello\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {3}\r\nhello)\r\n", REFUSED},
	    {"* 1 FETCH (UID 5 BODY[] {5}\r\nhello ENVELOPE ())\r\n", REFUSED},
	};

	(void)state;
	RUN(cases);
}

/* NUL and line ends inside a literal are the message's own. */
static void
test_any_byte_in_a_literal(void **state)
{
	char raw[400];
	BUF_AUTO struct buf out = BUF_INIT;
	int head = snprintf(
	    raw, sizeof(raw), "* 1 FETCH (UID 5 BODY[] {256}\r\n");

	(void)state;
	for (int i = 0; i < 256; i++)
		raw[head + i] = (char)i;
	memcpy(raw + head + 256, ")\r\n", 4);
	assert_int_equal(
	    through(raw, (size_t)head + 259, 11, &wide, &out, NULL), 0);
	assert_int_equal(out.len, head + 259);
	assert_memory_equal(out.data, raw, out.len);
}

/* ---- rule 6: SEARCH ----------------------------------------------------- */

static void
test_search(void **state)
{
	static const struct line_case cases[] = {
	    {"* SEARCH 1 2 4294967295\r\n", "* SEARCH 1 2 4294967295\r\n"},
	    {"* search  3   1 \r\n", "* SEARCH 3 1\r\n"},
	    {"* SEARCH\r\n", "* SEARCH\r\n"},
	    {"* SEARCH \r\n", "* SEARCH\r\n"},
	    {"* SEARCH 1 (MODSEQ 9)\r\n", "* SEARCH 1\r\n"},
	    {"* SEARCH 1 2x 3\r\n", REFUSED},
	    {"* SEARCH 1 0\r\n", REFUSED},
	    {"* SEARCH 4294967296\r\n", REFUSED},
	    {"* SEARCH 1,2\r\n", REFUSED},
	    {"* SEARCH 1 (MODSEQ 9\r\n", REFUSED},
	    {"* SEARCH 1 (MODSEQ 9) 2\r\n", REFUSED},
	    {"* SEARCH {5}\r\n", REFUSED},
	    {"* SEARCH \xb5\xc7\r\n", REFUSED},
	};

	(void)state;
	RUN(cases);
}

/* ---- rules 1 and 2: limits ---------------------------------------------- */

static void
test_nul_in_a_line(void **state)
{
	(void)state;
	expect("* OK a\0b\r\n", 10, REFUSED, &wide);
	expect("* 1 FETCH (UID 5 BODY[] {1}\r\nx\0)\r\n", 35, REFUSED, &wide);
}

static void
test_depth(void **state)
{
	BUF_AUTO struct buf ok = BUF_INIT;
	BUF_AUTO struct buf deep = BUF_INIT;

	(void)state;
	buf_adds(&ok, "* 1 FETCH (UID 5 X ");
	buf_adds(&deep, "* 1 FETCH (UID 5 X ");
	for (int i = 0; i < MAX_IMAP_DEPTH; i++)
		buf_addc(&ok, '(');
	for (int i = 0; i < 50000; i++)
		buf_addc(&deep, '(');
	for (int i = 0; i < MAX_IMAP_DEPTH; i++)
		buf_addc(&ok, ')');
	for (int i = 0; i < 50000 - 1; i++)
		buf_addc(&deep, ')');
	buf_adds(&ok, ")\r\n");
	buf_adds(&deep, ")\r\n");
	expect(ok.data, ok.len, "* 1 FETCH (UID 5)\r\n", &wide);
	expect(deep.data, deep.len, REFUSED, &wide);
}

static void
test_grants(void **state)
{
	static const char lines[] = "* 1 EXISTS\r\n* 2 EXISTS\r\n* X\r\n";
	struct firewall_grant grant = wide;

	(void)state;
	grant.lines = 3;
	expect(lines, strlen(lines), "* 1 EXISTS\r\n* 2 EXISTS\r\n", &grant);
	grant.lines = 2;
	expect(lines, strlen(lines), REFUSED, &grant);
	grant = wide;
	grant.line_bytes = strlen(lines);
	expect(lines, strlen(lines), "* 1 EXISTS\r\n* 2 EXISTS\r\n", &grant);
	grant.line_bytes--;
	expect(lines, strlen(lines), REFUSED, &grant);
	grant = wide;
	grant.literal_bytes = 0;
	expect("* 1 FETCH (UID 5 BODY[] {1}\r\nx)\r\n", 34, REFUSED, &grant);
}

/* A line without an end does not fill the memory. */
static void
test_endless_line(void **state)
{
	struct firewall_grant grant = {
	    .lines = 10, .line_bytes = 1UL << 40};
	char block[65536];
	struct firewall *fw;
	size_t fed = 0;

	(void)state;
	memset(block, 'x', sizeof(block));
	assert_int_equal(firewall_new(&fw, NULL), 0);
	firewall_allow(fw, &grant);
	do {
		firewall_feed(fw, block, sizeof(block));
		fed += sizeof(block);
	} while (firewall_take(fw, block, 1, NULL) == 0 && fed < 64UL << 20);
	assert_true(fed <= MAX_IMAP_LINE + 2 * sizeof(block));
	firewall_free(&fw);
}

static void
test_pretended_line_comes_first(void **state)
{
	struct firewall *fw;
	char got[64] = {0};

	(void)state;
	assert_int_equal(firewall_new(&fw, NULL), 0);
	firewall_allow(fw, &wide);
	firewall_pretend(fw, "* OK ok\r\n");
	firewall_feed(fw, "* 1 EXISTS\r\n", 12);
	assert_int_equal(firewall_ready(fw, NULL), 1);
	assert_int_equal(firewall_take(fw, got, sizeof(got), NULL), 9);
	assert_string_equal(got, "* OK ok\r\n");
	assert_int_equal(firewall_take(fw, got, sizeof(got), NULL), 12);
	firewall_forget_folder(fw);
	assert_int_equal(firewall_seen(fw)->exists, 0);
	firewall_free(&fw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_literals_where_none_belong),
	    cmocka_unit_test(test_no_plus_where_none_is_expected),
	    cmocka_unit_test(test_codes),
	    cmocka_unit_test(test_what_went_by),
	    cmocka_unit_test(test_fetch_lines),
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_bodies),
	    cmocka_unit_test(test_any_byte_in_a_literal),
	    cmocka_unit_test(test_search),
	    cmocka_unit_test(test_nul_in_a_line),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_grants),
	    cmocka_unit_test(test_endless_line),
	    cmocka_unit_test(test_pretended_line_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
