/* SPDX-License-Identifier: ISC */
#include "route/sound.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

#define FIRST_HAN 0x4e00
#define LAST_HAN 0x9fff
#define MOST_SOUNDS 512
#define SOUND_BYTES 8
#define MOST_CHARS 4
/* A name of Latin letters alone must not be met inside other words. */
#define LEAST_LETTERS 6

struct name {
	uint32_t index;
	size_t next, next_latin; /* of its chains, plus one; 0 = the last */
	uint32_t n;
	uint32_t han[MOST_CHARS];
	uint16_t sound[MOST_CHARS];
	char latin[MOST_CHARS * SOUND_BYTES]; /* all of it */
	size_t latin_len;
};

struct sounds {
	uint16_t of[LAST_HAN - FIRST_HAN + 1]; /* 0 = unknown */
	uint16_t alike[MOST_SOUNDS]; /* one for all that dialects confuse */
	char text[MOST_SOUNDS][SOUND_BYTES];
	size_t n_sounds;
	struct name *names;
	size_t n_names, size;
	/* Names by how they begin, so that a place asks no others: by what
	 * their first sound is like, and by its first letter.  Plus one. */
	size_t chains[MOST_SOUNDS], latin_chains[26];
};

/* 伍 and 陆 are digits in normal form, and surnames. */
static uint16_t
sound_of(const struct sounds *s, uint32_t cp)
{
	static const uint16_t digits[] = {0x96f6, 0x4e00, 0x4e8c, 0x4e09,
	    0x56db, 0x4f0d, 0x9646, 0x4e03, 0x516b, 0x4e5d};

	if (cp >= '0' && cp <= '9')
		cp = digits[cp - '0'];
	return cp >= FIRST_HAN && cp <= LAST_HAN ? s->of[cp - FIRST_HAN] : 0;
}

/* zhang → zan: how the sound is written when nothing is told apart. */
static void
blur(const char *sound, char out[SOUND_BYTES])
{
	size_t len = strlen(sound), n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = sound[i];

		if (i == 1 && c == 'h' && strchr("zcs", sound[0]) != NULL)
			continue;
		if (i > 1 && i == len - 1 && c == 'g' && sound[i - 1] == 'n')
			continue;
		if (i == 0 && c == 'l')
			c = 'n';
		if (i == 0 && c == 'f')
			c = 'h';
		out[n++] = c;
	}
	out[n] = '\0';
}

static void
find_alike(struct sounds *s)
{
	char mine[SOUND_BYTES], other[SOUND_BYTES];

	for (size_t i = 1; i <= s->n_sounds; i++) {
		blur(s->text[i], mine);
		for (size_t k = 1; k <= i; k++) {
			blur(s->text[k], other);
			if (strcmp(mine, other) == 0) {
				s->alike[i] = (uint16_t)k;
				break;
			}
		}
	}
}

static void
read_table(struct sounds *s)
{
	const char *p = sound_table, *end = p + strlen(p);
	uint32_t cp;
	size_t n;

	while (p < end) {
		n = strspn(p, "abcdefghijklmnopqrstuvwxyz");
		if (n > 0) {
			s->n_sounds++;
			memcpy(s->text[s->n_sounds], p, n);
			p += n;
		}
		p += utf8_next(p, end, &cp);
		s->of[cp - FIRST_HAN] = (uint16_t)s->n_sounds;
	}
}

int
sounds_new(struct sounds **out, struct err *err)
{
	struct sounds *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for sounds");
	read_table(s);
	find_alike(s);
	*out = s;
	return 0;
}

void
sounds_free(struct sounds **s)
{
	if (*s == NULL)
		return;
	free((*s)->names);
	free(*s);
	*s = NULL;
}

/* As surnames these are read in their own way. */
static uint16_t
surname_sound(const struct sounds *s, uint32_t cp)
{
	static const struct {
		uint32_t cp;
		const char *sound;
	} own[] = {{0x66fe, "zeng"}, {0x5355, "shan"}, {0x89e3, "xie"},
	    {0x4ec7, "qiu"}, {0x67e5, "zha"}, {0x533a, "ou"}, {0x76d6, "ge"},
	    {0x7f2a, "miao"}, {0x6734, "piao"}, {0x7fdf, "zhai"},
	    {0x8983, "qin"}, {0x4e50, "yue"}, {0x53ec, "shao"},
	    {0x5458, "yun"}, {0x8d3e, "jia"}, {0x6c88, "shen"}};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		for (size_t k = 1; own[i].cp == cp && k <= s->n_sounds; k++)
			if (strcmp(s->text[k], own[i].sound) == 0)
				return (uint16_t)k;
	return sound_of(s, cp);
}

static bool
read_name(const struct sounds *s, const char *text, bool own_surname,
    struct name *name)
{
	const char *p = text, *end = p + strlen(p);
	uint32_t cp;

	for (; p < end; name->n++) {
		uint16_t sound;
		size_t len;

		p += utf8_next(p, end, &cp);
		sound = name->n == 0 && own_surname ? surname_sound(s, cp)
						    : sound_of(s, cp);
		if (name->n == MOST_CHARS || sound == 0)
			return false;
		name->han[name->n] = cp;
		name->sound[name->n] = sound;
		len = strlen(s->text[sound]);
		memcpy(name->latin + name->latin_len, s->text[sound], len);
		name->latin_len += len;
	}
	return name->n >= 2;
}

static int
add_name(struct sounds *s, const struct name *name)
{
	size_t size = s->size == 0 ? 64 : s->size * 2;
	struct name *names, *at;

	if (s->n_names == s->size) {
		names = realloc(s->names, size * sizeof(*names));
		if (names == NULL)
			return -1;
		s->names = names;
		s->size = size;
	}
	at = &s->names[s->n_names++];
	*at = *name;
	at->next = s->chains[s->alike[name->sound[0]]];
	s->chains[s->alike[name->sound[0]]] = s->n_names;
	at->next_latin = s->latin_chains[name->latin[0] - 'a'];
	s->latin_chains[name->latin[0] - 'a'] = s->n_names;
	return 0;
}

/* 曾 is heard as zeng, and read as ceng. */
int
sounds_add(
    struct sounds *s, const char *text, uint32_t index, struct err *err)
{
	struct name heard = {.index = index}, read = {.index = index};

	if (!read_name(s, text, true, &heard))
		return 0;
	if (add_name(s, &heard) == 0 && read_name(s, text, false, &read) &&
	    (read.sound[0] == heard.sound[0] || add_name(s, &read) == 0))
		return 0;
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
	    "no memory for the sound of names");
}

/* -- finding --------------------------------------------------------------- */

/* What of a name was met so far. */
struct tally {
	uint32_t same;	/* characters as in the name */
	uint32_t alike; /* of a sound that is only alike */
	bool first_same;
	bool brief; /* a first letter for a whole character */
};

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
accepts(const struct name *name, const struct tally *t)
{
	if (t->same == 0 || t->same == name->n)
		return false;
	if (t->brief && !t->first_same)
		return false;
	return t->alike == 0 ||
	       (name->n > 2 && t->alike == 1 && t->same == name->n - 1);
}

/* The end of the k-th and all further characters of the name at p; NULL where
 * the text goes another way. */
static const char *meet(const struct sounds *s, const struct name *name,
    uint32_t k, const char *p, const char *end, struct tally t);

static const char *
meet_latin(const struct sounds *s, const struct name *name, uint32_t k,
    const char *p, const char *end, struct tally t)
{
	const char *sound = s->text[name->sound[k]], *to;
	size_t len = strlen(sound);

	if ((size_t)(end - p) >= len && memcmp(p, sound, len) == 0) {
		to = meet(s, name, k + 1, p + len, end, t);
		if (to != NULL)
			return to;
	}
	t.brief = true;
	if (p[0] != sound[0])
		return NULL;
	return meet(s, name, k + 1, p + 1, end, t);
}

static const char *
meet(const struct sounds *s, const struct name *name, uint32_t k,
    const char *p, const char *end, struct tally t)
{
	uint16_t sound;
	uint32_t cp;

	/* Letters end where the name ends. */
	if (k == name->n)
		return accepts(name, &t) &&
			       !(p < end && is_letter(p[-1]) && is_letter(*p))
			   ? p
			   : NULL;
	if (p >= end)
		return NULL;
	if (is_letter(*p))
		return meet_latin(s, name, k, p, end, t);
	p += utf8_next(p, end, &cp);
	sound = cp < 0x80 ? 0 : sound_of(s, cp); /* a number names nobody */
	if (cp == name->han[k]) {
		t.same++;
		t.first_same |= k == 0;
	} else if (sound == 0 || s->alike[sound] != s->alike[name->sound[k]]) {
		return NULL;
	} else if (sound != name->sound[k]) {
		t.alike++;
	}
	return meet(s, name, k + 1, p, end, t);
}

static const char *
meet_all_latin(const struct name *name, const char *p, const char *end)
{
	if (name->latin_len < LEAST_LETTERS ||
	    (size_t)(end - p) < name->latin_len ||
	    memcmp(p, name->latin, name->latin_len) != 0)
		return NULL;
	return p + name->latin_len;
}

static void
try_name(const struct sounds *s, const struct name *name, const char *text,
    const char *p, const char *end, sound_fn *fn, void *arg)
{
	const char *to =
	    is_letter(*p) ? meet_all_latin(name, p, end) : NULL;

	if (to == NULL)
		to = meet(s, name, 0, p, end, (struct tally){0});
	if (to != NULL)
		fn(arg,
		    &(struct sound_place){(uint32_t)(p - text),
			(uint32_t)(to - p), name->index});
}

void
sounds_find(const struct sounds *s, const char *text, size_t len,
    sound_fn *fn, void *arg)
{
	const char *p = text, *end = text + len;
	uint32_t cp;

	for (size_t n; p < end; p += n) {
		bool latin = is_letter(*p);
		uint16_t sound;
		size_t at;

		n = utf8_next(p, end, &cp);
		sound = latin ? 0 : sound_of(s, cp);
		if (!latin && sound == 0)
			continue;
		at = latin ? s->latin_chains[*p - 'a']
			   : s->chains[s->alike[sound]];
		for (; at != 0; at = latin ? s->names[at - 1].next_latin
					   : s->names[at - 1].next)
			try_name(s, &s->names[at - 1], text, p, end, fn, arg);
	}
}
