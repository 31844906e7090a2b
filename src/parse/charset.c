/* SPDX-License-Identifier: ISC */
#include "parse/charset.h"

#include <string.h>

#include "base/buf.h"
#include "parse/charset_convert.h"
#include "parse/charset_judge.h"
#include "parse/charset_table.h"

/* Text that is all two-byte sequences is doubted up to this length; a longer
 * one is UTF-8 by chance less than once in 10^6. */
#define DOUBT_MAX 32

/* One decode under way. */
struct task {
	const unsigned char *p;
	size_t len;
	enum charset_id label;
	const struct charset_hint *hint;
	struct charset_sink sink;
	size_t start; /* of our text in sink.out */
	enum charset_id used;
	bool guessed;
};

int
charset_init(struct err *err)
{
	return charset_convert_init(err);
}

void
charset_done(void)
{
	charset_convert_done();
}

/* A label's charset, if this system can decode it. */
static enum charset_id
find_usable(const char *label, size_t len)
{
	enum charset_id id = charset_find(label, len);

	return id != CS_NONE && charset_convert_has(id) ? id : CS_NONE;
}

const char *
charset_canonical(const char *label, size_t len)
{
	enum charset_id id = find_usable(label, len);

	return id == CS_NONE ? NULL : charset_get(id)->name;
}

/* No label says as little as "us-ascii" does. */
static enum charset_kind
label_kind(const struct task *t)
{
	return charset_get(t->label == CS_NONE ? CS_ASCII : t->label)->kind;
}

/* Decodes all of it by id, dropping what an earlier try had written. */
static void
run(struct task *t, enum charset_id id)
{
	if (!buf_bad(t->sink.out))
		buf_cut(t->sink.out, t->start);
	t->sink.n_bad = 0;
	t->sink.cut = false;
	t->used = id;
	charset_convert(&t->sink, id, t->p, t->len);
}

/* run() for bytes that are valid UTF-8: no second look at them. */
static void
copy(struct task *t, enum charset_id id)
{
	buf_cut(t->sink.out, t->start);
	t->sink = (struct charset_sink){t->sink.out, 0, false};
	t->used = id;
	charset_copy(&t->sink, t->p, t->len);
}

/* ---- byte order marks ----------------------------------------------- */

static const struct {
	enum charset_id id;
	size_t len;
	const char *mark;
} marks[] = {
    {CS_UTF8, 3, "\xef\xbb\xbf"},
    {CS_UTF32LE, 4, "\xff\xfe\0\0"},
    {CS_UTF32BE, 4, "\0\0\xfe\xff"},
    {CS_UTF16LE, 2, "\xff\xfe"},
    {CS_UTF16BE, 2, "\xfe\xff"},
    {CS_GB18030, 4, "\x84\x31\x95\x33"},
};

static bool
is_wide(enum charset_id id)
{
	return id >= CS_UTF16 && id <= CS_UTF32LE;
}

/* A mark decides.  But the two bytes of UTF-16's come about by damage as well,
 * so the text must bear them out; and UTF-8's in front of other bytes (files
 * glued together by a mailer) only goes away. */
static bool
by_mark(struct task *t)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (t->len < marks[i].len ||
		    memcmp(t->p, marks[i].mark, marks[i].len) != 0)
			continue;
		if (marks[i].len == 2 && !is_wide(t->label) &&
		    judge_utf16(t->p + marks[i].len, t->len - marks[i].len,
			marks[i].id) != marks[i].id)
			continue;
		t->p += marks[i].len;
		t->len -= marks[i].len;
		if (marks[i].id == CS_UTF8 &&
		    charset_utf8_prefix(t->p, t->len) != t->len) {
			if (t->label == CS_NONE)
				t->label = CS_UTF8;
			return false;
		}
		if (marks[i].id == CS_UTF8)
			copy(t, CS_UTF8);
		else
			run(t, marks[i].id);
		t->guessed = t->label != CS_NONE && t->label != marks[i].id &&
			     !(is_wide(marks[i].id) && is_wide(t->label));
		return true;
	}
	return false;
}

/* ---- 7-bit text ----------------------------------------------------- */

static bool
has(const struct task *t, const char *needle)
{
	return memmem(t->p, t->len, needle, strlen(needle)) != NULL;
}

/* The escapes that announce an ISO-2022 text. */
static enum charset_id
escape_charset(const struct task *t)
{
	if (memchr(t->p, 0x1b, t->len) == NULL)
		return CS_NONE;
	if (has(t, "\033$)A") || has(t, "\033$)G"))
		return CS_ISO2022CN;
	if (has(t, "\033$)C"))
		return CS_ISO2022KR;
	if (has(t, "\033$B") || has(t, "\033$@") || has(t, "\033$(D"))
		return CS_ISO2022JP;
	return CS_NONE;
}

/* Bytes without a high one: escapes decide, then the label, then ASCII. */
static void
by_seven_bits(struct task *t)
{
	enum charset_kind kind = label_kind(t);
	enum charset_id escaped = escape_charset(t);

	if (kind == KIND_STATE || kind == KIND_HZ) {
		run(t, t->label);
		if (t->sink.n_bad == 0 || t->label == escaped ||
		    escaped == CS_NONE)
			return;
	}
	if (escaped != CS_NONE) {
		t->guessed = true;
		run(t, escaped);
		return;
	}
	if ((kind == KIND_ASCII || kind == KIND_GB) && has(t, "~{") &&
	    judge_is_hz(t->p, t->len)) {
		t->guessed = true;
		run(t, CS_HZ);
		return;
	}
	copy(t, CS_ASCII);
}

/* ---- wide text ------------------------------------------------------ */

/* How many bytes are NUL. */
static size_t
count_nul(const struct task *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->len; i++)
		n += t->p[i] == 0;
	return n;
}

/* UTF-16 or -32 without a mark: by its label, or by its NULs without one. */
static bool
by_width(struct task *t, bool seven_bits)
{
	enum charset_kind kind = label_kind(t);
	bool nul = memchr(t->p, 0, t->len) != NULL;
	enum charset_id order;

	if (kind == KIND_UTF32 && nul) {
		run(t, t->label);
		return true;
	}
	/* ASCII under a wrong label: its pairs are Chinese by chance. */
	if (!nul && (seven_bits || kind != KIND_UTF16))
		return false;
	if (kind != KIND_UTF16 &&
	    (t->len % 2 != 0 || count_nul(t) < t->len / 4))
		return false;
	order = judge_utf16(t->p, t->len, t->label);
	if (order == CS_NONE)
		return false;
	t->guessed = t->label != CS_UTF16 && t->label != order;
	run(t, order);
	return true;
}

/* ---- 8-bit text ----------------------------------------------------- */

static bool
is_legacy_asian(enum charset_id id)
{
	enum charset_kind kind;

	if (id == CS_NONE)
		return false;
	kind = charset_get(id)->kind;
	return kind == KIND_GB || kind == KIND_BIG5 || kind == KIND_MULTI;
}

/* Valid UTF-8 that makes better sense otherwise: short, sequences of two only
 * (Chinese has three), and decoded to East Asian characters by the label, or
 * by GB 18030 where there is none. */
static bool
doubts_utf8(struct task *t)
{
	const unsigned char *p = t->p, *end = p + t->len;
	bool labelled = is_legacy_asian(t->label);
	size_t n_high = 0;

	for (; p < end; p++)
		if (*p >= 0xe0 || (*p >= 0x80 && ++n_high > DOUBT_MAX))
			return false;
	if (!judge_is_chance_utf8(t->p, t->len, label_kind(t)))
		return false;
	run(t, labelled ? t->label : CS_GB18030);
	t->guessed = !labelled;
	return t->sink.n_bad == 0 &&
	       judge_is_asian(buf_str(t->sink.out) + t->start,
		   t->sink.out->len - t->start);
}

/* Keeps the label although not every byte decodes: one in ten may be bad. */
static bool
label_holds(const struct task *t, const struct judge *j)
{
	switch (label_kind(t)) {
	case KIND_GB:
		return judge_is_gb(j) || t->sink.n_bad * 20 <= j->n_high;
	case KIND_BIG5:
		return judge_is_big5(j) || t->sink.n_bad * 20 <= j->n_high;
	default:
		return t->sink.n_bad * 10 <= j->n_high;
	}
}

/* A clean decode that the frequencies refute nevertheless: GB and Big5 under
 * each other's name, for texts long enough to tell. */
static bool
is_refuted(enum charset_id id, const struct judge *j)
{
	if (id == CS_GB18030)
		return judge_is_big5(j);
	if (id == CS_BIG5)
		return j->gb_pairs >= 6 && judge_is_gb(j) &&
		       j->gb_common * 20 >= j->gb_pairs * 19 &&
		       j->big5_low * 20 <= j->big5_pairs;
	return false;
}

/* The label is worth a try: it names an 8-bit charset and is not one of the
 * Latin ones, which mailers write when they know nothing. */
static bool
label_means_something(const struct task *t)
{
	enum charset_kind kind = label_kind(t);

	return is_legacy_asian(t->label) || kind == KIND_SINGLE ||
	       (t->label == escape_charset(t) && kind == KIND_STATE) ||
	       (kind == KIND_HZ && has(t, "~{"));
}

static enum charset_id
hint_id(const char *name)
{
	return name == NULL ? CS_NONE : find_usable(name, strlen(name));
}

/* Tries the charset of the text beside; Latin ones only for Latin text. */
static bool
by_neighbour(struct task *t, const struct judge *j)
{
	enum charset_id id =
	    t->hint == NULL ? CS_NONE : hint_id(t->hint->nearby);
	enum charset_kind kind;

	if (id == CS_NONE)
		return false;
	kind = charset_get(id)->kind;
	if (!is_legacy_asian(id) && kind != KIND_SINGLE &&
	    !(kind == KIND_LATIN && judge_is_latin(j)))
		return false;
	if ((kind == KIND_SINGLE && judge_is_gb(j)) || is_refuted(id, j))
		return false;
	run(t, id);
	return t->sink.n_bad == 0;
}

/* No usable label: neighbour, frequencies, the label's Latin, fallback. */
static void
by_guess(struct task *t, const struct judge *j)
{
	enum charset_id id;
	bool latin = label_kind(t) == KIND_LATIN;

	t->guessed = true;
	if (by_neighbour(t, j))
		return;
	if (latin && judge_is_latin(j) && !judge_is_big5(j)) {
		t->guessed = false;
		run(t, CS_1252);
		return;
	}
	id = judge_guess(j);
	if (id == CS_NONE && latin &&
	    (j->gb_bad > 0 || j->n_high != 2 * j->gb_pairs)) {
		t->guessed = false;
		id = CS_1252;
	}
	if (id == CS_NONE && t->hint != NULL)
		id = hint_id(t->hint->fallback);
	run(t, id == CS_NONE ? CS_GB18030 : id);
}

/* The charsets of Japan and Korea: damaged UTF-8 and GB are judged by Chinese
 * characters, so a clean decode goes first unless the bytes shout UTF-8. */
static bool
by_far_east(struct task *t, const struct judge *j)
{
	if (label_kind(t) != KIND_MULTI || j->utf8_more >= 12 * j->utf8_ruins)
		return false;
	run(t, t->label);
	return t->sink.n_bad == 0;
}

/* Chinese in UTF-8: sequences of three bytes, two of them at least. */
static bool
is_chinese_utf8(const unsigned char *p, size_t len)
{
	size_t n = 0;

	if (charset_utf8_prefix(p, len) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		n += p[i] >= 0xe3 && p[i] <= 0xef;
	return n >= 2;
}

/* Lines of UTF-8 and of GB in one text: a reply over a quote, a footer that a
 * list added.  Each line is decoded by itself, or nothing is. */
static bool
by_lines(struct task *t)
{
	const unsigned char *p = t->p, *end = p + t->len, *next;
	size_t n_utf8 = 0, n_gb = 0;

	if (!buf_bad(t->sink.out))
		buf_cut(t->sink.out, t->start);
	t->sink = (struct charset_sink){t->sink.out, 0, false};
	for (; p < end; p = next) {
		size_t len;

		next = memchr(p, '\n', (size_t)(end - p));
		next = next != NULL ? next + 1 : end;
		len = (size_t)(next - p);
		if (charset_ascii_prefix(p, len) == len) {
			charset_copy(&t->sink, p, len);
		} else if (is_chinese_utf8(p, len)) {
			charset_copy(&t->sink, p, len);
			n_utf8++;
		} else {
			charset_convert(&t->sink, CS_GB18030, p, len);
			n_gb++;
		}
		if (t->sink.n_bad > 0)
			return false;
	}
	t->used = CS_UTF8;
	return n_utf8 > 0 && n_gb > 0;
}

static void
by_eight_bits(struct task *t)
{
	struct judge j;
	size_t label_bad;

	judge_look(&j, t->p, t->len);
	if (by_far_east(t, &j))
		return;
	if (memchr(t->p, '\n', t->len) != NULL && by_lines(t)) {
		t->guessed = true;
		return;
	}
	if (judge_is_damaged_utf8(&j, t->label == CS_UTF8)) {
		t->guessed = t->label != CS_UTF8;
		run(t, CS_UTF8);
		return;
	}
	if (!label_means_something(t)) {
		by_guess(t, &j);
		return;
	}
	run(t, t->label);
	label_bad = t->sink.n_bad;
	if (label_bad == 0 ? !is_refuted(t->label, &j) : label_holds(t, &j))
		return;
	by_guess(t, &j);
	if (label_bad > 0 && t->sink.n_bad >= label_bad) {
		t->guessed = false;
		run(t, t->label);
	}
}

static void
decide(struct task *t)
{
	size_t valid, high;

	if (by_mark(t))
		return;
	if (t->len == 0)
		return;
	high = charset_ascii_prefix(t->p, t->len);
	if (by_width(t, high == t->len))
		return;
	if (high == t->len) {
		by_seven_bits(t);
		return;
	}
	valid = high + charset_utf8_prefix(t->p + high, t->len - high);
	if (valid < t->len) {
		by_eight_bits(t);
		return;
	}
	if (doubts_utf8(t))
		return;
	t->guessed = t->label != CS_UTF8;
	copy(t, CS_UTF8);
}

int
charset_decode(const void *raw, size_t len, const char *label,
    const struct charset_hint *hint, struct buf *out,
    struct charset_result *result_out)
{
	struct task t = {
	    .p = raw,
	    .len = len,
	    .label =
		label == NULL ? CS_NONE : find_usable(label, strlen(label)),
	    .hint = hint,
	    .sink = {out, 0, false},
	    .start = out->len,
	    .used = CS_ASCII,
	};

	decide(&t);
	*result_out = (struct charset_result){
	    charset_get(t.used)->name, t.guessed, t.sink.n_bad > 0, t.sink.cut};
	return buf_bad(out) ? -1 : 0;
}

void
charset_result_add(
    struct charset_result *sum, const struct charset_result *piece)
{
	sum->guessed |= piece->guessed;
	sum->lost |= piece->lost;
	sum->cut |= piece->cut;
	if (sum->charset == NULL || strcmp(sum->charset, "us-ascii") == 0)
		sum->charset = piece->charset;
}
