/* SPDX-License-Identifier: ISC */
#include "core/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "conf/conf.h"
#include "core/direct.h"
#include "core/take.h"
#include "letter/letter.h"
#include "letter/token.h"
#include "parse/message.h"
#include "route/route.h"
#include "store/store.h"

#define NOTE "probe"
#define MARK "【系统自检 "
/* Words of the first domain that make the text a tip. */
#define WORDS 6

struct probe {
	struct store *store;
	struct direct *direct;
	int64_t sent_s; /* of the one that is with the sender */
};

/* -- rules -------------------------------------------------------------- */

bool
probe_is_lost(
    const struct probe_state *st, uint32_t within_min, int64_t now_s)
{
	if (st->sent_s == 0)
		return false;
	if (st->back_s != 0)
		return !st->placed;
	return now_s - st->sent_s > (int64_t)within_min * 60;
}

/* A clock that was set back sends one more, not none for long. */
bool
probe_is_due(const struct probe_state *st, uint32_t every_h,
    uint32_t within_min, int64_t now_s)
{
	int64_t age_s = now_s - st->sent_s;

	if (every_h == 0)
		return false;
	if (st->sent_s == 0 || age_s < 0)
		return true;
	/* The one before is waited for. */
	if (st->back_s == 0 && age_s <= (int64_t)within_min * 60)
		return false;
	return age_s >= (int64_t)every_h * 3600;
}

/* -- the note: "sent back placed" ---------------------------------------- */

int
probe_read(struct store *store, struct arena *a, struct probe_state *out,
    struct err *err)
{
	const char *note = "";
	long long sent_s = 0, back_s = 0;
	int placed = 0;

	*out = (struct probe_state){0};
	if (store_note_get(store, NOTE, a, &note, err) < 0)
		return -1;
	if (sscanf(note, "%lld %lld %d", &sent_s, &back_s, &placed) == 3)
		*out = (struct probe_state){sent_s, back_s, placed == 1};
	return 0;
}

static int
note(struct store *store, const struct probe_state *st, struct err *err)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%lld %lld %d",
	    (long long)st->sent_s, (long long)st->back_s, st->placed);
	return store_note_set(store, NOTE, text, err);
}

/* -- the mark -------------------------------------------------------------- */

static struct token_subject
subject_of(int64_t sent_s)
{
	/* No clue has this number, and no person this id. */
	return (struct token_subject){-sent_s, "@probe", 0};
}

/* 1 = a probe of ours, sent at *sent_s_out. */
static int
read_mark(const struct conf *conf, const char *subject, int64_t *sent_s_out,
    struct err *err)
{
	const char *at = strstr(subject, MARK), *end;
	size_t digits;
	struct token_subject of;
	struct token_key key;
	char code[TOKEN_SIZE];
	long long sent_s = 0;
	bool ours;

	if (at == NULL)
		return 0;
	at += strlen(MARK);
	digits = strspn(at, "0123456789");
	if (digits == 0 || digits > 12 || sscanf(at, "%lld", &sent_s) != 1 ||
	    sent_s <= 0 || !token_find(at + digits, code, &end))
		return 0;
	if (token_key_load(conf, &key, err) < 0)
		return -1;
	of = subject_of(sent_s);
	ours = token_is(&key, &of, code);
	token_key_wipe(&key);
	*sent_s_out = sent_s;
	return ours;
}

/* The first domain is the one that its own words must find. */
static int
place(const struct take_context *c, const struct message *m,
    struct arena *a, bool *placed_out, struct err *err)
{
	struct route_decision d;

	if (route_decide(c->route, m->subject, m->text, a, &d, err) < 0)
		return -1;
	*placed_out = d.domain == 0;
	return 0;
}

int
probe_take(const struct take_context *c, const struct message *m,
    int64_t now_s, struct arena *a, struct err *err)
{
	struct probe_state st;
	int64_t sent_s;
	int rc;

	if (strstr(m->subject, MARK) == NULL)
		return 0;
	rc = read_mark(c->conf, m->subject, &sent_s, err);
	if (rc <= 0)
		return rc;
	if (probe_read(c->store, a, &st, err) < 0)
		return -1;
	if (sent_s != st.sent_s || st.back_s != 0)
		return 1; /* an older one, or a copy in another folder */
	st.back_s = now_s;
	if (place(c, m, a, &st.placed, err) < 0 ||
	    note(c->store, &st, err) < 0)
		return -1;
	return 1;
}

/* -- sending --------------------------------------------------------------- */

static void
on_posted(void *arg, bool sent, const char *what)
{
	struct probe *p = arg;
	struct probe_state st = {.sent_s = p->sent_s};
	char words[LOG_WORDS];
	struct err err;

	log_line(sent ? LOG_LEVEL_INFO : LOG_LEVEL_WARN, "probe",
	    "sent=%d reply=\"%s\"", sent, log_words(what, words));
	/* One that did not even leave counts as sent: it will not come back,
	 * which is what has to be told. */
	if (!sent && note(p->store, &st, &err) < 0)
		log_err(LOG_LEVEL_ERROR, "probe-not-noted", &err, "");
}

static void
add_words(const struct conf *conf, struct buf *out)
{
	const struct domain_conf *d = &conf->rules.domains[0];
	size_t n = 0;

	buf_addf(out, "%s：", d->title);
	for (size_t i = 0; i < d->n_terms && n < WORDS; i++) {
		const struct term_conf *t = &d->terms[i];

		if (t->pattern[0] != '\0' || t->cancels || t->weight <= 0 ||
		    t->words[0][0] == '@')
			continue;
		for (size_t k = 0; k < t->n_words; k++)
			buf_addf(out, "%s，", t->words[k]);
		n++;
	}
	buf_adds(out, "本邮件由系统自动发出，用于检查收件是否正常，不计入"
		      "线索。\n");
}

/* Plain and small; the letter room writes to people of the roster only. */
static int
compose(const struct conf *conf, const struct smtp_conf *account,
    const char *to, int64_t sent_s, struct arena *a, struct buf *out,
    struct err *err)
{
	BUF_AUTO struct buf text = BUF_INIT;
	struct token_subject of = subject_of(sent_s);
	struct token_key key;
	char code[TOKEN_SIZE];
	struct letter_request r = {
	    .account = account,
	    .template_id = "probe",
	    .to_addr = to,
	    .to_name = "",
	    .message_id = letter_message_id(conf, a),
	    .in_reply_to = "",
	    .references = "",
	    .code = code,
	    .auto_submitted = "auto-generated",
	    .date_s = sent_s,
	};

	if (token_key_load(conf, &key, err) < 0)
		return -1;
	token_make(&key, &of, code);
	token_key_wipe(&key);
	add_words(conf, &text);
	const struct letter_field fields[] = {
	    {"number", arena_printf(a, "%lld", (long long)sent_s)},
	    {"text", buf_str(&text)},
	};
	if (r.message_id == NULL || fields[0].value == NULL || buf_bad(&text))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	r.fields = fields;
	r.n_fields = sizeof(fields) / sizeof(fields[0]);
	return letter_compose(conf, &r, out, err);
}

static int
post(struct probe *p, const struct conf *conf, int64_t now_s, struct arena *a,
    struct err *err)
{
	const struct smtp_conf *account =
	    conf->has_alarm_smtp ? &conf->alarm_smtp : &conf->smtp;
	const struct probe_state st = {.sent_s = now_s};
	const char *to = conf->mailboxes[0].address;
	BUF_AUTO struct buf bytes = BUF_INIT;

	if (compose(conf, account, to, now_s, a, &bytes, err) < 0)
		return -1;
	/* First, so that it is expected when it comes back at once. */
	if (note(p->store, &st, err) < 0)
		return -1;
	p->sent_s = now_s;
	return direct_post(
	    p->direct, conf, account, to, bytes.data, bytes.len, err);
}

int
probe_new(sd_event *event, struct store *store, struct probe **probe_out,
    struct err *err)
{
	struct probe *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	p->store = store;
	if (direct_new(event, on_posted, p, &p->direct, err) < 0) {
		free(p);
		return -1;
	}
	*probe_out = p;
	return 0;
}

void
probe_free(struct probe **probe)
{
	if (*probe == NULL)
		return;
	direct_free(&(*probe)->direct);
	free(*probe);
	*probe = NULL;
}

int
probe_step(struct probe *p, const struct conf *conf, int64_t now_s,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct probe_state st;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (conf->probe.every_h == 0 || direct_busy(p->direct))
		return 0;
	if (probe_read(p->store, a, &st, err) < 0)
		return -1;
	if (!probe_is_due(
		&st, conf->probe.every_h, conf->probe.within_min, now_s))
		return 0;
	if (post(p, conf, now_s, a, err) < 0)
		return err_at(err, "probe");
	return 0;
}
