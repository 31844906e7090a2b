/* SPDX-License-Identifier: ISC */
#include "parse/message.h"

#include "base/arena.h"

static const struct mail_address nobody = {"", ""};

static void
fill_signs(struct mail_signs *s)
{
	s->return_path = s->auto_submitted = s->precedence = s->list_id = "";
	s->spam_why = s->auth_results = s->mailer = "";
	s->report_status = s->report_action = s->report_recipient = "";
	s->report_message_id = s->report_diagnostic = "";
}

struct message *
message_new(void)
{
	struct arena *arena = arena_new();
	struct message *m =
	    arena != NULL ? arena_alloc(arena, sizeof(*m)) : NULL;

	if (m == NULL) {
		arena_free(&arena);
		return NULL;
	}
	m->arena = arena;
	m->from = m->sender = m->reply_to = nobody;
	m->subject = m->message_id = m->in_reply_to = "";
	m->text = m->quoted = m->signature = "";
	m->charset = m->lost = "";
	fill_signs(&m->signs);
	return m;
}

void
message_free(struct message **m)
{
	struct arena *arena;

	if (m == NULL || *m == NULL)
		return;
	/* The message lies in its own arena. */
	arena = (*m)->arena;
	*m = NULL;
	arena_free(&arena);
}
