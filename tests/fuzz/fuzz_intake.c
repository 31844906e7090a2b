/* SPDX-License-Identifier: ISC */
/*
 * Any mail behind one byte of facts: what it is, whether it may be answered,
 * who vouches for it, whom it tells of and what it is like.  Whatever comes in:
 * the same judgement twice, no answer to what is no person's mail, nothing
 * vouched for under another's name, and pieces of the text only.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "intake/auth.h"
#include "hide/hide.h"
#include "intake/intake.h"
#include "intake/similar.h"
#include "intake/told.h"
#include "parse/message.h"
#include "parse/parse.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libytnef forgets attributes that come twice; its process is short-lived. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libytnef";
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return parse_init(NULL) == 0 ? 0 : -1;
}

static void
check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "fuzz_intake: %s\n", what);
	abort();
}

static enum mail_kind
check_kind(const struct message *m, unsigned bits)
{
	struct intake_facts f = {.junk = bits & 1,
	    .person = bits & 2 ? 0 : -1,
	    .unit = bits & 4 ? 0 : -1,
	    .own_letter = bits & 8 ? 7 : 0,
	    .own_clue = bits & 8 && bits & 16 ? 3 : 0,
	    .own_sender = bits & 32,
	    .domain_word = bits & 64,
	    .question = bits & 128};
	const char *why = NULL, *again = NULL;
	enum mail_kind kind = intake_classify(m, &f, &why);

	check(kind < KIND_COUNT && why != NULL && why[0] != '\0', "no reason");
	check(intake_kind_by_name(intake_kind_name(kind)) == (int)kind, "name");
	check(intake_classify(m, &f, &again) == kind && again == why, "twice");
	check(kind != KIND_REPLY || f.person >= 0, "a stranger's command");
	check(kind != KIND_UNIT_REPORT || f.unit >= 0, "a stranger's report");
	check(kind != KIND_SPAM || !f.domain_word, "a domain's word shelved");
	if (m->signs.report == REPORT_NONE)
		check(kind != KIND_BOUNCE, "a bounce without a report");
	return kind;
}

/* A verdict on this mail under our server's name, or under another's. */
static void
check_auth(const struct message *m)
{
	const char *r = m->signs.auth_results, *from = m->from.addr;

	check(!auth_vouches(r, "", from), "vouched for by nobody");
	if (auth_vouches(r, "mx.example.cn", from)) {
		check(strcasestr(r, "mx.example.cn") != NULL, "wrong server");
		check(strcasestr(r, "pass") != NULL, "nothing passed");
		check(from[0] != '\0', "vouched for nobody");
	}
}

static void
check_hidden(const struct message *m)
{
	size_t len = strlen(m->text), at = 0;
	struct hide_piece piece;
	struct buf b = BUF_INIT;

	hide_citizen_find(m, m->text, &b);
	check(!buf_bad(&b) && b.len % sizeof(piece) == 0, "pieces");
	for (size_t i = 0; i < b.len; i += sizeof(piece)) {
		memcpy(&piece, b.data + i, sizeof(piece));
		check(piece.from >= at && piece.to > piece.from &&
			  piece.to <= len,
		    "a piece outside");
		at = piece.to;
	}
	buf_done(&b);
}

static void
check_print(const struct message *m)
{
	struct similar_print p;

	check(similar_print(m->subject, m->text, &p) == 0, "memory");
	check(p.n_keys <= SIMILAR_KEYS, "keys");
	for (size_t i = 0; i < p.n_keys; i++)
		check(p.keys[i] > 0 && p.keys[i] <= INT64_C(1) << 47 &&
			  similar_kind_of(p.keys[i]) < SIMILAR_KIND_COUNT,
		    "a key");
	check(!p.has_text || similar_share(p.sign, p.sign) == 1000, "itself");
}

/* What a child tells of any mail is believed. */
static void
check_told(struct message *m)
{
	struct buf there = BUF_INIT, again = BUF_INIT;

	told_write(m, &there);
	check(!buf_bad(&there) && there.len <= MAX_TOLD_BYTES, "not told");
	check(told_read(m, there.data, there.len, NULL) == 0, "a lie");
	told_put(&again, m->told);
	check(there.len == again.len &&
		  memcmp(there.data, again.data, there.len) == 0,
	    "told otherwise");
	buf_done(&there);
	buf_done(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message *m;
	enum mail_kind kind;

	if (size == 0)
		return 0;
	check(parse_message(data + 1, size - 1, &m, NULL) == 0, "no message");
	kind = check_kind(m, data[0]);
	if (m->signs.report != REPORT_NONE || m->from.addr[0] == '\0')
		check(!intake_may_answer(m), "answers a report");
	if (kind == KIND_AUTO && data[0] == 0 && m->signs.return_path_empty)
		check(!intake_may_answer(m), "answers a program");
	check_auth(m);
	check_hidden(m);
	check_print(m);
	check_told(m);
	message_free(&m);
	return 0;
}
