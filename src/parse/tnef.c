/* SPDX-License-Identifier: ISC */
#include "parse/tnef.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ytnef.h>

#include "base/buf.h"
#include "base/limits.h"
#include "parse/charset.h"
#include "parse/html.h"
#include "parse/rtf.h"

/* Letters inside letters. */
#define MAX_DEPTH 3
/* Megabytes that the library may allocate for one attribute. */
#define MAX_ATTRIBUTE_MB 64
/* Attributes, and files among them, that are given to the library: it looks
 * through all of its files at each one.  Outlook writes 20 and a few. */
#define MAX_ATTRIBUTES 20000
#define MAX_FILES 500
/* An embedded object begins with the identifier of its interface. */
#define OBJECT_ID_BYTES 16

static const unsigned char signature[4] = {0x78, 0x9f, 0x3e, 0x22};

struct reading {
	tnef_file_fn *fn;
	void *arg;
	struct tnef_text *text;
	size_t n_files;
};

static bool
is_tnef(const void *data, size_t len)
{
	return len >= sizeof(signature) &&
	       memcmp(data, signature, sizeof(signature)) == 0;
}

static bool
has_value(const variableLength *v)
{
	/* A property of no values is a null pointer. */
	return v != NULL && v != MAPI_UNDEFINED && v->data != NULL &&
	       v->size > 1;
}

/* The first of these properties that has a value; NULL if none has. */
static const variableLength *
find(Attachment *a, const unsigned *tags, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const variableLength *v = MAPIFindProperty(&a->MAPI, tags[i]);

		if (has_value(v))
			return v;
	}
	return NULL;
}

static const variableLength *
name_of(Attachment *a)
{
	static const unsigned tags[] = {PROP_TAG(PT_UNICODE, 0x3707),
	    PROP_TAG(PT_STRING8, 0x3707), PROP_TAG(PT_UNICODE, 0x3001),
	    PROP_TAG(PT_STRING8, 0x3001), PROP_TAG(PT_UNICODE, 0x3704),
	    PROP_TAG(PT_STRING8, 0x3704)};
	const variableLength *v = find(a, tags, sizeof(tags) / sizeof(tags[0]));

	return v != NULL ? v : &a->Title;
}

/* The code page that the sender's Outlook used for its strings. */
static void
code_page(const TNEFStruct *t, char *out, size_t size)
{
	unsigned page = 0;

	out[0] = '\0';
	if (t->CodePage.data != NULL && t->CodePage.size >= 4)
		page = t->CodePage.data[0] | (unsigned)t->CodePage.data[1] << 8;
	if (page == 65001)
		(void)snprintf(out, size, "utf-8");
	else if (page != 0)
		(void)snprintf(out, size, "cp%u", page);
}

static bool read_tnef(
    const void *data, size_t len, struct reading *r, unsigned depth);

static void
give_file(TNEFStruct *t, Attachment *a, struct reading *r, unsigned depth)
{
	static const unsigned objects[] = {
	    PROP_TAG(PT_OBJECT, 0x3701), PROP_TAG(PT_BINARY, 0x3701)};
	const variableLength *v = find(a, objects, 2), *name = name_of(a);
	const unsigned char *data;
	char charset[16];
	size_t len;

	if (v != NULL && (size_t)v->size > OBJECT_ID_BYTES) {
		data = v->data + OBJECT_ID_BYTES;
		len = (size_t)v->size - OBJECT_ID_BYTES;
	} else {
		data = a->FileData.data;
		len = a->FileData.size > 0 ? (size_t)a->FileData.size : 0;
	}
	if (data == NULL || len == 0)
		return;
	if (is_tnef(data, len) && depth < MAX_DEPTH) {
		(void)read_tnef(data, len, r, depth + 1);
		return;
	}
	code_page(t, charset, sizeof(charset));
	r->n_files++;
	r->fn(r->arg, name->data != NULL ? (const char *)name->data : "",
	    name->data != NULL && name->size > 0
		? strnlen((const char *)name->data, (size_t)name->size)
		: 0,
	    charset[0] != '\0' ? charset : NULL, data, len);
}

/* A body in compressed RTF, which is UTF-8 afterwards; false if there is none.
 */
static bool
give_rtf(TNEFStruct *t, struct tnef_text *text)
{
	const variableLength *v =
	    MAPIFindProperty(&t->MapiProperties, PROP_TAG(PT_BINARY, 0x1009));
	struct buf BUF_AUTO rtf = BUF_INIT;
	size_t before = text->raw->len;

	if (!has_value(v) || !rtf_unpack(v->data, (size_t)v->size, &rtf) ||
	    buf_bad(&rtf))
		return false;
	rtf_read(buf_str(&rtf), rtf.len, text->raw, &text->html);
	(void)snprintf(text->charset, sizeof(text->charset), "utf-8");
	return text->raw->len > before;
}

/* The letter's own text: plain if there is one. */
static void
give_text(TNEFStruct *t, struct tnef_text *text)
{
	static const struct {
		unsigned tag;
		bool html;
	} kinds[] = {{PROP_TAG(PT_UNICODE, 0x1000), false},
	    {PROP_TAG(PT_STRING8, 0x1000), false},
	    {PROP_TAG(PT_BINARY, 0x1013), true},
	    {PROP_TAG(PT_STRING8, 0x1013), true}};
	const variableLength *v = &t->body;

	text->html = false;
	for (size_t i = 0;
	     i < sizeof(kinds) / sizeof(kinds[0]) && !has_value(v); i++) {
		v = MAPIFindProperty(&t->MapiProperties, kinds[i].tag);
		text->html = kinds[i].html;
	}
	if (!has_value(v)) {
		(void)give_rtf(t, text);
		return;
	}
	code_page(t, text->charset, sizeof(text->charset));
	buf_add(text->raw, v->data,
	    strnlen((const char *)v->data, (size_t)v->size));
}

/* Appends bytes as UTF-8. */
static void
add_utf8(struct buf *out, const void *raw, size_t len, const char *charset)
{
	struct charset_result ignored;

	(void)charset_decode(
	    raw, len, charset[0] != '\0' ? charset : NULL, NULL, out, &ignored);
}

/* Subject and text of a letter inside. */
static void
give_inner(TNEFStruct *t, struct buf *out)
{
	struct buf BUF_AUTO raw = BUF_INIT;
	struct buf BUF_AUTO utf8 = BUF_INIT;
	struct tnef_text text = {.raw = &raw};
	bool cut;

	give_text(t, &text);
	if (text.charset[0] == '\0')
		code_page(t, text.charset, sizeof(text.charset));
	if (out->len > 0)
		buf_adds(out, "\n\n");
	if (t->subject.data != NULL && t->subject.size > 0) {
		add_utf8(out, t->subject.data,
		    strnlen(
			(const char *)t->subject.data, (size_t)t->subject.size),
		    text.charset);
		buf_adds(out, "\n\n");
	}
	add_utf8(&utf8, buf_str(&raw), raw.len, text.charset);
	if (buf_bad(&raw) || buf_bad(&utf8))
		out->bad = true;
	else if (!text.html)
		buf_add(out, utf8.data, utf8.len);
	else if (html_text(
		     utf8.data, utf8.len, MAX_TEXT_BYTES, NULL, out, &cut) < 0)
		out->bad = true;
}

static size_t
le32(const unsigned char *p)
{
	return p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 |
	       (size_t)p[3] << 24;
}

/* What is given to the library: attributes that are whole, not a flood of them,
 * with right checksums. */
struct bounded {
	unsigned char *copy; /* with mended checksums; NULL: none was wrong */
	size_t len;
	bool whole; /* nothing was left out or mended */
};

static bool
mend_sum(struct bounded *b, const unsigned char *p, size_t at, size_t size,
    size_t len)
{
	const unsigned char *data = p + at + 9, *have = data + size;
	unsigned sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += data[i];
	if (have[0] == (sum & 0xff) && have[1] == (sum >> 8 & 0xff))
		return true;
	b->whole = false;
	if (b->copy == NULL) {
		b->copy = malloc(len);
		if (b->copy == NULL)
			return false;
		memcpy(b->copy, p, len);
	}
	b->copy[at + 9 + size] = (unsigned char)sum;
	b->copy[at + 10 + size] = (unsigned char)(sum >> 8);
	return true;
}

static void
bound(const unsigned char *p, size_t len, struct bounded *b)
{
	size_t n_files = 0, size;

	/* Signature and key; what is shorter is the library's to refuse. */
	*b = (struct bounded){.len = len < 6 ? len : 6, .whole = true};
	for (int n = 0; n < MAX_ATTRIBUTES; n++) {
		/* Mailers leave garbage behind the last attribute. */
		if (b->len + 11 > len || (p[b->len] != 1 && p[b->len] != 2))
			return;
		size = le32(p + b->len + 5);
		if (size > len - b->len - 11)
			break;
		/* attAttachRenddata begins a file. */
		n_files += le32(p + b->len + 1) == 0x00069002;
		if (n_files > MAX_FILES || !mend_sum(b, p, b->len, size, len))
			break;
		b->len += 11 + size;
	}
	b->whole = false;
}

/* Files that the library does not see: their data stands in front of what it
 * takes for the beginning of one. */
static void
give_plain_files(const unsigned char *p, size_t len, struct reading *r)
{
	const unsigned char *data = NULL;
	size_t size = 0, n;

	for (size_t at = 6; at + 11 <= len; at += 11 + n) {
		size_t tag = le32(p + at + 1);

		n = le32(p + at + 5);
		if (tag == 0x0006800f) { /* attAttachData */
			data = p + at + 9;
			size = n;
		} else if (tag == 0x00018010 && data != NULL && size > 0) {
			r->n_files++; /* attAttachTitle */
			r->fn(r->arg, (const char *)p + at + 9,
			    strnlen((const char *)p + at + 9, n), NULL, data,
			    size);
			data = NULL;
		}
	}
}

static bool
read_tnef(const void *data, size_t len, struct reading *r, unsigned depth)
{
	/* TNEFInitialize() leaves some of it as it was. */
	TNEFStruct t = {0};
	struct bounded b;
	int rc;

	TNEFInitialize(&t);
	t.attachmentSize = MAX_ATTRIBUTE_MB;
	/* The library does not write into its input. */
	bound(data, len, &b);
	if (b.copy != NULL)
		data = b.copy;
	rc = TNEFParseMemory((BYTE *)(uintptr_t)data, (long)b.len, &t);
	/* The list begins with an empty entry. */
	for (Attachment *a = t.starting_attach.next; a != NULL; a = a->next)
		give_file(&t, a, r, depth);
	if (r->n_files == 0 && depth == 0)
		give_plain_files(data, b.len, r);
	if (depth == 0 && r->text != NULL)
		give_text(&t, r->text);
	if (depth > 0 && r->text != NULL && r->text->inner != NULL)
		give_inner(&t, r->text->inner);
	TNEFFree(&t);
	free(b.copy);
	return rc >= 0 && b.whole;
}

bool
tnef_read(const void *data, size_t len, tnef_file_fn *fn, void *arg,
    struct tnef_text *text)
{
	struct reading r = {fn, arg, text, 0};

	if (!is_tnef(data, len) || len > INT32_MAX)
		return false;
	return read_tnef(data, len, &r, 0);
}
