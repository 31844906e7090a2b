/* SPDX-License-Identifier: ISC */
#ifndef CORE_OBEY_WHO_H
#define CORE_OBEY_WHO_H

#include <stdbool.h>

#include "core/obey.h"
#include "follow/command.h"
#include "store/store.h"

/* Who may command by a mail; used by obey.c alone. */

enum obey_refusal {
	OBEY_YES,
	OBEY_AUTOMATIC, /* a program sent it */
	OBEY_UNVOUCHED, /* the provider does not vouch for its author */
	OBEY_REPLAYED,	/* the same mail was taken before */
	OBEY_NO_CODE,	/* none of ours to this person about this clue */
	OBEY_OVER,	/* of an earlier turn */
	OBEY_NOT_HIS,	/* a right code, but the clue is not with him */
};
const char *obey_refusal_name(enum obey_refusal r); /* for the ledger */

struct obey_who {
	enum obey_refusal refusal;
	enum command_by by;
	bool of_none;		 /* the office, about no clue in particular */
	struct clue_record clue; /* that the code, or else the mail, means;
				  * id 0 = none */
};
int obey_who(const struct take_context *c, const struct obey_input *in,
    struct arena *a, struct obey_who *out, struct err *err);

/* Whether the clue is this person's to work on now. */
int obey_is_his(const struct take_context *c, const struct clue_record *clue,
    int person, int64_t now_s, struct arena *a, bool *out, struct err *err);

#endif
