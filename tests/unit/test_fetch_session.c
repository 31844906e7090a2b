/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch_world.h"

/* Mutations of each transcript: some seconds; fuzz_firewall has more time. */
#define MUTATIONS 250

/* Up to and with ID: C1 CAPABILITY, C2 LOGIN, C3 CAPABILITY, C4 ID. */
#define IN                                                                    \
	"* CAPABILITY IMAP4rev1 ID AUTH=PLAIN\r\nC1 OK done\r\n"              \
	"C2 OK [CAPABILITY IMAP4rev1 ID IDLE MOVE] in\r\n"                    \
	"* CAPABILITY IMAP4rev1 ID IDLE MOVE UIDPLUS\r\nC3 OK done\r\n"       \
	"* ID (\"name\" \"Coremail\" \"vendor\" NIL)\r\nC4 OK ID done\r\n"
/* The folder: C5. */
#define OPEN                                                                  \
	"* FLAGS (\\Answered \\Seen)\r\n* 3 EXISTS\r\n* 0 RECENT\r\n"         \
	"* OK [UIDVALIDITY 77] UIDs valid\r\n* OK [UIDNEXT 9] next\r\n"       \
	"* OK [PERMANENTFLAGS (\\Seen \\*)] limited\r\n"                      \
	"C5 OK [READ-WRITE] done\r\n"
/* C6 UID SEARCH, C7 descriptions, C8 bodies. */
#define FOUND "* SEARCH 3 5 7\r\nC6 OK done\r\n"
#define DESCRIBED                                                             \
	"* 1 FETCH (UID 3 RFC822.SIZE 5 FLAGS (\\Seen) INTERNALDATE "         \
	"\"05-Oct-2026 12:00:00 +0800\")\r\n"                                 \
	"* 2 FETCH (UID 5 RFC822.SIZE 5 FLAGS ($Junk) INTERNALDATE "          \
	"\" 5-Oct-2026 12:00:00 +0800\")\r\n"                                 \
	"* 3 FETCH (UID 7 RFC822.SIZE 5 FLAGS () INTERNALDATE "               \
	"\"05-Oct-2026 12:00:00 +0800\")\r\nC7 OK done\r\n"
#define BODIES                                                                \
	"* 1 FETCH (UID 3 BODY[] {5}\r\nhello)\r\n"                           \
	"* 2 FETCH (UID 5 BODY[] {5}\r\na\r\nb!)\r\n"                         \
	"* 3 FETCH (BODY[] {5}\r\nworld UID 7)\r\nC8 OK done\r\n"

static const struct transcript {
	const char *name;
	const char *bytes;
	unsigned reached; /* the last step that went well */
	unsigned whole;   /* bodies taken */
	unsigned missing;
	enum fetch_mark mark;
	bool idle;
} transcripts[] = {
    {"plain", IN OPEN FOUND DESCRIBED BODIES, WORLD_MARK, 3, 0, 0, 0},
    {"coremail",
	IN OPEN FOUND
	"* 1 FETCH (INTERNALDATE \" 5-Oct-2026 12:00:00 +0800\" "
	"RFC822.SIZE 5 FLAGS (\\Recent) UID 3)\r\n"
	"* 2 FETCH (INTERNALDATE \" 5-Oct-2026 12:00:00 +0800\" "
	"RFC822.SIZE 5 FLAGS () UID 5)\r\n"
	"* 3 FETCH (INTERNALDATE \"\" RFC822.SIZE 5 FLAGS () UID 7)\r\n"
	"C7 OK Fetch completed\r\n"
	"* 1 FETCH (UID 3 BODY[] {5}\r\nhello)\r\n"
	"* 2 FETCH (UID 5 BODY[] {5}\r\nhello)\r\n"
	"* 3 FETCH (UID 7 BODY[] {5}\r\nhello)\r\nC8 OK\r\n",
	WORLD_MARK, 3, 0, 0, 0},
    {"qq: lines without a star, lines twice",
	IN OPEN FOUND DESCRIBED
	"* 1 FETCH (UID 3 BODY[] {5}\r\nhello)\r\n1 FETCH (UID 3)\r\n"
	"* 1 FETCH (UID 3 BODY[] {5}\r\nhello)\r\n"
	"* 2 FETCH (UID 5 BODY[] {5}\r\nhello)\r\n2 FETCH (UID 5)\r\n"
	"* 3 FETCH (UID 7 BODY[] {5}\r\nhello)\r\nC8 OK\r\n",
	WORLD_MARK, 3, 0, 0, 0},
    {"NIL and nothing",
	IN OPEN FOUND DESCRIBED "* 1 FETCH (UID 3 BODY[] NIL)\r\n"
				"* 2 FETCH (UID 5 BODY[] {0}\r\n)\r\n"
				"* 3 FETCH (UID 7 BODY[] \"quote\")\r\n"
				"C8 OK done\r\n",
	WORLD_MARK, 1, 2, 0, 0},
    {"news in between",
	IN OPEN "* 4 EXISTS\r\n* 1 RECENT\r\n" FOUND DESCRIBED
		"* 5 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n"
		"* OK [ALERT] \xb5\xc7\xc2\xbc\r\n* 4 EXPUNGE\r\n" BODIES,
	WORLD_MARK, 3, 0, 0, 0},
    {"BYE", IN OPEN FOUND DESCRIBED "* BYE Too many connections\r\n",
	WORLD_SELECT, 0, 0, 0, 0},
    {"unsafe log-in", IN "C5 NO SELECT Unsafe Login. Please contact\r\n",
	WORLD_ID, 0, 0, 0, 0},
    {"wrong password",
	"* CAPABILITY IMAP4rev1\r\nC1 OK\r\nC2 NO LOGIN failed\r\n", 0, 0, 0,
	0, 0},
    {"BAD to ID",
	"* CAPABILITY IMAP4rev1 ID\r\nC1 OK\r\nC2 OK\r\nC3 OK\r\n"
	"C4 BAD invalid argument\r\n" OPEN FOUND DESCRIBED BODIES,
	WORLD_MARK, 3, 0, 0, 0},
    {"SEARCH does not work: listed instead",
	IN OPEN "C6 BAD UID SEARCH invalid argument\r\n"
		"* 1 FETCH (UID 3)\r\n* 2 FETCH (UID 5)\r\nC7 OK\r\n"
		"* 1 FETCH (UID 3 RFC822.SIZE 5)\r\n"
		"* 2 FETCH (UID 5 RFC822.SIZE 5)\r\nC8 OK\r\n"
		"* 1 FETCH (UID 3 BODY[] {5}\r\nhello)\r\n"
		"* 2 FETCH (UID 5 BODY[] {5}\r\nhello)\r\nC9 OK\r\n",
	WORLD_MARK, 2, 0, 0, 0},
    {"empty folder",
	IN "* 0 EXISTS\r\n* OK [UIDVALIDITY 77]\r\nC5 OK done\r\n",
	WORLD_MARK, 0, 0, 0, 0},
    {"no UIDVALIDITY", IN "* 1 EXISTS\r\nC5 OK done\r\n", WORLD_ID, 0, 0, 0,
	0},
    {"too large",
	IN OPEN "* SEARCH 3\r\nC6 OK\r\n"
		"* 1 FETCH (UID 3 RFC822.SIZE 99999999)\r\nC7 OK\r\n"
		"* 1 FETCH (UID 3 BODY[]<0> {5}\r\nhello)\r\nC8 OK\r\n",
	WORLD_MARK, 1, 0, 0, 0},
    {"size not told",
	IN OPEN "* SEARCH 3\r\nC6 OK\r\n* 1 FETCH (UID 3)\r\nC7 OK\r\n"
		"* 1 FETCH (UID 3 BODY[]<0> {5}\r\nhello)\r\nC8 OK\r\n",
	WORLD_MARK, 1, 0, 0, 0},
    {"group refused, then one by one",
	IN OPEN FOUND DESCRIBED "C8 NO some are gone\r\n"
				"* 1 FETCH (UID 3 BODY[] {5}\r\nhello)\r\n"
				"C9 OK\r\nC10 NO gone\r\n"
				"* 3 FETCH (UID 7 BODY[] {5}\r\nhello)\r\n"
				"C11 OK\r\n",
	WORLD_MARK, 2, 1, 0, 0},
    {"keyword",
	IN OPEN FOUND DESCRIBED BODIES "* 1 FETCH (FLAGS ($Clued))\r\n"
				       "* 2 FETCH (UID 5 FLAGS (a \"b))\r\n"
				       "C9 OK STORE\r\n",
	WORLD_MARK, 3, 0, FETCH_MARK_KEYWORD, 0},
    {"move",
	IN OPEN FOUND DESCRIBED BODIES
	"* OK [COPYUID 1 3,5,7 1:3] moved\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n"
	"* 1 EXPUNGE\r\nC9 OK [HIGHESTMODSEQ 7] done\r\n",
	WORLD_MARK, 3, 0, FETCH_MARK_MOVE, 0},
    {"move refused",
	IN OPEN FOUND DESCRIBED BODIES "C9 NO [TRYCREATE] no folder\r\n",
	WORLD_TAKE, 3, 0, FETCH_MARK_MOVE, 0},
    {"idle",
	IN OPEN FOUND DESCRIBED BODIES "* 4 RECENT\r\n+ idling\r\n"
				       "* 4 EXISTS\r\nC9 OK IDLE done\r\n",
	WORLD_REST, 3, 0, 0, 1},
    {"idle refused",
	IN OPEN FOUND DESCRIBED BODIES "C9 BAD no idling\r\n* 4 EXISTS\r\n",
	WORLD_REST, 3, 0, 0, 1},
    {"bare line feeds, bare answers",
	"* CAPABILITY IMAP4rev1\nC1 OK\nC2 OK\nC3 OK\n* 1 EXISTS\n"
	"* OK [UIDVALIDITY 1]\nC4 OK\n* SEARCH 1\nC5 OK\n"
	"* 1 FETCH (UID 1 RFC822.SIZE 5)\nC6 OK\n"
	"* 1 FETCH (UID 1 BODY[] {5}\nhello)\nC7 OK\n",
	WORLD_MARK, 1, 0, 0, 0},
    {"codes that crash parsers",
	IN "* OK [BADCHARSET (a b)] x\r\n* OK  [PERMANENTFLAGS x] y\r\n"
	   "* OK [BADCHARSET (c)] [BADCHARSET (d)] x\r\n"
	   "* NAMESPACE ((\"\" \"/\")) NIL (x\r\n* ANNOTATION \"a\" (\r\n"
	   "* STATUS x ()\r\n* OK [UNSEEN 99999999999] x\r\n" OPEN FOUND
	       DESCRIBED BODIES,
	WORLD_MARK, 3, 0, 0, 0},
    {"SEARCH in pieces",
	IN OPEN "* SEARCH 7\r\n* SEARCH 3 5 (MODSEQ 9)\r\n* SEARCH\r\n"
		"C6 OK\r\n" DESCRIBED BODIES,
	WORLD_MARK, 3, 0, 0, 0},
    {"what nobody asked for",
	IN OPEN FOUND "* 1 FETCH (UID 3 ENVELOPE (NIL NIL))\r\nC7 OK\r\n",
	WORLD_SELECT, 0, 0, 0, 0},
    {"another folder under our feet",
	IN OPEN FOUND DESCRIBED "* OK [UIDVALIDITY 78] new\r\n" BODIES,
	WORLD_SELECT, 0, 0, 0, 0},
    {"cut in a literal",
	IN OPEN FOUND DESCRIBED "* 1 FETCH (UID 3 BODY[] {5}\r\nhel",
	WORLD_SELECT, 0, 0, 0, 0},
};

#define N_TRANSCRIPTS (sizeof(transcripts) / sizeof(transcripts[0]))

static struct say *say;

static void
run(const struct transcript *t, const char *bytes, size_t len, size_t piece,
    struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->say = say;
	w->conf.mark = t->mark;
	w->conf.mark_with = "$Clued";
	w->conf.idle = t->idle;
	world_run(w, bytes, len, piece);
}

static void
test_transcripts(void **state)
{
	static const size_t pieces[] = {1000000, 1, 2, 13};
	static struct world w;

	(void)state;
	for (size_t i = 0; i < N_TRANSCRIPTS; i++) {
		const struct transcript *t = &transcripts[i];

		for (size_t k = 0; k < 4; k++) {
			run(t, t->bytes, strlen(t->bytes), pieces[k], &w);
			if (w.reached != t->reached || w.n_whole != t->whole ||
			    w.n_missing != t->missing)
				fail_msg("%s: step %u, %u bodies, %u missing: "
					 "%s", t->name, w.reached, w.n_whole,
				    w.n_missing, w.err.what);
		}
	}
}

static void
test_cut_at_every_length(void **state)
{
	static struct world w;

	(void)state;
	for (size_t i = 0; i < N_TRANSCRIPTS; i++) {
		const struct transcript *t = &transcripts[i];
		size_t len = strlen(t->bytes);

		for (size_t cut = 0; cut < len; cut += 5) {
			run(t, t->bytes, cut, 100000, &w);
			assert_true(w.n_whole <= t->whole);
			assert_true(w.reached <= t->reached);
		}
	}
}

/* ---- mutations ---------------------------------------------------------- */

static uint32_t
next(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

/* Pieces that have broken parsers. */
static const char *const spice[] = {"{5}\r\n", "{4294967295}\r\n", "{0}\r\n",
    "(", ")", "\"", "\\", "\r\n", "\n", " ", "NIL", "[", "]", "* ", "+ go\r\n",
    "* OK [BADCHARSET (a)] x\r\n", "[PERMANENTFLAGS ", "ENVELOPE ",
    "BODY[] ", "UID ", "0", "99999999999", "-1", "* BYE x\r\n", "C7 OK x\r\n",
    "* 1 FETCH (", "FLAGS (", "INTERNALDATE \"", "\xff", "((((((((((((((((((",
    "* SEARCH 1 2 3\r\n", "* ANNOTATION ", "* NAMESPACE ((\"\" \"/\"))",
    "[CAPABILITY ", "C8 NO x\r\n", "* 3 EXPUNGE\r\n"};

/* Removes n bytes at `at` and puts others there. */
static void
splice(struct buf *b, size_t at, size_t n, const char *with, size_t len)
{
	BUF_AUTO struct buf out = BUF_INIT;

	if (at > b->len)
		at = b->len;
	if (n > b->len - at)
		n = b->len - at;
	buf_add(&out, b->data, at);
	buf_add(&out, with, len);
	buf_add(&out, b->data + at + n, b->len - at - n);
	buf_clear(b);
	buf_add(b, out.data, out.len);
}

static void
mutate(struct buf *b, uint32_t *x)
{
	size_t at = next(x) % (b->len + 1);
	const char *other = transcripts[next(x) % N_TRANSCRIPTS].bytes;
	const char *word = spice[next(x) % (sizeof(spice) / sizeof(spice[0]))];
	size_t n = next(x) % 40, from = next(x) % strlen(other);
	size_t most = strlen(other) - from;

	switch (next(x) % 6) {
	case 0:
		if (at < b->len)
			b->data[at] ^= (char)(1 << next(x) % 8);
		break;
	case 1:
		if (at < b->len)
			b->data[at] = (char)next(x);
		break;
	case 2:
		splice(b, at, n, "", 0);
		break;
	case 3:
		splice(b, at, next(x) % 3, word, strlen(word));
		break;
	case 4:
		splice(b, at, next(x) % 10, other + from, n < most ? n : most);
		break;
	default:
		splice(b, at, 0, b->data + at / 2, n < at / 2 ? n : at / 2);
		break;
	}
}

static void
test_mutations(void **state)
{
	static struct world w;
	uint32_t x = 20261005;
	unsigned taken = 0;

	(void)state;
	for (size_t i = 0; i < N_TRANSCRIPTS; i++) {
		for (int k = 0; k < MUTATIONS; k++) {
			BUF_AUTO struct buf b = BUF_INIT;

			buf_adds(&b, transcripts[i].bytes);
			for (int m = k % 4; m >= 0; m--)
				mutate(&b, &x);
			run(&transcripts[i], b.data, b.len,
			    k % 3 == 0 ? 7 : 100000, &w);
			taken += w.n_taken;
		}
	}
	/* They did get somewhere. */
	assert_true(taken > N_TRANSCRIPTS * MUTATIONS / 2);
}

static int
set_up(void **state)
{
	(void)state;
	mmap_string_set_ceil(SIZE_MAX);
	return say_new(&say, NULL);
}

static int
tear_down(void **state)
{
	(void)state;
	say_free(&say);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_transcripts),
	    cmocka_unit_test(test_cut_at_every_length),
	    cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
