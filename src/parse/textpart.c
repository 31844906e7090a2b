/* SPDX-License-Identifier: ISC */
#include "parse/textpart.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "parse/cloud.h"
#include "parse/decode.h"
#include "parse/html.h"
#include "parse/params.h"
#include "parse/text.h"

/* Bytes of one text part that are decoded: HTML is mostly markup. */
#define MAX_TEXT_RAW (16UL << 20)

bool
textpart_is_html(const struct part *p)
{
	/* The rich text of RFC 1896 has tags too. */
	return part_is(p, "text/html") || part_is(p, "text/enriched") ||
	       part_is(p, "text/richtext") ||
	       part_is(p, "application/xhtml+xml");
}

bool
textpart_has_name(const struct part *p)
{
	return (p->raw_disposition != NULL &&
		   str_icontains(p->raw_disposition, "filename") != NULL) ||
	       (p->raw_type != NULL &&
		   str_icontains(p->raw_type, "name") != NULL);
}

bool
textpart_is_readable(const struct part *p)
{
	static const char *const others[] = {"text/calendar", "text/vcard",
	    "text/x-vcard", "text/directory", "text/rfc822-headers",
	    "text/x-amp-html", "text/rtf", "text/css", "text/xml", "text/csv",
	    "text/javascript", "text/x-pgp-signature"};

	if (p->kind != PART_LEAF || p->attached)
		return false;
	if (part_is(p, "text/plain") || textpart_is_html(p))
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (part_is(p, others[i]))
			return false;
	}
	return part_is(p, "text/") || part_is(p, "message/partial");
}

/* The value of a Content-Type parameter into out; "" if there is none. */
static int
type_param(const struct part *p, const char *name, char *out, size_t size)
{
	struct buf BUF_AUTO b = BUF_INIT;
	struct charset_result ignored = {0};

	out[0] = '\0';
	if (p->raw_type == NULL)
		return 0;
	if (params_find(p->raw_type, strlen(p->raw_type), name, NULL, size - 1,
		&b, &ignored) < 0)
		return -1;
	memcpy(out, buf_str(&b), b.len);
	out[b.len] = '\0';
	return 0;
}

/* Raw bytes → UTF-8, the charset by the part's label or the document's own. */
static int
to_utf8(struct decode *d, const struct part *p, const char *raw, size_t len,
    struct buf *out, struct charset_result *r)
{
	struct charset_hint hint = decode_hint(d);
	char label[80];

	if (type_param(p, "charset", label, sizeof(label)) < 0)
		return -1;
	if (label[0] == '\0' && textpart_is_html(p))
		(void)html_meta_charset(raw, len, label, sizeof(label));
	return charset_decode(
	    raw, len, label[0] != '\0' ? label : NULL, &hint, out, r);
}

static void
on_link(void *arg, const char *url, const char *text)
{
	struct decode *d = arg;

	/* Out of memory here only costs the link; the text will notice. */
	(void)cloud_add_link(d, url, text);
}

/* UTF-8 of a part → tidy text. */
static int
to_text(struct decode *d, const struct part *p, const struct buf *utf8,
    struct part_text *out)
{
	struct html_options options = {on_link, d};
	struct buf BUF_AUTO tidy = BUF_INIT;
	char format[16], delsp[8];

	if (textpart_is_html(p))
		return html_text(buf_str(utf8), utf8->len, MAX_TEXT_BYTES,
		    &options, &out->text, &out->cut);
	if (type_param(p, "format", format, sizeof(format)) < 0 ||
	    type_param(p, "delsp", delsp, sizeof(delsp)) < 0)
		return -1;
	if (!str_ieq(format, "flowed"))
		return text_tidy(buf_str(utf8), utf8->len, MAX_TEXT_BYTES,
		    &out->text, &out->cut);
	if (text_tidy(
		buf_str(utf8), utf8->len, MAX_TEXT_BYTES, &tidy, &out->cut) < 0)
		return -1;
	return text_unflow(
	    buf_str(&tidy), tidy.len, str_ieq(delsp, "yes"), &out->text);
}

/* Leaves the uuencoded files out; the attachments' pass takes them. */
static bool
cut_uu(const char *raw, size_t len, struct buf *out)
{
	struct uu_file f;
	size_t at = 0;

	if (memmem(raw, len, "begin ", 6) == NULL ||
	    !transfer_find_uu(raw, len, 0, &f))
		return false;
	do {
		buf_add(out, raw + at, f.begin - at);
		at = f.end;
	} while (transfer_find_uu(raw, len, at, &f));
	buf_add(out, raw + at, len - at);
	return true;
}

/* Bytes that somebody wrote: no control characters, and one of the charsets
 * that do not decode just anything. */
static bool
is_text(const struct buf *b)
{
	struct buf BUF_AUTO utf8 = BUF_INIT;
	struct charset_result r = {0};

	for (size_t i = 0; i < b->len; i++) {
		unsigned char c = (unsigned char)b->data[i];

		if (c == 0x7f ||
		    (c < ' ' && c != '\t' && c != '\n' && c != '\r'))
			return false;
	}
	return b->len > 0 &&
	       charset_decode(b->data, b->len, NULL, NULL, &utf8, &r) == 0 &&
	       !r.lost &&
	       (strcmp(r.charset, "utf-8") == 0 ||
		   strcmp(r.charset, "us-ascii") == 0 ||
		   strcmp(r.charset, "gb18030") == 0 ||
		   strcmp(r.charset, "big5-hkscs") == 0);
}

/* Undoes the encoding that a text really has, which some mailers forget to name
 * and others name without using it.  Returns false when it has none. */
static bool
decode_raw(const struct part *p, const char *raw, size_t len, struct buf *own)
{
	bool damaged = false;

	switch (p->encoding) {
	case ENC_BASE64:
		if (!transfer_may_be_base64(raw, len))
			return false;
		break;
	case ENC_IDENTITY:
		if (!transfer_must_be_base64(raw, len))
			return false;
		transfer_decode(ENC_BASE64, raw, len, own, &damaged);
		if (!damaged && !buf_bad(own) && is_text(own))
			return true;
		buf_clear(own);
		return false;
	case ENC_QP:
		break;
	default:
		return false; /* cut_uu() finds what is in it */
	}
	transfer_decode(p->encoding, raw, len, own, &damaged);
	return true;
}

/* The raw bytes of a text part, cut to what is worth reading. */
static int
raw_text(struct decode *d, size_t i, struct buf *own, const char **raw,
    size_t *len, bool *cut)
{
	const struct part *p = &d->mime->parts[i];
	struct buf BUF_AUTO plain = BUF_INIT;

	*raw = p->body;
	*len = p->body_len < MAX_TEXT_RAW ? p->body_len : MAX_TEXT_RAW;
	*cut |= *len < p->body_len;
	if (decode_raw(p, *raw, *len, own)) {
		*raw = buf_str(own);
		*len = own->len;
	}
	if (!textpart_is_html(p) && cut_uu(*raw, *len, &plain)) {
		d->use[i] |= USE_UU;
		buf_clear(own);
		buf_add(own, buf_str(&plain), plain.len);
		*raw = buf_str(own);
		*len = own->len;
	}
	return buf_bad(own) || buf_bad(&plain) ? -1 : 0;
}

int
textpart_decode(struct decode *d, size_t i, struct part_text *out)
{
	const struct part *p = &d->mime->parts[i];
	struct buf BUF_AUTO own = BUF_INIT;
	struct buf BUF_AUTO utf8 = BUF_INIT;
	const char *raw;
	size_t len;

	*out = (struct part_text){.text = BUF_INIT};
	if (raw_text(d, i, &own, &raw, &len, &out->cut) < 0 ||
	    to_utf8(d, p, raw, len, &utf8, &out->charset) < 0 ||
	    to_text(d, p, &utf8, out) < 0)
		return -1;
	/* HTML has told its links while it became text; bare ones are left. */
	return cloud_scan_text(d, buf_str(&out->text), out->text.len);
}

int
textpart_find_links(struct decode *d, size_t i)
{
	struct buf BUF_AUTO own = BUF_INIT;
	struct part_text ignored;
	const char *raw;
	size_t len;
	bool cut = false;
	int rc;

	if (raw_text(d, i, &own, &raw, &len, &cut) < 0)
		return -1;
	if (!cloud_likely(raw, len))
		return 0;
	rc = textpart_decode(d, i, &ignored);
	buf_done(&ignored.text);
	return rc;
}
