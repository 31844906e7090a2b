/* SPDX-License-Identifier: ISC */
#include "hide/hide.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "hide/clause.h"
#include "hide/judge.h"
#include "hide/rules.h"
#include "hide/text.h"
#include "hide/words.h"
#include "parse/message.h"

/* Least bytes of a local part that is looked for alone. */
#define LEAST_LOCAL 5

/* ---- what the headers tell -------------------------------------------------
 */

/* Remembers a string in the form in which texts are looked at. */
static void
learn(struct hide_known *k, const char *text, bool digits)
{
	struct hide_text t;

	if (hide_text_init(&t, text) < 0)
		k->bad = true;
	else
		hide_learn(k, t.s, t.len, digits);
	hide_text_done(&t);
}

static void
learn_address(struct hide_known *k, const char *addr)
{
	const char *at = strrchr(addr, '@');
	size_t n = at != NULL ? (size_t)(at - addr) : 0;
	char *local;

	if (*addr == '\0')
		return;
	learn(k, addr, false);
	if (n < LEAST_LOCAL)
		return;
	local = strndup(addr, n);
	if (local == NULL) {
		k->bad = true;
		return;
	}
	learn(k, local, strspn(local, "0123456789") == n);
	free(local);
}

/* A display name that names somebody: two Han characters, four letters. */
static bool
is_telling(const struct hide_text *t)
{
	size_t chars = hide_chars(t, 0, t->len);

	if (hide_match(t, 0, hide_generic) == t->len && t->len > 0)
		return false;
	return chars < t->len ? chars >= 2 : chars >= 4;
}

/* Each word of it that is a name. */
static void
learn_words(struct hide_known *k, const struct hide_text *t)
{
	size_t e;

	for (size_t b = 0; !t->bad && b < t->len; b = hide_next(t, e)) {
		e = b;
		while (e < t->len && !hide_ends_clause(t, e) && t->s[e] != ' ')
			e = hide_next(t, e);
		hide_learn_name(k, t, b, e);
	}
}

/* The parts of a name too: 王小红（水果店）, "Li Na". */
static void
learn_name(struct hide_known *k, const char *name)
{
	struct hide_text t;

	if (hide_text_init(&t, name) < 0)
		k->bad = true;
	else if (is_telling(&t))
		hide_learn(k, t.s, t.len, false);
	learn_words(k, &t);
	hide_text_done(&t);
}

static void
learn_person(struct hide_known *k, const struct mail_address *who)
{
	learn_address(k, who->addr);
	learn_name(k, who->name);
}

/* ---- what the texts tell ---------------------------------------------------
 */

/* A line that begins with the name: 王小红，女，1978年生。 */
static void
take_openings(struct hide_text *t, struct hide_known *k)
{
	size_t b = 0, e;

	for (; b < t->len; b = hide_line_end(t, b) + 1) {
		b = hide_skip_blank(t, b, t->len);
		e = hide_clause_end(t, b);
		for (size_t i = 0; i < k->n; i++)
			if (strlen(k->list[i].text) == e - b &&
			    hide_at(t, b, k->list[i].text)) {
				hide_bio(t, k, e);
				break;
			}
	}
}

void
hide_by_rules(struct hide_text *t, struct hide_known *k)
{
	static const struct {
		enum hide_rule by;
		void (*apply)(struct hide_text *t, struct hide_known *k);
	} rules[] = {
	    {RULE_OWN, hide_find_own},
	    {RULE_FORM, hide_forms},
	    {RULE_SELF, hide_selves_said},
	    {RULE_LAST_LINES, hide_last_lines},
	    {RULE_NUMBER, hide_numbers},
	    {RULE_NEAR, hide_near},
	    {RULE_CLAUSE, hide_clauses},
	    /* Again: without the numbers under it. */
	    {RULE_LAST_LINES, hide_last_lines},
	    {RULE_END, hide_end},
	    {RULE_END, hide_tail},
	    {RULE_END, hide_signed_sentences},
	    {RULE_OPENING, take_openings},
	    {RULE_KNOWN, hide_all_known},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		t->by = rules[i].by;
		rules[i].apply(t, k);
	}
}

static void
read_text(struct hide_text *t, const char *original, struct hide_known *k)
{
	if (hide_text_init(t, original) < 0) {
		k->bad = true;
		return;
	}
	hide_by_rules(t, k);
	hide_judge(t, k);
	k->bad = k->bad || t->bad;
}

/* A signature block is the citizen's whatever stands in it. */
static void
learn_signature(struct hide_known *k, const char *signature)
{
	struct hide_text t;

	if (hide_text_init(&t, signature) == 0) {
		hide_by_rules(&t, k);
		hide_known_settle(k);
		hide_judge(&t, k);
	}
	k->bad = k->bad || t.bad;
	learn_words(k, &t);
	hide_text_done(&t);
	hide_known_settle(k);
}

void
hide_learn_sender(struct hide_known *k, const struct message *m)
{
	learn_person(k, &m->from);
	learn_person(k, &m->sender);
	learn_person(k, &m->reply_to);
	learn_address(k, m->signs.return_path);
	hide_known_settle(k);
	learn_signature(k, m->signature);
}

static void
learn_other(struct hide_known *k, const struct hide_person *who)
{
	struct hide_text t;

	learn_address(k, who->address);
	learn_address(k, who->reply_to);
	learn_name(k, who->name);
	learn_signature(k, who->signature);
	read_text(&t, who->text, k);
	hide_text_done(&t);
	hide_known_settle(k);
}

/* A message while its texts are asked for: what its headers, its subject and
 * its own words tell is found once. */
struct reading {
	const struct message *message;
	struct hide_known known;
	struct hide_text subject, text;
};

static void
reading_init(struct reading *r, const struct message *m)
{
	struct hide_known *k = &r->known;

	*r = (struct reading){.message = m};
	hide_learn_sender(k, m);
	read_text(&r->subject, m->subject, k);
	read_text(&r->text, m->text, k);
	hide_known_settle(k);
	/* A name that only the text gave may begin the subject. */
	if (!r->subject.bad)
		take_openings(&r->subject, k);
}

static void
reading_done(struct reading *r)
{
	hide_known_done(&r->known);
	hide_text_done(&r->subject);
	hide_text_done(&r->text);
}

/* ---- the pieces
 * -------------------------------------------------------------- */

static int
by_start(const void *a, const void *b)
{
	const struct hide_span *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* Blanks, commas and brackets between two pieces belong to them, and words that
 * only say what the second is. */
static bool
joins(const struct hide_text *t, size_t b, size_t e)
{
	static const char *const marks[] = {" ", ",", "、", ":", "(", ")", ".",
	    "-", "!", ";", "电话", "手机", "手机号", "联系电话", "联系方式",
	    "号码", "微信", "微信号", "住址", "家住", "现住", "住", "身份证",
	    "身份证号", "身份证号码", "性别", "年龄", "姓名", "姓", "我",
	    "我的", "本人", "是", "系", "叫", "名叫", "在", "家在", "就", "也",
	    "的", "现", "工号", "户名", "邮箱", "qq", "联系", "公司", "邮编",
	    "座机", "男", "女", "号", "的号", "的电话", "的手机", "的手机号",
	    NULL};
	size_t n;

	while (b < e && (n = hide_match(t, b, marks)) > 0)
		b += n;
	return b >= e;
}

/* Behind the bracket that closes one opened in [from, to). */
static size_t
close_bracket(const struct hide_text *t, size_t from, size_t to)
{
	int open = 0;

	for (size_t i = from; i < to; i++)
		open += (t->s[i] == '(') - (t->s[i] == ')');
	return open > 0 && t->s[to] == ')' ? to + 1 : to;
}

/* Whether a bracket is closed in [from, to) that opens in front. */
static bool
closes(const struct hide_text *t, size_t from, size_t to)
{
	int open = 0;

	for (size_t i = from; i < to && open >= 0; i++)
		open += (t->s[i] == '(') - (t->s[i] == ')');
	return open < 0;
}

static void
add_piece(const struct hide_text *t, size_t from, size_t to, struct buf *out)
{
	struct hide_piece piece;

	/* Brackets around nothing say nothing. */
	if (from > 0 && t->s[from - 1] == '(' && t->s[to] == ')') {
		from--;
		to++;
	}
	to = close_bracket(t, from, to);
	if (from > 0 && t->s[from - 1] == '(' && closes(t, from, to))
		from--;
	piece = (struct hide_piece){t->at[from], t->at[to]};
	buf_add(out, &piece, sizeof(piece));
}

static void
write_pieces(struct hide_text *t, struct buf *out)
{
	size_t from, to;

	if (t->n_spans == 0)
		return;
	qsort(t->spans, t->n_spans, sizeof(*t->spans), by_start);
	from = t->spans[0].from;
	to = t->spans[0].to;
	for (size_t i = 1; i < t->n_spans; i++) {
		const struct hide_span *s = &t->spans[i];

		if (s->from > to && !joins(t, to, s->from)) {
			add_piece(t, from, to, out);
			from = s->from;
			to = s->to;
		} else if (s->to > to) {
			to = s->to;
		}
	}
	add_piece(t, from, to, out);
}

static void
find_in(struct reading *r, const char *original, struct buf *out)
{
	struct hide_text other = {.n_spans = 0};
	struct hide_text *t = original == r->message->subject ? &r->subject
	    : original == r->message->text                    ? &r->text
							      : &other;

	if (t == &other)
		read_text(t, original, &r->known);
	if (!t->bad) {
		hide_all_known(t, &r->known);
		write_pieces(t, out);
	}
	out->bad = out->bad || t->bad || r->known.bad;
	hide_text_done(&other);
}

void
hide_citizen_find(const struct message *m, const char *text, struct buf *out)
{
	struct reading r;

	reading_init(&r, m);
	find_in(&r, text, out);
	reading_done(&r);
}

static void
hide_in(struct reading *r, const char *text, struct buf *out)
{
	BUF_AUTO struct buf found = BUF_INIT;
	const struct hide_piece *pieces;
	size_t n, kept = 0;

	find_in(r, text, &found);
	pieces = (const void *)found.data;
	n = found.len / sizeof(*pieces);
	for (size_t i = 0; i < n; i++) {
		buf_add(out, text + kept, pieces[i].from - kept);
		buf_adds(out, HIDDEN_MARK);
		kept = pieces[i].to;
	}
	buf_adds(out, text + kept);
	out->bad = out->bad || buf_bad(&found);
}

void
hide_citizen_all(const struct message *m, const char *const *texts, size_t n,
    struct buf *outs)
{
	struct reading r;

	reading_init(&r, m);
	for (size_t i = 0; i < n; i++)
		hide_in(&r, texts[i], &outs[i]);
	reading_done(&r);
}

void
hide_citizen_also(const struct message *m, const struct hide_person *others,
    size_t n_others, const char *text, struct buf *out)
{
	struct reading r;

	reading_init(&r, m);
	for (size_t i = 0; i < n_others; i++)
		learn_other(&r.known, &others[i]);
	hide_in(&r, text, out);
	reading_done(&r);
}

void
hide_citizen(const struct message *m, const char *text, struct buf *out)
{
	hide_citizen_all(m, &text, 1, out);
}
