/* SPDX-License-Identifier: ISC */
#include "ctl/shelf.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "core/shelf.h"
#include "core/take.h"
#include "ctl/decode.h"
#include "ctl/file.h"
#include "parse/message.h"
#include "store/store.h"

/* Rows of a list without --all, and their subjects' width. */
#define LIST_MAX 50
#define SUBJECT_COLUMNS 40
/* Raw bytes that `show --raw` prints. */
#define RAW_MAX (1UL << 20)

struct work {
	struct ctl *ctl;
	const struct shelf_view *view;
	struct arena *a;
	struct decoder *decoder; /* NULL until needed */
	const char *kind, *subject, *text;
	bool all, raw;
	struct err err;
};

/* ---- messages ----------------------------------------------------------- */

/* 1 = decoded, 0 = the parser refuses it (w->err), -1 (likewise). */
static int
decode(struct work *w, int64_t message, struct message **out)
{
	*out = NULL;
	if (w->decoder == NULL &&
	    decoder_new(w->ctl->store, false, &w->decoder, &w->err) < 0)
		return -1;
	return decoder_run(w->decoder, message, out, &w->err);
}

static bool
is_shown(const struct work *w, const char *kind)
{
	if (w->view->quarantine != (strcmp(kind, "quarantine") == 0))
		return false;
	return w->kind == NULL || strcmp(w->kind, kind) == 0;
}

/* 1 = there and of this command's kind; says so otherwise. */
static int
find(struct work *w, const char *arg, struct stored_message *m)
{
	int64_t id;
	int rc = 0;

	if (str_int64(arg, 1, INT64_MAX, &id) == 0)
		rc = store_message_by_id(w->ctl->store, id, w->a, m, &w->err);
	if (rc == 1 && is_shown(w, m->record.kind) && shelf_holds(m))
		return 1;
	if (rc >= 0)
		(void)fprintf(stderr,
		    "cluectl: no such message waits here; `cluectl %s list` "
		    "shows them\n",
		    w->view->me->name);
	return rc < 0 ? -1 : 0;
}

/* ---- list --------------------------------------------------------------- */

static void
add_json(struct buf *b, const struct stored_message *m)
{
	buf_addf(b, "{\"id\":%lld,\"kind\":", (long long)m->id);
	json_add_cstr(b, m->record.kind);
	buf_adds(b, ",\"why\":");
	json_add_cstr(b, m->record.why);
	buf_adds(b, ",\"channel\":");
	json_add_cstr(b, m->record.channel);
	buf_adds(b, ",\"received\":");
	ctl_json_time(b, m->record.received_s);
	buf_addf(b, ",\"bytes\":%llu",
	    (unsigned long long)m->record.size_bytes);
}

/* The subject, decoded anew; "" where it cannot be. */
static const char *
subject_of(struct work *w, const struct stored_message *m)
{
	MESSAGE_AUTO struct message *d = NULL;
	const char *copy;

	if (w->view->quarantine || decode(w, m->id, &d) != 1)
		return "";
	copy = arena_strdup(w->a, d->subject);
	return copy != NULL ? copy : "";
}

static void
print_json(struct work *w, const struct stored_message *list, size_t n)
{
	BUF_AUTO struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		add_json(&b, &list[i]);
		if (!w->view->quarantine) {
			buf_adds(&b, ",\"subject\":");
			json_add_cstr(&b, subject_of(w, &list[i]));
		}
		buf_adds(&b, "}\n");
	}
	ctl_out(&b);
}

static void
print_table(struct work *w, const struct stored_message *list, size_t n)
{
	static const char *const heads[] = {
	    "ID", "收到时间", "类别", "字节", "原因", "主题"};
	static const size_t most[] = {0, 0, 0, 0, 50, SUBJECT_COLUMNS};
	BUF_AUTO struct buf b = BUF_INIT;
	struct table t;

	table_init(&t, heads, most, w->view->quarantine ? 5 : 6);
	for (size_t i = 0; i < n; i++) {
		const struct message_record *r = &list[i].record;
		char id[24], when[20], bytes[24];
		const char *cells[] = {id,
		    ctl_time(w->ctl, r->received_s, when), r->kind, bytes,
		    r->why, subject_of(w, &list[i])};

		(void)snprintf(
		    id, sizeof(id), "%lld", (long long)list[i].id);
		(void)snprintf(bytes, sizeof(bytes), "%llu",
		    (unsigned long long)r->size_bytes);
		(void)table_add(&t, cells);
	}
	table_print(&t, w->ctl->color, &b);
	table_done(&t);
	ctl_out(&b);
}

/* All messages of the kinds shown, those that made a clue left out. */
static int
gather(struct work *w, struct stored_message **out, size_t *n_out)
{
	const char *const one[] = {w->kind, NULL};
	const char *const *kinds = w->kind != NULL ? one : w->view->kinds;
	BUF_AUTO struct buf all = BUF_INIT;

	for (; *kinds != NULL; kinds++) {
		struct stored_message *list;
		size_t n;

		if (store_messages_of_kind(w->ctl->store, *kinds,
			w->all ? 0 : LIST_MAX, w->a, &list, &n, &w->err) < 0)
			return -1;
		for (size_t i = 0; i < n; i++)
			if (shelf_holds(&list[i]))
				buf_add(&all, &list[i], sizeof(list[i]));
	}
	*n_out = all.len / sizeof(**out);
	*out = arena_array(w->a, *n_out + 1, sizeof(**out));
	if (*out == NULL || buf_bad(&all))
		return err_set(
		    &w->err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (all.len > 0)
		memcpy(*out, all.data, all.len);
	return 0;
}

static int
list(struct work *w)
{
	struct stored_message *list;
	size_t n;

	if (gather(w, &list, &n) < 0)
		return ctl_fail(&w->err);
	if (w->ctl->json)
		print_json(w, list, n);
	else if (n > 0)
		print_table(w, list, n);
	else
		(void)fputs("cluectl: nothing waits here\n", stderr);
	return n > 0 ? CTL_OK : CTL_FINDING;
}

/* ---- show --------------------------------------------------------------- */

static int
show_raw(struct work *w, const struct stored_message *m)
{
	const struct take_context c = {
	    .conf = w->ctl->conf,
	    .route = w->ctl->route,
	    .store = w->ctl->store};
	BUF_AUTO struct buf b = BUF_INIT;
	char actor[64];
	void *raw;
	size_t len;

	if (store_message_raw(w->ctl->store, m->id, &raw, &len, &w->err) < 0)
		return ctl_fail(&w->err);
	str_add_printable(&b, raw, len < RAW_MAX ? len : RAW_MAX, true);
	free(raw);
	if (shelf_seen(&c, m->id, ctl_actor(actor, sizeof(actor)),
		clock_now_s(), w->a, &w->err) < 0)
		return ctl_fail(&w->err);
	buf_addc(&b, '\n');
	ctl_out(&b);
	return CTL_OK;
}

static void
add_decoded_json(struct buf *b, const struct message *d)
{
	buf_adds(b, ",\"subject\":");
	json_add_cstr(b, d->subject);
	buf_adds(b, ",\"text\":");
	json_add_cstr(b, d->text);
	buf_adds(b, ",\"attachments\":[");
	for (size_t i = 0; i < d->n_attachments; i++) {
		buf_adds(b, i > 0 ? "," : "");
		json_add_cstr(b, d->attachments[i].name);
	}
	buf_addc(b, ']');
}

static void
add_line(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "%s：", name);
	str_add_printable(b, value, strlen(value), false);
	buf_addc(b, '\n');
}

static void
add_decoded_text(struct buf *b, const struct message *d)
{
	add_line(b, "主题", d->subject);
	for (size_t i = 0; i < d->n_attachments; i++)
		add_line(b, "附件", d->attachments[i].name);
	buf_addc(b, '\n');
	str_add_printable(b, d->text, strlen(d->text), true);
	buf_addc(b, '\n');
}

static int
show(struct work *w, const struct stored_message *m)
{
	MESSAGE_AUTO struct message *d = NULL;
	BUF_AUTO struct buf b = BUF_INIT;
	char when[20], text[512];
	int rc;

	if (w->raw)
		return show_raw(w, m);
	rc = decode(w, m->id, &d);
	if (rc < 0)
		return ctl_fail(&w->err);
	if (w->ctl->json) {
		add_json(&b, m);
		if (rc == 1)
			add_decoded_json(&b, d);
		buf_addf(&b, ",\"readable\":%s}\n", rc == 1 ? "true" : "false");
	} else {
		buf_addf(&b, "ID：%lld\n", (long long)m->id);
		add_line(&b, "收到时间",
		    ctl_time(w->ctl, m->record.received_s, when));
		add_line(&b, "类别", m->record.kind);
		add_line(&b, "原因", m->record.why);
		if (rc == 1)
			add_decoded_text(&b, d);
		else
			add_line(&b, "解析器",
			    err_text(&w->err, text, sizeof(text)));
	}
	ctl_out(&b);
	return CTL_OK;
}

/* ---- taking up ---------------------------------------------------------- */

static void
report(struct work *w, int64_t id, const struct take_output *out)
{
	BUF_AUTO struct buf b = BUF_INIT;

	if (w->ctl->json) {
		buf_addf(&b, "{\"id\":%lld,\"kind\":", (long long)id);
		json_add_cstr(&b, out->kind);
		buf_adds(&b, ",\"number\":");
		json_add_cstr(&b, out->number);
		buf_adds(&b, "}\n");
	} else {
		buf_addf(&b, "%lld: %s%s%s\n", (long long)id, out->kind,
		    out->number[0] != '\0' ? " " : "", out->number);
	}
	ctl_out(&b);
}

/* What the office writes for mail that no parser reads. */
static int
write_by_hand(struct work *w, struct message **out)
{
	const char *subject = w->subject != NULL ? w->subject : "";
	BUF_AUTO struct buf text = BUF_INIT;
	struct message *m;

	if (file_load(w->text, MAX_TEXT_BYTES, &text, &w->err) < 0)
		return -1;
	if (!utf8_valid(buf_str(&text), text.len) ||
	    !utf8_valid(subject, strlen(subject)) ||
	    strlen(buf_str(&text)) != text.len ||
	    strspn(buf_str(&text), " \t\r\n") == text.len)
		return err_set(&w->err, ERR_INPUT, ERR_OWN, 0,
		    "the text must be words in UTF-8");
	m = message_new();
	if (m != NULL) {
		m->subject = arena_strdup(m->arena, subject);
		m->text = arena_strdup(m->arena, buf_str(&text));
		m->text_from = TEXT_PLAIN;
	}
	if (m == NULL || m->subject == NULL || m->text == NULL) {
		message_free(&m);
		return err_set(
		    &w->err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	}
	*out = m;
	return 1;
}

/* retry or release; CTL_FINDING when the parser refuses it. */
static int
take_up(struct work *w, const struct stored_message *m, bool release)
{
	const struct take_context c = {
	    .conf = w->ctl->conf,
	    .route = w->ctl->route,
	    .store = w->ctl->store};
	MESSAGE_AUTO struct message *d = NULL;
	struct take_output out;
	char actor[64], text[512];
	int rc = w->text != NULL ? write_by_hand(w, &d) : decode(w, m->id, &d);

	if (rc == 0) {
		(void)fprintf(stderr, "cluectl: %lld: %s%s\n", (long long)m->id,
		    err_text(&w->err, text, sizeof(text)),
		    release ? "; write its words yourself: --subject, --text"
			    : "");
		return CTL_FINDING;
	}
	if (rc == 1)
		rc = (w->text != NULL ? shelf_write
			 : release    ? shelf_release
				      : shelf_retry)(&c, m, d,
		    ctl_actor(actor, sizeof(actor)), clock_now_s(), w->a, &out,
		    &w->err);
	if (rc < 0)
		return ctl_fail(&w->err);
	report(w, m->id, &out);
	return CTL_OK;
}

static int
retry_all(struct work *w)
{
	struct stored_message *list;
	size_t n;
	int worst = CTL_OK, status;

	w->all = true;
	if (gather(w, &list, &n) < 0)
		return ctl_fail(&w->err);
	for (size_t i = 0; i < n; i++) {
		status = take_up(w, &list[i], false);
		worst = status > worst ? status : worst;
	}
	return n > 0 ? worst : CTL_FINDING;
}

/* ---- words -------------------------------------------------------------- */

static int
on_one(struct work *w, const char *verb, const char *id)
{
	struct stored_message m;
	int rc = find(w, id, &m);

	if (rc < 0)
		return ctl_fail(&w->err);
	if (rc == 0)
		return CTL_FINDING;
	if (strcmp(verb, "show") == 0)
		return show(w, &m);
	return take_up(w, &m, strcmp(verb, "release") == 0);
}

static bool
is_verb(const struct work *w, const char *verb)
{
	return strcmp(verb, "show") == 0 || strcmp(verb, "release") == 0 ||
	       (strcmp(verb, "retry") == 0 && w->view->quarantine);
}

static int
dispatch(struct work *w, int argc, char **argv)
{
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return list(w);
	if (argc == 1 && strcmp(argv[0], "retry") == 0 && w->all &&
	    w->view->quarantine)
		return retry_all(w);
	if (argc != 2 || !is_verb(w, argv[0]) ||
	    (w->text != NULL && strcmp(argv[0], "release") != 0))
		return ctl_usage(w->view->me);
	return on_one(w, argv[0], argv[1]);
}

int
shelf_run(
    struct ctl *ctl, const struct shelf_view *view, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'}, {"all", no_argument, NULL, 'a'},
	    {"raw", no_argument, NULL, 'r'},
	    {"kind", required_argument, NULL, 'k'},
	    {"subject", required_argument, NULL, 's'},
	    {"text", required_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
	ARENA_AUTO struct arena *a = arena_new();
	struct work w = {.ctl = ctl, .view = view, .a = a};
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			ctl->json = true;
		else if (c == 'a')
			w.all = true;
		else if (c == 'r')
			w.raw = true;
		else if (c == 'k' && !view->quarantine)
			w.kind = optarg;
		else if (c == 's' && view->quarantine)
			w.subject = optarg;
		else if (c == 't' && view->quarantine)
			w.text = optarg;
		else
			return ctl_usage(view->me);
	}
	if (a == NULL)
		return ctl_no_memory();
	status = dispatch(&w, argc - optind, argv + optind);
	decoder_free(&w.decoder);
	return status;
}
