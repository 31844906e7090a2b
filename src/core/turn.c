/* SPDX-License-Identifier: ISC */
#include "core/turn.h"

#include "base/err.h"
#include "conf/conf.h"
#include "core/take.h"
#include "store/work.h"

#define MONTH_S (30 * 86400L)

static int
turn_of(const struct take_context *c, int64_t clue, int64_t now_s,
    uint32_t *out, struct err *err)
{
	if (clue != 0)
		return store_turn(c->store, clue, out, err);
	*out = (uint32_t)(now_s / MONTH_S);
	return 0;
}

/* From the file, once. */
static int
load_key(const struct take_context *c, struct token_key *out, struct err *err)
{
	struct take_cache *cache = c->cache;

	if (cache != NULL && cache->has_key) {
		*out = cache->key;
		return 0;
	}
	if (token_key_load(c->conf, out, err) < 0)
		return -1;
	if (cache != NULL) {
		cache->key = *out;
		cache->has_key = true;
	}
	return 0;
}

int
turn_code(const struct take_context *c, int64_t clue,
    const struct person_conf *person, int64_t now_s, char out[TOKEN_SIZE],
    struct err *err)
{
	struct token_subject of = {.clue = clue, .person = person->id};
	struct token_key key;

	out[0] = '\0';
	if (clue == 0 && person->kind != PERSON_OFFICE)
		return 0;
	if (turn_of(c, clue, now_s, &of.turn, err) < 0 ||
	    load_key(c, &key, err) < 0)
		return -1;
	token_make(&key, &of, out);
	token_key_wipe(&key);
	return 0;
}

static bool
is_one(const struct token_key *key, const struct token_subject *of,
    const char (*codes)[TOKEN_SIZE], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (token_is(key, of, codes[i]))
			return true;
	return false;
}

int
turn_check(const struct take_context *c, int64_t clue,
    const struct person_conf *person, int64_t now_s,
    const char (*codes)[TOKEN_SIZE], size_t n, enum turn_verdict *out,
    struct err *err)
{
	struct token_subject of = {.clue = clue, .person = person->id};
	struct token_key key;
	uint32_t turn;
	bool now;

	*out = TURN_NONE;
	if (n == 0 || (clue == 0 && person->kind != PERSON_OFFICE))
		return 0;
	if (turn_of(c, clue, now_s, &turn, err) < 0 ||
	    load_key(c, &key, err) < 0)
		return -1;
	of.turn = turn;
	now = is_one(&key, &of, codes, n);
	if (!now && clue == 0) {
		of.turn = turn - 1;
		now = is_one(&key, &of, codes, n);
	}
	if (now)
		*out = TURN_NOW;
	for (of.turn = 0; !now && of.turn < turn && clue != 0; of.turn++)
		if (is_one(&key, &of, codes, n))
			*out = TURN_OVER;
	token_key_wipe(&key);
	return 0;
}
