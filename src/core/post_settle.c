/* SPDX-License-Identifier: ISC */
#include "core/post_inside.h"

#include "base/err.h"
#include "base/log.h"

static void
log_settled(const struct flight *f)
{
	const struct letter_record *l = &f->rec;
	char what[LOG_WORDS];

	if (f->untried)
		return;
	log_line(l->state == LETTER_SENT ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
	    "letter", "letter=%lld kind=%s to=%s state=%s reply=\"%s\"",
	    (long long)l->id, l->kind, l->to_person,
	    letter_state_name(l->state), log_words(l->result, what));
}

int
post_write_answered(struct post *p, int64_t now_s, struct err *err)
{
	for (size_t i = 0; i < p->n_answered; i++)
		if (outcome_write(&p->c, &p->window[i].rec, now_s,
			p->window[i].arena, err) < 0)
			return -1;
	return 0;
}

void
post_drop_settled(struct post *p)
{
	for (size_t i = 0; i < p->n_answered; i++)
		log_settled(&p->window[i]);
	post_drop_first(p, p->n_answered);
}

static int
write_alone(struct post *p, const struct letter_record *l, bool whole,
    int64_t now_s, struct arena *a, struct err *err)
{
	struct store *s = p->c.store;

	if (store_begin(s, err) < 0)
		return -1;
	if ((whole ? outcome_write(&p->c, l, now_s, a, err)
		   : store_letter_update(s, l, err)) < 0) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, err);
}

int
post_write_alone(struct post *p, const struct letter_record *l,
    int64_t now_s, struct arena *a, struct err *err)
{
	return write_alone(p, l, true, now_s, a, err);
}

bool
post_is_letters_fault(const struct err *err)
{
	return err->origin == ERR_OWN && err->kind != ERR_LATER;
}

int
post_settle_apart(struct post *p, int64_t now_s, struct err *err)
{
	struct flight *f = &p->window[0];

	while (p->n_answered > 0) {
		if (write_alone(p, &f->rec, true, now_s, f->arena, err) <
		    0) {
			if (!post_is_letters_fault(err))
				return -1;
			log_err(LOG_LEVEL_ERROR, "letter-not-settled", err,
			    "letter=%lld", (long long)f->rec.id);
			if (write_alone(p, &f->rec, false, now_s, f->arena,
				err) < 0)
				return -1;
		}
		log_settled(f);
		post_drop_first(p, 1);
	}
	return 0;
}
