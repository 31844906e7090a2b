/* SPDX-License-Identifier: ISC */
#include "fetch/firewall.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "fetch/cursor.h"
#include "fetch/fetchline.h"

/* A literal that goes through in part stands between two lines of one answer;
 * `fetch` remembers where that answer was. */
struct firewall {
	struct buf line; /* the line being collected */
	struct buf out;  /* vetted, from out_at on not yet taken */
	size_t out_at;
	const char *raw; /* fed and not yet looked at */
	size_t raw_len;
	uint64_t literal_left;
	bool inside; /* the next line goes on with `fetch` */
	struct fetch_line fetch;
	struct firewall_grant grant;
	struct firewall_seen seen;
	bool refused;
	struct err why;
};

int
firewall_new(struct firewall **fw_out, struct err *err)
{
	struct firewall *fw = calloc(1, sizeof(*fw));

	if (fw == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for a connection");
	buf_init(&fw->line, MAX_IMAP_LINE + 2);
	buf_init(&fw->out, 2 * MAX_IMAP_LINE);
	*fw_out = fw;
	return 0;
}

void
firewall_free(struct firewall **fw)
{
	if (*fw == NULL)
		return;
	buf_done(&(*fw)->line);
	buf_done(&(*fw)->out);
	free(*fw);
	*fw = NULL;
}

void
firewall_allow(struct firewall *fw, const struct firewall_grant *grant)
{
	fw->grant = *grant;
}

void
firewall_pretend(struct firewall *fw, const char *line)
{
	buf_adds(&fw->out, line);
}

void
firewall_feed(struct firewall *fw, const void *raw, size_t len)
{
	fw->raw = raw;
	fw->raw_len = len;
}

const struct firewall_seen *
firewall_seen(const struct firewall *fw)
{
	return &fw->seen;
}

void
firewall_forget_folder(struct firewall *fw)
{
	fw->seen.has_permanent = false;
	fw->seen.permanent[0] = '\0';
	fw->seen.exists = 0;
}

static int
refuse(struct firewall *fw, const char *why)
{
	fw->refused = true;
	return err_set(&fw->why, ERR_LATER, ERR_OWN, 0,
	    "the server's answer is no proper IMAP: %s", why);
}

/* ---- texts -------------------------------------------------------------- */

/* Keeps the rest of the line; what a terminal could act on goes. */
static void
keep_text(char out[FIREWALL_TEXT], const char *from, const char *end)
{
	size_t n = 0;

	for (; from < end && n < FIREWALL_TEXT - 1; from++) {
		unsigned char c = (unsigned char)*from;

		out[n++] = c < 0x20 || c == 0x7f ? ' ' : (char)c;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

/* ---- response codes ----------------------------------------------------- */

static void
keep_permanent(struct firewall *fw, struct cursor *c)
{
	const char *stop;

	if (!cursor_blanks(c) || !cursor_byte(c, '('))
		return;
	stop = memchr(c->at, ')', (size_t)(c->end - c->at));
	if (stop == NULL)
		return;
	keep_text(fw->seen.permanent, c->at, stop);
	fw->seen.has_permanent = true;
}

/* One capability is an atom; what is none is left out. */
static bool
capability_ok(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (word[i] <= 0x20 || word[i] >= 0x7f ||
		    strchr("{%*\"\\[]", word[i]) != NULL)
			return false;
	}
	return len <= 64;
}

/* Up to ']' or the end of the line. */
static void
put_capabilities(struct buf *out, struct cursor *c)
{
	const char *word;
	size_t len;

	buf_adds(out, "CAPABILITY IMAP4rev1");
	for (;;) {
		(void)cursor_blanks(c);
		len = cursor_word(c, &word);
		if (len == 0)
			return;
		if (word[len - 1] == ']')
			len--;
		if (len > 0 && capability_ok(word, len) &&
		    !cursor_is(word, len, "IMAP4rev1")) {
			buf_addc(out, ' ');
			buf_add(out, word, len);
		}
	}
}

/* The number, or 0 when it is none. */
static uint32_t
put_number_code(struct buf *out, const char *name, struct cursor *c)
{
	uint64_t n;

	if (!cursor_blanks(c) || !cursor_number(c, UINT32_MAX, &n) ||
	    !cursor_byte(c, ']'))
		return 0;
	buf_addf(out, "[%s %u] ", name, (unsigned)n);
	return (uint32_t)n;
}

/* The text begins with '['. */
static void
put_code(struct firewall *fw, struct cursor c)
{
	const char *close = memchr(c.at, ']', (size_t)(c.end - c.at));

	if (!cursor_byte(&c, '[') || close == NULL)
		return;
	c.end = close + 1;
	if (cursor_name(&c, "UIDVALIDITY"))
		fw->seen.uidvalidity =
		    put_number_code(&fw->out, "UIDVALIDITY", &c);
	else if (cursor_name(&c, "UIDNEXT"))
		(void)put_number_code(&fw->out, "UIDNEXT", &c);
	else if (cursor_name(&c, "READ-ONLY]"))
		buf_adds(&fw->out, "[READ-ONLY] ");
	else if (cursor_name(&c, "READ-WRITE]"))
		buf_adds(&fw->out, "[READ-WRITE] ");
	else if (cursor_name(&c, "PERMANENTFLAGS"))
		keep_permanent(fw, &c);
	else if (cursor_name(&c, "CAPABILITY")) {
		buf_addc(&fw->out, '[');
		put_capabilities(&fw->out, &c);
		buf_adds(&fw->out, "] ");
	}
}

/* ---- kinds of lines ----------------------------------------------------- */

/* What is not understood may go, unless a literal hangs on it: then it is not
 * known where the answer goes on. */
static int
drop(struct firewall *fw, const struct cursor *line)
{
	const char *p = line->end;

	if (p > line->at && p[-1] == '}') {
		for (p--; p > line->at && p[-1] >= '+' && p[-1] <= '9';)
			p--;
		if (p > line->at && p[-1] == '{')
			return refuse(fw, "a literal where none was asked for");
	}
	return 0;
}

/* OK, NO, BAD with or without a tag; BYE without. */
static int
vet_status(struct firewall *fw, const char *prefix, size_t prefix_len,
    struct cursor c)
{
	static const char *const words[] = {"OK", "NO", "BAD", "BYE"};
	bool tagged = prefix[0] != '*';

	for (size_t i = 0; i < 4; i++) {
		if (!cursor_name(&c, words[i]))
			continue;
		(void)cursor_blanks(&c);
		if (tagged && i == 3)
			return 0;
		if (tagged) {
			fw->seen.status = words[i][0];
			keep_text(fw->seen.text, c.at, c.end);
		} else if (i == 3) {
			fw->seen.has_bye = true;
			keep_text(fw->seen.bye, c.at, c.end);
		}
		buf_add(&fw->out, prefix, prefix_len);
		buf_addf(&fw->out, " %s ", words[i]);
		if (c.at < c.end)
			put_code(fw, c);
		buf_adds(&fw->out, "ok\r\n");
		return 1;
	}
	return 0;
}

/* * SEARCH 1 2 3, perhaps with (MODSEQ n) behind. */
static int
vet_search(struct firewall *fw, struct cursor c)
{
	uint64_t n;

	buf_adds(&fw->out, "* SEARCH");
	while (cursor_blanks(&c) && c.at < c.end && *c.at != '(') {
		if (!cursor_number(&c, UINT32_MAX, &n) || n == 0)
			return refuse(fw, "a SEARCH that is not all numbers");
		buf_addf(&fw->out, " %u", (unsigned)n);
	}
	if (c.at < c.end && (*c.at != '(' || !cursor_skip_value(&c)))
		return refuse(fw, "a SEARCH that is not all numbers");
	(void)cursor_blanks(&c);
	if (c.at < c.end)
		return refuse(fw, "a SEARCH that is not all numbers");
	buf_adds(&fw->out, "\r\n");
	return 0;
}

/* What the check of a FETCH line means for the flow. */
static int
after_fetch(struct firewall *fw, enum fetch_line_end end, uint64_t literal)
{
	switch (end) {
	case FETCH_LINE_LITERAL:
		fw->literal_left = literal;
		fw->inside = true;
		return 0;
	case FETCH_LINE_UNASKED:
		return refuse(fw, "message parts that nobody asked for");
	case FETCH_LINE_LARGE:
		return refuse(fw, "a message larger than asked for");
	case FETCH_LINE_WHOLE:
		fw->inside = false;
		return 0;
	case FETCH_LINE_BROKEN:
	default:
		return -1;
	}
}

static int
vet_fetch(struct firewall *fw, uint32_t number, struct cursor c,
    const struct cursor *line)
{
	size_t before = fw->out.len;
	uint64_t literal = 0;
	enum fetch_line_end end;

	fw->fetch = (struct fetch_line){
	    .number = number, .most = fw->grant.literal_bytes};
	end = fetch_line_first(&fw->fetch, &c, &fw->out, &literal);
	if (after_fetch(fw, end, literal) == 0) {
		/* Flags of a message whose UID is not told help nobody. */
		if (end == FETCH_LINE_WHOLE &&
		    (!fw->fetch.any || (!fw->fetch.uid && !fw->fetch.body)))
			buf_cut(&fw->out, before);
		return 0;
	}
	if (fw->refused)
		return -1;
	buf_cut(&fw->out, before);
	return drop(fw, line);
}

static int
vet_numbered(struct firewall *fw, struct cursor c, const struct cursor *line)
{
	uint64_t number;

	if (!cursor_number(&c, UINT32_MAX, &number))
		return refuse(fw, "a number beyond 32 bits");
	if (!cursor_blanks(&c))
		return drop(fw, line);
	if (cursor_name(&c, "FETCH"))
		return vet_fetch(fw, (uint32_t)number, c, line);
	if (!cursor_name(&c, "EXISTS"))
		return drop(fw, line);
	fw->seen.exists = (uint32_t)number;
	fw->seen.n_exists++;
	buf_addf(&fw->out, "* %u EXISTS\r\n", (unsigned)number);
	return 0;
}

static int
vet_untagged(struct firewall *fw, struct cursor c, const struct cursor *line)
{
	if (c.at < c.end && *c.at >= '0' && *c.at <= '9')
		return vet_numbered(fw, c, line);
	if (cursor_name(&c, "SEARCH"))
		return vet_search(fw, c);
	if (cursor_name(&c, "CAPABILITY")) {
		buf_adds(&fw->out, "* ");
		put_capabilities(&fw->out, &c);
		buf_adds(&fw->out, "\r\n");
		return 0;
	}
	if (vet_status(fw, "*", 1, c))
		return 0;
	return drop(fw, line);
}

static int
vet_tagged(struct firewall *fw, struct cursor c, const struct cursor *line)
{
	const char *tag = c.at;
	uint64_t number;
	size_t len;

	if (!cursor_byte(&c, 'C') ||
	    !cursor_number(&c, INT32_MAX, &number))
		return drop(fw, line);
	len = (size_t)(c.at - tag);
	if (!cursor_blanks(&c) || !vet_status(fw, tag, len, c))
		return drop(fw, line);
	fw->seen.tag = (uint32_t)number;
	return 0;
}

static int
vet_continued(struct firewall *fw, struct cursor c)
{
	uint64_t literal = 0;
	enum fetch_line_end end;

	end = fetch_line_next(&fw->fetch, &c, &fw->out, &literal);
	if (after_fetch(fw, end, literal) < 0 && !fw->refused)
		return refuse(fw, "rubbish behind a literal");
	return fw->refused ? -1 : 0;
}

static int
vet_line(struct firewall *fw, const struct cursor *line)
{
	struct cursor c = *line;

	if (fw->inside)
		return vet_continued(fw, c);
	if (cursor_byte(&c, '*') && cursor_blanks(&c))
		return vet_untagged(fw, c, line);
	c = *line;
	if (cursor_byte(&c, '+')) {
		if (fw->grant.plus)
			buf_adds(&fw->out, "+ ok\r\n");
		return 0;
	}
	return vet_tagged(fw, *line, line);
}

/* ---- flow --------------------------------------------------------------- */

/* A whole line stands in fw->line, "\n" included. */
static int
check_line(struct firewall *fw)
{
	struct cursor line = {fw->line.data, fw->line.data + fw->line.len - 1};

	if (fw->grant.lines == 0 || fw->grant.line_bytes < fw->line.len)
		return refuse(fw, "more of it than the question can have");
	fw->grant.lines--;
	fw->grant.line_bytes -= fw->line.len;
	if (memchr(line.at, '\0', fw->line.len) != NULL)
		return refuse(fw, "a NUL byte in a line");
	while (line.end > line.at && line.end[-1] == '\r')
		line.end--;
	if (vet_line(fw, &line) < 0)
		return -1;
	if (buf_bad(&fw->out))
		return refuse(fw, "a line longer than its limit");
	return 0;
}

/* Moves raw bytes into the line; vets it when it is whole. */
static int
collect(struct firewall *fw)
{
	const char *eol = memchr(fw->raw, '\n', fw->raw_len);
	size_t n = eol != NULL ? (size_t)(eol - fw->raw) + 1 : fw->raw_len;
	int r = 0;

	buf_add(&fw->line, fw->raw, n);
	fw->raw += n;
	fw->raw_len -= n;
	if (buf_bad(&fw->line) || fw->line.len > MAX_IMAP_LINE)
		return refuse(fw, "a line longer than its limit");
	if (eol != NULL) {
		r = check_line(fw);
		buf_clear(&fw->line);
	}
	return r;
}

int
firewall_ready(struct firewall *fw, struct err *err)
{
	while (!fw->refused && fw->out_at == fw->out.len &&
	    fw->literal_left == 0 && fw->raw_len > 0) {
		buf_clear(&fw->out);
		fw->out_at = 0;
		(void)collect(fw);
	}
	if (fw->out_at < fw->out.len && !fw->refused)
		return 1;
	if (fw->literal_left > 0 && !fw->refused)
		return fw->raw_len > 0;
	if (fw->refused && err != NULL)
		*err = fw->why;
	return fw->refused ? -1 : 0;
}

ssize_t
firewall_take(struct firewall *fw, void *out, size_t size, struct err *err)
{
	int ready = firewall_ready(fw, err);
	size_t n;

	if (ready <= 0 || size == 0)
		return ready < 0 ? -1 : 0;
	if (fw->out_at < fw->out.len) {
		n = fw->out.len - fw->out_at;
		n = n < size ? n : size;
		memcpy(out, fw->out.data + fw->out_at, n);
		fw->out_at += n;
		return (ssize_t)n;
	}
	n = fw->raw_len < size ? fw->raw_len : size;
	n = n < fw->literal_left ? n : (size_t)fw->literal_left;
	memcpy(out, fw->raw, n);
	fw->raw += n;
	fw->raw_len -= n;
	fw->literal_left -= n;
	return (ssize_t)n;
}
