/* SPDX-License-Identifier: ISC */
#include "letter/header.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/zone.h"
#include "letter/clean.h"
#include "letter/encode.h"

/* RFC 5322 section 2.1.1; a line with encoded words has 76. */
#define LINE_COLUMNS 78
#define WORD_LINE_COLUMNS 76
/* Longer ids are not repeated: a line of ours stays far below 998.  Our own
 * have 33 and the longest domain. */
#define ID_BYTES 400
/* Ids that are repeated: the first and the last ones keep the thread. */
#define IDS_FIRST 1
#define IDS_LAST 20

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* RFC 5322 section 3.2.3 */
static bool
is_atext(char c)
{
	return is_alnum(c) ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
is_dot_atom(const char *s, size_t len)
{
	if (len == 0 || s[0] == '.' || s[len - 1] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_atext(s[i]) && (s[i] != '.' || s[i - 1] == '.'))
			return false;
	return true;
}

/* RFC 1123 section 2.1: labels of letters, digits and inner hyphens. */
static bool
is_host(const char *s)
{
	size_t label = 0;

	for (; *s != '\0'; s++) {
		if (*s == '.' ? label == 0 || s[-1] == '-'
		              : !is_alnum(*s) && (*s != '-' || label == 0))
			return false;
		label = *s == '.' ? 0 : label + 1;
		if (label > 63)
			return false;
	}
	return label > 0 && s[-1] != '-';
}

bool
header_is_address(const char *s)
{
	const char *at = strrchr(s, '@');

	if (at == NULL || strlen(s) > MAX_ADDRESS_BYTES || at - s > 64)
		return false;
	return is_dot_atom(s, (size_t)(at - s)) && is_host(at + 1);
}

bool
header_is_id(const char *s, size_t len)
{
	size_t at = 0;

	if (len == 0 || len > ID_BYTES)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] <= ' ' || s[i] > '~' || strchr("<>()\",;:\\", s[i]))
			return false;
		at += s[i] == '@';
	}
	return at == 1 && s[0] != '@' && s[len - 1] != '@';
}

/* Whether text may stand in a header as it is: a reader must not find an
 * encoded word in it that we did not write. */
static bool
is_plain(const char *s)
{
	if (strstr(s, "=?") != NULL)
		return false;
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

void
header_text(struct buf *out, const char *name, const char *text, size_t max)
{
	BUF_AUTO struct buf clean = BUF_INIT;
	size_t column = strlen(name) + 2;
	const char *s;

	clean_line(&clean, text, max);
	s = buf_str(&clean);
	buf_addf(out, "%s: ", name);
	if (is_plain(s) && column + strlen(s) <= LINE_COLUMNS)
		buf_adds(out, s);
	else
		(void)encode_words(out, s, column);
	buf_adds(out, "\r\n");
	out->bad = out->bad || buf_bad(&clean);
}

/* A phrase of atoms needs no quotes. */
static bool
is_phrase(const char *s)
{
	if (strstr(s, "=?") != NULL)
		return false;
	for (; *s != '\0'; s++)
		if (!is_atext(*s) && *s != ' ')
			return false;
	return true;
}

void
header_address(struct buf *out, const char *name, const char *display,
    const char *address)
{
	BUF_AUTO struct buf clean = BUF_INIT;
	size_t column = strlen(name) + 2;
	const char *s;

	clean_line(&clean, display, MAX_NAME_BYTES);
	s = buf_str(&clean);
	buf_addf(out, "%s: ", name);
	if (*s == '\0') {
		buf_addf(out, "%s\r\n", address);
		return;
	}
	if (is_phrase(s) && column + strlen(s) <= LINE_COLUMNS) {
		buf_adds(out, s);
		column += strlen(s);
	} else {
		column = encode_words(out, s, column);
	}
	if (column + strlen(address) + 3 > WORD_LINE_COLUMNS)
		buf_adds(out, "\r\n");
	buf_addf(out, " <%s>\r\n", address);
	out->bad = out->bad || buf_bad(&clean);
}

void
header_date(struct buf *out, const struct zone *zone, int64_t utc_s)
{
	static const char days[] = "MonTueWedThuFriSatSun";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct civil c;
	int64_t local_s;
	long offset;

	zone_civil(zone, utc_s, &c);
	local_s = (int64_t)civil_day_number(c.year, c.month, c.day) * 86400 +
	    c.hour * 3600 + c.minute * 60 + c.second;
	offset = (long)((local_s - utc_s) / 60);
	buf_addf(out,
	    "Date: %.3s, %d %.3s %04d %02d:%02d:%02d %c%02ld%02ld\r\n",
	    days + 3 * (c.weekday - 1), c.day, months + 3 * (c.month - 1),
	    c.year, c.hour, c.minute, c.second, offset < 0 ? '-' : '+',
	    (offset < 0 ? -offset : offset) / 60,
	    (offset < 0 ? -offset : offset) % 60);
}

/* The next msg-id of a list; its length, 0 at the end. */
static size_t
next_id(const char **at, const char **id_out)
{
	size_t len;

	for (;;) {
		*at += strspn(*at, " \t\r\n<>");
		len = strcspn(*at, " \t\r\n<>");
		*id_out = *at;
		*at += len;
		if (len == 0 || header_is_id(*id_out, len))
			return len;
	}
}

void
header_ids(struct buf *out, const char *name, const char *ids)
{
	const char *at = ids, *id;
	size_t n = 0, i = 0, len;

	while (next_id(&at, &id) > 0)
		n++;
	at = ids;
	for (; (len = next_id(&at, &id)) > 0; i++) {
		if (i >= IDS_FIRST && i + IDS_LAST < n)
			continue;
		if (i == 0)
			buf_addf(out, "%s: ", name);
		else
			buf_adds(out, "\r\n ");
		buf_addf(out, "<%.*s>", (int)len, id);
	}
	if (n > 0)
		buf_adds(out, "\r\n");
}
