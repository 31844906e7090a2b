/* SPDX-License-Identifier: ISC */
#include "letter/letter.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"
#include "letter/draft.h"
#include "letter/expand.h"
#include "letter/header.h"
#include "letter/template.h"
#include "letter/token.h"

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

/* What a template finds behind a field's name. */
struct values {
	const struct conf *conf;
	const struct letter_request *request;
};

static const char *
value_of(const void *arg, int slot)
{
	const struct values *v = arg;
	const struct letter_request *r = v->request;

	for (size_t i = 0; i < r->n_fields; i++)
		if (strcmp(r->fields[i].name, slot_name((enum slot)slot)) == 0)
			return or_empty(r->fields[i].value);
	switch (slot) {
	case SLOT_OFFICER:
		return or_empty(r->to_name);
	case SLOT_OFFICE:
		return v->conf->office.name;
	case SLOT_PRIORITY:
		return r->priority ? LETTER_PRIORITY_MARK : "";
	case SLOT_REPLY_HELP:
		return letter_reply_help();
	default:
		return "";
	}
}

static const struct smtp_conf *
account_of(const struct conf *conf, const struct letter_request *r)
{
	return r->account != NULL ? r->account : &conf->smtp;
}

static bool
is_submission(const char *s)
{
	return strcmp(s, "auto-generated") == 0 ||
	    strcmp(s, "auto-replied") == 0;
}

static int
check_request(const struct conf *conf, const struct letter_request *r,
    struct err *err)
{
	const char *mail_from = account_of(conf, r)->mail_from;

	for (size_t i = 0; i < r->n_fields; i++)
		if (slot_by_name(r->fields[i].name,
		    strlen(r->fields[i].name)) < 0)
			return err_set(err, ERR_BUG, ERR_OWN, 0,
			    "no template has a field \"%s\"",
			    r->fields[i].name);
	if (!header_is_address(or_empty(r->to_addr)))
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "recipient \"%s\" is not an address of printable ASCII",
		    or_empty(r->to_addr));
	if (!header_is_address(mail_from))
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "smtp.mail_from \"%s\" is not an address of printable "
		    "ASCII", mail_from);
	if (!header_is_id(or_empty(r->message_id),
	    strlen(or_empty(r->message_id))))
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "\"%s\" is no Message-ID", or_empty(r->message_id));
	if (!is_submission(or_empty(r->auto_submitted)))
		return err_set(err, ERR_BUG, ERR_OWN, 0,
		    "Auto-Submitted \"%s\" is not ours",
		    or_empty(r->auto_submitted));
	return 0;
}

bool
letter_is_address(const char *address)
{
	return header_is_address(address);
}

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* Behind the subject, which gives way when it is long. */
static void
add_code(struct buf *subject, const char *code)
{
	size_t room = LETTER_SUBJECT_BYTES - strlen(code) - strlen("… []");

	if (*code == '\0')
		return;
	if (subject->len > room) {
		buf_cut(subject, utf8_cut(subject->data, subject->len, room));
		buf_adds(subject, "…");
	}
	buf_addf(subject, " [%s]", code);
}

/* Template and values → subject and lines. */
static int
fill_template(const struct conf *conf, const struct letter_request *r,
    struct arena *a, struct draft *d, struct err *err)
{
	BUF_AUTO struct buf subject = BUF_INIT;
	const struct template_conf *tc = conf_template(conf, r->template_id);
	struct values v = {conf, r};
	const struct template *t;

	if (tc == NULL)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "no template \"%s\"; add %s.txt to the templates",
		    r->template_id, r->template_id);
	t = tc->parsed;
	if (t == NULL && letter_read_template(tc->id, tc->text, tc->file, a,
			     &t, err) != 0)
		return -1;
	expand_subject(t, value_of, &v, &subject);
	add_code(&subject, or_empty(r->code));
	d->subject =
	    buf_bad(&subject) ? NULL : arena_strdup(a, buf_str(&subject));
	if (d->subject == NULL ||
	    expand_body(t, value_of, &v, a, &d->lines) != 0)
		return no_memory(err);
	return 0;
}

static int
make_draft(const struct conf *conf, const struct letter_request *r,
    struct arena *a, struct draft *d, struct err *err)
{
	const struct smtp_conf *account = account_of(conf, r);
	BUF_AUTO struct buf date = BUF_INIT;

	if (check_request(conf, r, err) != 0)
		return -1;
	*d = (struct draft){
	    .from_name = or_empty(account->from_name),
	    .from_addr = account->mail_from,
	    .to_name = or_empty(r->to_name),
	    .to_addr = r->to_addr,
	    .message_id = r->message_id,
	    .in_reply_to = or_empty(r->in_reply_to),
	    .references = or_empty(r->references),
	    .auto_submitted = r->auto_submitted,
	    .priority = r->priority,
	    .attachments = r->attachments,
	    .n_attachments = r->n_attachments,
	};
	header_date(&date, conf->zone, r->date_s);
	d->date = buf_bad(&date) ? NULL : arena_strdup(a, buf_str(&date));
	if (d->date == NULL)
		return no_memory(err);
	if (fill_template(conf, r, a, d, err) != 0)
		return -1;
	if (!draft_fits(d))
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "the letter would be longer than %lu bytes; leave "
		    "attachments out", MAX_LETTER_BYTES);
	return 0;
}

static int
write_letter(const struct conf *conf, const struct letter_request *r,
    void (*put)(struct buf *out, const struct draft *d), struct buf *out,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t start = out->len;
	struct draft d;

	if (r->template_id == NULL)
		return err_set(err, ERR_BUG, ERR_OWN, 0, "no template named");
	if (a == NULL)
		return no_memory(err);
	if (make_draft(conf, r, a, &d, err) != 0)
		return err_at(err, "letter %s", r->template_id);
	put(out, &d);
	if (!buf_bad(out))
		return 0;
	buf_cut(out, start);
	(void)no_memory(err);
	return err_at(err, "letter %s", r->template_id);
}

int
letter_draft(const struct conf *conf, const struct letter_request *r,
    struct buf *out, struct err *err)
{
	return write_letter(conf, r, draft_put, out, err);
}

int
letter_compose(const struct conf *conf, const struct letter_request *r,
    struct buf *out, struct err *err)
{
	return write_letter(conf, r, draft_to_mime, out, err);
}

int
letter_whole(
    const void *bytes, size_t len, struct buf *out, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t start = out->len;
	struct draft d;

	if (a == NULL)
		return no_memory(err);
	if (!draft_is(bytes, len)) {
		buf_add(out, bytes, len);
	} else {
		if (draft_get(bytes, len, a, &d, err) < 0)
			return -1;
		draft_to_mime(out, &d);
	}
	if (!buf_bad(out))
		return 0;
	buf_cut(out, start);
	return no_memory(err);
}

char *
letter_message_id(const struct conf *conf, struct arena *a)
{
	return token_message_id(conf, "", a);
}
