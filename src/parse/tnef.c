/* SPDX-License-Identifier: ISC */
#include "parse/tnef.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <ytnef.h>

#include "base/buf.h"

/* Letters inside letters. */
#define MAX_DEPTH 3
/* Megabytes that the library may allocate for one attribute. */
#define MAX_ATTRIBUTE_MB 64
/* An embedded object begins with the identifier of its interface. */
#define OBJECT_ID_BYTES 16

static const unsigned char signature[4] = {0x78, 0x9f, 0x3e, 0x22};

struct reading {
	tnef_file_fn *fn;
	void *arg;
	struct tnef_text *text;
};

static bool
is_tnef(const void *data, size_t len)
{
	return len >= sizeof(signature) &&
	       memcmp(data, signature, sizeof(signature)) == 0;
}

/* The first of these properties that has a value; NULL if none has. */
static const variableLength *
find(Attachment *a, const unsigned *tags, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const variableLength *v = MAPIFindProperty(&a->MAPI, tags[i]);

		if (v != MAPI_UNDEFINED && v->data != NULL && v->size > 1)
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
	r->fn(r->arg, name->data != NULL ? (const char *)name->data : "",
	    name->data != NULL && name->size > 0
		? strnlen((const char *)name->data, (size_t)name->size)
		: 0,
	    charset[0] != '\0' ? charset : NULL, data, len);
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
	     i < sizeof(kinds) / sizeof(kinds[0]) &&
	     (v == MAPI_UNDEFINED || v->data == NULL || v->size <= 1);
	     i++) {
		v = MAPIFindProperty(&t->MapiProperties, kinds[i].tag);
		text->html = kinds[i].html;
	}
	if (v == MAPI_UNDEFINED || v->data == NULL || v->size <= 1)
		return;
	code_page(t, text->charset, sizeof(text->charset));
	buf_add(text->raw, v->data,
	    strnlen((const char *)v->data, (size_t)v->size));
}

static bool
read_tnef(const void *data, size_t len, struct reading *r, unsigned depth)
{
	/* TNEFInitialize() leaves some of it as it was. */
	TNEFStruct t = {0};
	int rc;

	TNEFInitialize(&t);
	t.attachmentSize = MAX_ATTRIBUTE_MB;
	/* The library does not write into its input. */
	rc = TNEFParseMemory((BYTE *)(uintptr_t)data, (long)len, &t);
	/* The list begins with an empty entry. */
	for (Attachment *a = t.starting_attach.next; a != NULL; a = a->next)
		give_file(&t, a, r, depth);
	if (depth == 0 && r->text != NULL)
		give_text(&t, r->text);
	TNEFFree(&t);
	return rc >= 0;
}

bool
tnef_read(const void *data, size_t len, tnef_file_fn *fn, void *arg,
    struct tnef_text *text)
{
	struct reading r = {fn, arg, text};

	if (!is_tnef(data, len) || len > INT32_MAX)
		return false;
	return read_tnef(data, len, &r, 0);
}
