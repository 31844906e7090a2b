/* SPDX-License-Identifier: ISC */
#include "core/tick.h"

#include "base/err.h"
#include "conf/conf.h"
#include "core/outcome.h"
#include "core/rounds.h"
#include "core/take.h"
#include "core/urge.h"
#include "store/store.h"

int
tick_due(const struct take_context *c, int64_t now_s, int64_t *last_s,
    int64_t *next_s_out, struct err *err)
{
	/* Longest that a server's refusal puts a letter off. */
	int64_t longest_s = (int64_t)c->conf->smtp.retry_most_s * 11 / 10 +
	    OUTCOME_REFUSED_MOST_S;
	int64_t rounds_s;

	/* At the start nobody knows how the clock stood before. */
	if (store_letters_pull(c->store, now_s,
		*last_s == 0 ? now_s + longest_s : INT64_MAX, now_s < *last_s,
		err) < 0)
		return -1;
	*last_s = now_s;
	if (store_deadline_next(c->store, next_s_out, err) < 0)
		return -1;
	if (*next_s_out != 0 && *next_s_out <= now_s) {
		if (urge_all_due(c, now_s, err) < 0)
			return err_at(err, "deadlines");
		if (store_deadline_next(c->store, next_s_out, err) < 0)
			return -1;
	}
	/* The sheet tells of what was urged: not before all of it was. */
	if (*next_s_out != 0 && *next_s_out <= now_s)
		return 0;
	if (rounds_step(c, now_s, &rounds_s, err) < 0)
		return -1;
	if (rounds_s != 0 && (*next_s_out == 0 || rounds_s < *next_s_out))
		*next_s_out = rounds_s;
	return 0;
}
