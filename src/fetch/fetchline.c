/* SPDX-License-Identifier: ISC */
#include "fetch/fetchline.h"

#include <string.h>

#include "base/buf.h"
#include "fetch/cursor.h"

/* What an item's check says. */
enum item { ITEM_OK, ITEM_LITERAL, ITEM_BROKEN, ITEM_UNASKED, ITEM_LARGE };

static void
begin_item(struct fetch_line *f, struct buf *out)
{
	if (f->any)
		buf_addc(out, ' ');
	f->any = true;
}

/* UID 12 */
static enum item
item_uid(struct fetch_line *f, struct cursor *c, struct buf *out)
{
	uint64_t uid;

	if (f->uid || !cursor_number(c, UINT32_MAX, &uid) || uid == 0)
		return ITEM_BROKEN;
	f->uid = true;
	begin_item(f, out);
	buf_addf(out, "UID %u", (unsigned)uid);
	return ITEM_OK;
}

/* RFC822.SIZE 4711: beyond 32 bits it is the largest size there is. */
static enum item
item_size(struct fetch_line *f, struct cursor *c, struct buf *out)
{
	uint64_t size;

	if (f->size || !cursor_number(c, UINT64_MAX, &size))
		return ITEM_BROKEN;
	f->size = true;
	begin_item(f, out);
	buf_addf(out, "RFC822.SIZE %u",
	    size > UINT32_MAX ? UINT32_MAX : (unsigned)size);
	return ITEM_OK;
}

/* FLAGS (\Seen $Word): words may hold anything, libetpan leaks on some. */
static enum item
item_flags(struct fetch_line *f, struct cursor *c, struct buf *out)
{
	const char *word;
	bool seen = false;
	size_t len;

	if (f->flags || !cursor_byte(c, '('))
		return ITEM_BROKEN;
	(void)cursor_blanks(c);
	while ((len = cursor_word(c, &word)) > 0) {
		seen |= cursor_is(word, len, "\\Seen");
		(void)cursor_blanks(c);
	}
	if (!cursor_byte(c, ')'))
		return ITEM_BROKEN;
	f->flags = true;
	begin_item(f, out);
	buf_adds(out, seen ? "FLAGS (\\Seen)" : "FLAGS ()");
	return ITEM_OK;
}

/* Whether the text has the shape of date-time: d = digit, a = letter,
 * _ = digit or blank, s = sign. */
static bool
date_shape(const char *text, size_t len)
{
	static const char shape[] = "_d-aaa-dddd dd:dd:dd sdddd";

	if (len != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		bool digit = c >= '0' && c <= '9';
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
		bool ok = shape[i] == 'd' ? digit
		    : shape[i] == '_'	  ? digit || c == ' '
		    : shape[i] == 'a'	  ? letter
		    : shape[i] == 's'	  ? c == '+' || c == '-'
					  : c == shape[i];

		if (!ok)
			return false;
	}
	return true;
}

/* Day, month, year, time and zone in their ranges. */
static bool
date_ok(const char *text, size_t len)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	char month[4] = {0};
	const char *at;
	int day, hour, minute, second;

	if (!date_shape(text, len))
		return false;
	for (size_t i = 0; i < 3; i++)
		month[i] = (char)(text[3 + i] | 32);
	at = strstr(months, month);
	day = (text[0] == ' ' ? 0 : text[0] - '0') * 10 + text[1] - '0';
	hour = (text[12] - '0') * 10 + text[13] - '0';
	minute = (text[15] - '0') * 10 + text[16] - '0';
	second = (text[18] - '0') * 10 + text[19] - '0';
	return at != NULL && (at - months) % 3 == 0 && day >= 1 && day <= 31 &&
	    hour <= 23 && minute <= 59 && second <= 60;
}

/* INTERNALDATE " 5-Oct-2026 12:00:00 +0800" */
static enum item
item_date(struct fetch_line *f, struct cursor *c, struct buf *out)
{
	const char *text;
	size_t len;

	if (f->date)
		return ITEM_BROKEN;
	f->date = true;
	if (!cursor_quoted(c, &text, &len))
		return cursor_skip_value(c) ? ITEM_OK : ITEM_BROKEN;
	if (!date_ok(text, len))
		return ITEM_OK;
	begin_item(f, out);
	buf_adds(out, "INTERNALDATE \"");
	buf_add(out, text, len);
	buf_addc(out, '"');
	return ITEM_OK;
}

/* A body in quotes becomes a literal, so that there is one path behind. */
static void
put_quoted_body(struct buf *out, const char *text, size_t len)
{
	BUF_AUTO struct buf plain = BUF_INIT;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' && i + 1 < len)
			i++;
		buf_addc(&plain, text[i]);
	}
	buf_addf(out, "{%zu}\r\n", plain.len);
	buf_add(out, plain.data, plain.len);
}

/* BODY[] or BODY[]<0> with NIL, "…" or {n} */
static enum item
item_body(struct fetch_line *f, struct cursor *c, const char *name,
    struct buf *out, uint64_t *literal_out)
{
	const char *text;
	size_t len;

	if (f->body)
		return ITEM_BROKEN;
	f->body = true;
	begin_item(f, out);
	buf_addf(out, "%s ", name);
	if (cursor_literal(c, literal_out)) {
		if (*literal_out > f->most)
			return ITEM_LARGE;
		buf_addf(out, "{%u}\r\n", (unsigned)*literal_out);
		return ITEM_LITERAL;
	}
	if (cursor_name(c, "NIL"))
		buf_adds(out, "NIL");
	else if (!cursor_quoted(c, &text, &len))
		return ITEM_BROKEN;
	else if (len > f->most)
		return ITEM_LARGE;
	else
		put_quoted_body(out, text, len);
	return ITEM_OK;
}

static enum item
vet_item(struct fetch_line *f, struct cursor *c, struct buf *out,
    uint64_t *literal_out)
{
	const char *word;
	size_t len = cursor_word(c, &word);

	if (len == 0 || !cursor_blanks(c))
		return ITEM_BROKEN;
	if (cursor_is(word, len, "UID"))
		return item_uid(f, c, out);
	if (cursor_is(word, len, "RFC822.SIZE"))
		return item_size(f, c, out);
	if (cursor_is(word, len, "FLAGS"))
		return item_flags(f, c, out);
	if (cursor_is(word, len, "INTERNALDATE"))
		return item_date(f, c, out);
	if (cursor_is(word, len, "BODY[]"))
		return item_body(f, c, "BODY[]", out, literal_out);
	if (cursor_is(word, len, "BODY[]<0>"))
		return item_body(f, c, "BODY[]<0>", out, literal_out);
	if (cursor_is(word, len, "ENVELOPE") || cursor_is(word, len, "BODY") ||
	    cursor_is(word, len, "BODYSTRUCTURE"))
		return ITEM_UNASKED;
	/* MODSEQ, X-GM-…, whatever comes unasked and is harmless. */
	return cursor_skip_value(c) ? ITEM_OK : ITEM_BROKEN;
}

enum fetch_line_end
fetch_line_next(struct fetch_line *f, struct cursor *c, struct buf *out,
    uint64_t *literal_out)
{
	static const enum fetch_line_end ends[] = {
	    [ITEM_LITERAL] = FETCH_LINE_LITERAL,
	    [ITEM_BROKEN] = FETCH_LINE_BROKEN,
	    [ITEM_UNASKED] = FETCH_LINE_UNASKED,
	    [ITEM_LARGE] = FETCH_LINE_LARGE};
	enum item item;

	for (;;) {
		(void)cursor_blanks(c);
		if (cursor_byte(c, ')'))
			break;
		item = vet_item(f, c, out, literal_out);
		if (item != ITEM_OK)
			return ends[item];
	}
	(void)cursor_blanks(c);
	if (c->at != c->end)
		return FETCH_LINE_BROKEN;
	buf_adds(out, ")\r\n");
	return FETCH_LINE_WHOLE;
}

enum fetch_line_end
fetch_line_first(struct fetch_line *f, struct cursor *c, struct buf *out,
    uint64_t *literal_out)
{
	(void)cursor_blanks(c);
	if (!cursor_byte(c, '('))
		return FETCH_LINE_BROKEN;
	buf_addf(out, "* %u FETCH (", f->number);
	return fetch_line_next(f, c, out, literal_out);
}
