/* SPDX-License-Identifier: ISC */
#include "letter/parts.h"

#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "letter/draft.h"
#include "letter/letter.h"

/* Our boundary of the outer multipart: "=_mixed_" and 24 digits. */
#define MARK "\r\n--=_mixed_"
#define MARK_BYTES (sizeof(MARK) - 1 + 24)

static int
not_ours(struct err *err)
{
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "the stored letter is not as it was written");
}

/* The value of a quoted parameter in the part's headers, in the arena; NULL
 * when there is none. */
static char *
parameter(const char *head, size_t len, const char *name, struct arena *a)
{
	const char *at = memmem(head, len, name, strlen(name)), *end;

	if (at == NULL)
		return NULL;
	at += strlen(name);
	end = memchr(at, '"', len - (size_t)(at - head));
	return end == NULL ? NULL : arena_memdup(a, at, (size_t)(end - at));
}

/* The type behind "Content-Type: ". */
static char *
type_of(const char *head, size_t len, struct arena *a)
{
	static const char field[] = "Content-Type: ";
	const char *at = memmem(head, len, field, sizeof(field) - 1);
	size_t n = 0;

	if (at == NULL)
		return NULL;
	at += sizeof(field) - 1;
	while (at + n < head + len && at[n] != ';' && at[n] != '\r')
		n++;
	return arena_memdup(a, at, n);
}

/* One part between two boundaries, which begin with a line end: in front of an
 * empty body it is also the one that ends the headers. */
static int
read_part(const char *part, size_t len, struct arena *a,
    struct letter_attachment *out, struct err *err)
{
	const char *body = memmem(part, len + 2, "\r\n\r\n", 4);
	size_t head = body == NULL ? 0 : (size_t)(body - part), room, n;
	unsigned char *data;

	if (body == NULL)
		return not_ours(err);
	body += 4;
	n = len > head + 4 ? len - head - 4 : 0;
	room = n / 4 * 3 + 3;
	data = arena_alloc(a, room);
	out->name = parameter(part, head, "filename=\"", a);
	out->type = type_of(part, head, a);
	if (data == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (out->name == NULL || out->type == NULL ||
	    sodium_base642bin(data, room, body, n, "\r\n",
		&out->len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return not_ours(err);
	out->data = data;
	return 0;
}

static int
parts_of_draft(const void *bytes, size_t len, struct arena *a,
    struct letter_attachment **out, size_t *n_out, struct err *err)
{
	struct letter_attachment *list;
	struct draft d;

	if (draft_get(bytes, len, a, &d, err) < 0)
		return -1;
	list = arena_array(a, d.n_attachments, sizeof(*list));
	for (size_t i = 0; list != NULL && i < d.n_attachments; i++) {
		list[i] = d.attachments[i];
		list[i].data = arena_memdup(a, list[i].data, list[i].len);
		if (list[i].data == NULL)
			list = NULL;
	}
	if (list == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	*out = list;
	*n_out = d.n_attachments;
	return 0;
}

int
letter_parts(const void *bytes, size_t len, struct arena *a,
    struct letter_attachment **out, size_t *n_out, struct err *err)
{
	const char *end = (const char *)bytes + len, *at, *next;
	const char *first = memmem(bytes, len, MARK, sizeof(MARK) - 1);

	*n_out = 0;
	if (draft_is(bytes, len))
		return parts_of_draft(bytes, len, a, out, n_out, err);
	*out = arena_array(a, MAX_ATTACHMENTS, sizeof(**out));
	if (*out == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (first == NULL)
		return 0; /* a letter without attachments */
	/* Behind the texts' part. */
	at = first + MARK_BYTES;
	for (;;) {
		if (at > end || (next = memmem(at, (size_t)(end - at), MARK,
				     sizeof(MARK) - 1)) == NULL)
			return not_ours(err);
		if (at != first + MARK_BYTES) {
			if (*n_out == MAX_ATTACHMENTS)
				return not_ours(err);
			if (read_part(at, (size_t)(next - at), a,
				&(*out)[*n_out], err) < 0)
				return -1;
			(*n_out)++;
		}
		at = next + MARK_BYTES;
		if (end - at >= 2 && memcmp(at, "--", 2) == 0)
			return 0;
	}
}
