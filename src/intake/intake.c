/* SPDX-License-Identifier: ISC */
#include "intake/intake.h"

#include <stddef.h>
#include <string.h>

#include "intake/signs.h"
#include "parse/message.h"

/* What classify() answers while no rule has spoken. */
#define UNDECIDED KIND_COUNT

static const char *const kind_names[KIND_COUNT] = {
    [KIND_TIP] = "tip",
    [KIND_FOLLOWUP] = "followup",
    [KIND_REPLY] = "reply",
    [KIND_UNIT_REPORT] = "unit-report",
    [KIND_BOUNCE] = "bounce",
    [KIND_AUTO] = "auto",
    [KIND_LIST] = "list",
    [KIND_SPAM] = "suspected-spam",
    [KIND_EMPTY] = "empty",
    [KIND_QUERY] = "query",
};

struct facts {
	const struct message *m;
	const struct intake_facts *f;
	const char *why;
};

static enum mail_kind
say(struct facts *x, enum mail_kind kind, const char *why)
{
	x->why = why;
	return kind;
}

/* A report is believed when something besides its form says that a mail
 * system wrote it; people forward bounces too. */
static enum mail_kind
judge_report(struct facts *x)
{
	const struct mail_signs *s = &x->m->signs;
	bool machine = s->return_path_empty || sign_daemon_sender(x->m) ||
		       sign_auto_submitted(x->m) || x->f->own_letter != 0 ||
		       sign_no_reply_sender(x->m) ||
		       s->report_message_id[0] != '\0' ||
		       x->m->from.addr[0] == '\0';

	if (s->report == REPORT_DELIVERY && machine)
		return say(x, KIND_BOUNCE, "a delivery report");
	if (s->report == REPORT_DISPOSITION)
		return say(x, KIND_AUTO, "a read receipt");
	if (s->report == REPORT_FEEDBACK)
		return say(x, KIND_AUTO, "a provider's feedback report");
	return UNDECIDED;
}

/* Something tells of a tip although a header calls the mail automatic: web
 * forms and hotline systems send people's words so.  Answers to our letters
 * are never that. */
static bool
may_be_a_persons(const struct facts *x)
{
	return x->f->domain_word && x->f->own_letter == 0 &&
	       !x->f->own_sender && !sign_auto_subject(x->m) &&
	       strcmp(x->m->signs.auto_submitted, "auto-replied") != 0;
}

static enum mail_kind
judge_automatic(struct facts *x)
{
	const struct message *m = x->m;
	bool declared = sign_auto_submitted(m) ||
			strcmp(m->signs.precedence, "auto_reply") == 0;

	if (sign_own_program(m) || x->f->own_id)
		return say(x, KIND_AUTO,
		    x->f->own_sender ? "our own letter"
				     : "a letter of this program");
	if (sign_auto_subject(m))
		return say(x, KIND_AUTO, "the subject of an automatic answer");
	if (sign_receipt(m))
		return say(x, KIND_AUTO, "a read receipt in words");
	if (sign_challenge(m) && !x->f->domain_word)
		return say(x, KIND_AUTO, "asks whether we are a person");
	if (declared && !may_be_a_persons(x))
		return say(x, KIND_AUTO,
		    x->f->own_sender ? "our own letter"
				     : "declared as automatic (RFC 3834)");
	if (sign_daemon_sender(m) && !may_be_a_persons(x))
		return say(x, KIND_AUTO, "written by a mail system");
	if (m->signs.return_path_empty &&
	    (m->signs.auto_suppress || x->f->own_letter != 0))
		return say(x, KIND_AUTO, "empty return path in a thread");
	if (m->signs.auto_suppress && x->f->own_letter != 0 &&
	    x->f->person < 0 && !x->f->domain_word && sign_no_reply_sender(m))
		return say(x, KIND_AUTO, "answered by a program");
	if (sign_no_reply_sender(m) && !x->f->domain_word && !sign_plea(m))
		return say(x, KIND_AUTO, "the sender takes no answer");
	return UNDECIDED;
}

static enum mail_kind
judge_list(struct facts *x)
{
	const struct mail_signs *s = &x->m->signs;

	if (s->list_id[0] == '\0' || x->f->person >= 0 || x->f->unit >= 0 ||
	    (!s->list_unsubscribe && !sign_bulk(x->m)))
		return UNDECIDED;
	/* An office whose mailbox stands behind a group gets its tips through
	 * the group, too. */
	if (x->f->domain_word && sign_plea_text(x->m) && !s->list_unsubscribe)
		return UNDECIDED;
	return say(x, KIND_LIST, "a mailing list's headers");
}

static enum mail_kind
judge_colleague(struct facts *x)
{
	const struct message *m = x->m;

	if (x->f->unit >= 0 && x->f->unit_form)
		return say(x, KIND_UNIT_REPORT, "a unit's form is attached");
	if (x->f->unit >= 0 && x->f->own_clue == 0 && sign_report_name(m) &&
	    !(x->f->person >= 0 && sign_command(m)))
		return say(x, KIND_UNIT_REPORT, "a unit's report by its name");
	if (x->f->person < 0)
		return UNDECIDED;
	if (x->f->own_letter != 0)
		return say(x, KIND_REPLY, "answers a letter of ours");
	if (sign_command(m))
		return say(x, KIND_REPLY, "begins with a command");
	if (sign_answers(m))
		return say(x, KIND_REPLY, "the subject answers a letter");
	return UNDECIDED;
}

static bool
is_empty(const struct message *m)
{
	return !sign_has_text(m->text) && m->n_attachments == 0 &&
	       (m->defects & (DEFECT_OVERSIZE | DEFECT_STRUCTURE |
				 DEFECT_CHARSET_LOST)) == 0;
}

static enum mail_kind
judge_citizen(struct facts *x)
{
	const struct message *m = x->m;
	bool empty = is_empty(m);

	if (x->f->question && x->f->person < 0)
		return say(x, KIND_QUERY, "asks how a clue stands");
	if (x->f->own_clue != 0 && x->f->person < 0 && !empty)
		return say(x, KIND_FOLLOWUP, "answers a letter on a clue");
	if (x->f->joins && x->f->person < 0 && !empty)
		return say(x, KIND_FOLLOWUP, "names a clue and its code");
	if (empty && !sign_has_subject(m) && !sign_has_text(m->quoted))
		return say(x, KIND_EMPTY, "no text and no attachment");
	if (empty && x->f->own_letter != 0)
		return say(x, KIND_EMPTY, "an answer without a word");
	if ((x->f->junk || m->signs.spam_verdict) && x->f->person < 0 &&
	    x->f->unit < 0 && x->f->own_letter == 0 && !x->f->domain_word &&
	    !sign_plea(m))
		return say(x, KIND_SPAM,
		    m->signs.spam_verdict ? "the provider calls it spam"
					  : "from the junk folder");
	return UNDECIDED;
}

enum mail_kind
intake_classify(const struct message *m, const struct intake_facts *facts,
    const char **why_out)
{
	enum mail_kind (*const judges[])(struct facts *) = {judge_report,
	    judge_automatic, judge_list, judge_colleague, judge_citizen};
	struct facts x = {m, facts, ""};
	enum mail_kind kind = UNDECIDED;

	for (size_t i = 0;
	     i < sizeof(judges) / sizeof(*judges) && kind == UNDECIDED; i++)
		kind = judges[i](&x);
	if (kind == UNDECIDED)
		kind = say(&x, KIND_TIP,
		    facts->person >= 0 ? "a colleague's mail of its own"
				       : "nothing says that it is not");
	*why_out = x.why;
	return kind;
}

const char *
intake_kind_name(enum mail_kind kind)
{
	return kind < KIND_COUNT ? kind_names[kind] : "";
}

int
intake_kind_by_name(const char *name)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (strcmp(kind_names[i], name) == 0)
			return i;
	return -1;
}

bool
intake_may_answer(const struct message *m)
{
	const struct mail_signs *s = &m->signs;

	return m->from.addr[0] != '\0' && !s->return_path_empty &&
	       !sign_auto_submitted(m) && !sign_bulk(m) &&
	       strcmp(s->precedence, "auto_reply") != 0 &&
	       s->list_id[0] == '\0' && !s->list_unsubscribe &&
	       !s->auto_suppress && s->report == REPORT_NONE &&
	       !s->spam_verdict && !sign_daemon_sender(m) &&
	       !sign_no_reply_sender(m) && !sign_auto_subject(m) &&
	       !sign_receipt(m) && !sign_challenge(m);
}
