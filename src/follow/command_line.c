/* SPDX-License-Identifier: ISC */
#include "follow/command_line.h"

#include <string.h>

#include "base/arena.h"
#include "base/fold.h"
#include "base/str.h"
#include "follow/command_words.h"

bool
line_at(const struct reading *r, size_t i, const char *word)
{
	return strncmp(r->f->s + i, word, strlen(word)) == 0;
}

size_t
line_match(const struct reading *r, size_t i, const char *const *list)
{
	size_t longest = 0;

	for (; *list != NULL; list++)
		if (line_at(r, i, *list) && strlen(*list) > longest)
			longest = strlen(*list);
	return longest;
}

size_t
line_one_of(const struct reading *r, size_t i, const char *set)
{
	const char *end = set + strlen(set);
	uint32_t cp;
	size_t n;

	for (; set < end; set += n) {
		n = utf8_next(set, end, &cp);
		if (strncmp(r->f->s + i, set, n) == 0)
			return n;
	}
	return 0;
}

size_t
line_skip(const struct reading *r, size_t i, size_t e, const char *set)
{
	size_t n;

	while (i < e && (n = line_one_of(r, i, set)) > 0)
		i += n;
	return i;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Bytes of `word` at i with single blanks between its characters ("签 收");
 * an English word ends where it ends. */
static size_t
word_at(const struct reading *r, size_t i, const char *word)
{
	size_t k = i, n;
	const char *w = word, *end = word + strlen(word);
	uint32_t cp;

	for (; w < end; w += n, k += n) {
		n = utf8_next(w, end, &cp);
		if (k > i && (unsigned char)*w >= 0x80 && r->f->s[k] == ' ')
			k++;
		if (strncmp(r->f->s + k, w, n) != 0)
			return 0;
	}
	return is_letter(end[-1]) && is_letter(r->f->s[k]) ? 0 : k - i;
}

int
line_verb_at(const struct reading *r, size_t i, size_t *len_out)
{
	int found = -1;
	size_t n;

	*len_out = 0;
	for (int v = 0; v < VERB_COUNT; v++)
		for (const char *const *w = command_words[v].aliases;
		     *w != NULL; w++) {
			n = word_at(r, i, *w);
			if (n > *len_out) {
				*len_out = n;
				found = v;
			}
		}
	return found;
}

size_t
command_number_at(const char *s)
{
	size_t n = 0, digits;

	while (n < 8 &&
	       ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z')))
		n++;
	if (n == 0 || strncmp(s + n, "-20", 3) != 0 ||
	    strspn(s + n + 1, "0123456789") != 4 || s[n + 5] != '-')
		return 0;
	digits = strspn(s + n + 6, "0123456789");
	return digits >= 3 && digits <= 12 ? n + 6 + digits : 0;
}

bool
line_has(const struct reading *r, size_t b, size_t e, const char *const *words)
{
	for (size_t i = b; i < e; i++)
		if (line_match(r, i, words) > 0)
			return true;
	return false;
}

size_t
line_picture_at(const struct reading *r, size_t i, size_t e)
{
	uint32_t cp;
	size_t n = utf8_next(r->f->s + i, r->f->s + e, &cp);

	return cp >= 0x1F000 || (cp >= 0x2300 && cp < 0x2C00) || cp == 0xFE0F ||
		       cp == 0x200D || cp == 0x20E3
		   ? n
		   : 0;
}

char *
line_copy(struct reading *r, size_t b, size_t e)
{
	char *s = arena_memdup(
	    r->arena, r->original + r->f->at[b], r->f->at[e] - r->f->at[b]);

	if (s == NULL) {
		r->no_memory = true;
		return arena_strdup(r->arena, "");
	}
	return str_trim(s);
}

static const char *
copy_number(struct reading *r, size_t b, size_t n)
{
	char *s = arena_memdup(r->arena, r->f->s + b, n);

	if (s == NULL) {
		r->no_memory = true;
		return "";
	}
	for (char *p = s; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 32);
	return s;
}

size_t
line_take_number(struct reading *r, size_t i, const char **out)
{
	size_t n = command_number_at(r->f->s + i);

	if (n > 0)
		*out = copy_number(r, i, n);
	return n;
}
