/* SPDX-License-Identifier: ISC */
#include "intake/hide.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/message.h"

/* From, Sender, Reply-To: address, local part and name of each; and the
 * Return-Path's address and local part. */
#define MAX_SECRETS 11

struct secrets {
	const char *text[MAX_SECRETS];
	size_t len[MAX_SECRETS];
	size_t n;
};

static void
add(struct secrets *s, const char *text, size_t len)
{
	if (len == 0 || s->n == MAX_SECRETS)
		return;
	s->text[s->n] = text;
	s->len[s->n++] = len;
}

static void
add_address(struct secrets *s, const char *addr)
{
	const char *at = strrchr(addr, '@');
	size_t local = at != NULL ? (size_t)(at - addr) : 0;

	add(s, addr, strlen(addr));
	if (local >= 5)
		add(s, addr, local);
}

static bool
is_telling_name(const char *name)
{
	size_t bytes = strlen(name), chars = utf8_count(name, bytes);

	return chars < bytes ? chars >= 2 : chars >= 4;
}

static void
add_person(struct secrets *s, const struct mail_address *who)
{
	if (who->addr[0] != '\0')
		add_address(s, who->addr);
	if (is_telling_name(who->name))
		add(s, who->name, strlen(who->name));
}

static bool
same_here(const char *at, const char *end, const char *text, size_t len)
{
	if ((size_t)(end - at) < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char a = at[i], b = text[i];

		if (a >= 'A' && a <= 'Z')
			a = (char)(a + 32);
		if (b >= 'A' && b <= 'Z')
			b = (char)(b + 32);
		if (a != b)
			return false;
	}
	return true;
}

/* The longest secret that starts at `at`. */
static size_t
secret_at(const struct secrets *s, const char *at, const char *end)
{
	size_t longest = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->len[i] > longest &&
		    same_here(at, end, s->text[i], s->len[i]))
			longest = s->len[i];
	return longest;
}

void
intake_hide(const struct message *m, const char *text, struct buf *out)
{
	const char *end = text + strlen(text);
	const char *kept = text;
	struct secrets s = {.n = 0};
	size_t len;

	add_person(&s, &m->from);
	add_person(&s, &m->sender);
	add_person(&s, &m->reply_to);
	if (m->signs.return_path[0] != '\0')
		add_address(&s, m->signs.return_path);
	for (const char *at = text; at < end;) {
		len = secret_at(&s, at, end);
		if (len == 0) {
			at++;
			continue;
		}
		buf_add(out, kept, (size_t)(at - kept));
		buf_adds(out, HIDDEN_MARK);
		at += len;
		kept = at;
	}
	buf_add(out, kept, (size_t)(end - kept));
}
