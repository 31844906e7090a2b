/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "follow/clue.h"
#include "store/related.h"
#include "store/store.h"

/* Everything about one clue that the store has, but the citizen. */
struct whole {
	struct clue_record clue;
	struct match_record *matches;
	size_t n_matches;
	struct event_record *events;
	size_t n_events;
	struct deadline_record *deadlines;
	size_t n_deadlines;
	struct letter_record *letters;
	size_t n_letters;
	struct attachment_record *attachments;
	size_t n_attachments;
	struct buf *material; /* struct material */
	struct link_record *links; /* to other clues */
	const char **linked;	   /* their numbers */
	size_t n_links;
};

/* What came later: evidence from the officer, more from the citizen. */
struct material {
	const char *kind; /* of the message */
	int64_t received_s;
	struct attachment_record file;
};

static int
read_material(
    struct store *s, struct arena *a, struct whole *w, struct err *err)
{
	struct stored_message *list;
	struct material m;
	size_t n, k;

	if (store_messages(s, w->clue.id, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct attachment_record *files;

		if (list[i].id == w->clue.message)
			continue;
		if (store_attachments(s, list[i].id, a, &files, &k, err) < 0)
			return -1;
		m.kind = list[i].record.kind;
		m.received_s = list[i].record.received_s;
		for (size_t j = 0; j < k; j++) {
			m.file = files[j];
			buf_add(w->material, &m, sizeof(m));
		}
	}
	return 0;
}

static int
read_links(struct store *s, struct arena *a, struct whole *w, struct err *err)
{
	struct related_brief other;
	int rc;

	if (store_links(s, w->clue.id, a, &w->links, &w->n_links, err) < 0)
		return -1;
	w->linked = arena_array(a, w->n_links + 1, sizeof(*w->linked));
	if (w->linked == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	for (size_t i = 0; i < w->n_links; i++) {
		rc = store_related_brief(s, w->links[i].other, a, &other, err);
		if (rc < 0)
			return -1;
		w->linked[i] = rc == 1 ? other.number : "";
	}
	return 0;
}

/* 1 = found. */
static int
read_whole(struct store *s, const char *number, struct arena *a,
    struct whole *w, struct err *err)
{
	int rc = store_clue_by_number(s, number, a, &w->clue, err);

	if (rc != 1)
		return rc;
	if (read_links(s, a, w, err) < 0 ||
	    store_matches(s, w->clue.id, a, &w->matches, &w->n_matches,
		err) < 0 ||
	    store_events(s, w->clue.id, a, &w->events, &w->n_events, err) <
		0 ||
	    store_deadlines(s, w->clue.id, a, &w->deadlines, &w->n_deadlines,
		err) < 0 ||
	    store_letters(s, w->clue.id, a, &w->letters, &w->n_letters, err) <
		0)
		return -1;
	if (w->clue.message != 0 &&
	    store_attachments(s, w->clue.message, a, &w->attachments,
		&w->n_attachments, err) < 0)
		return -1;
	return read_material(s, a, w, err) < 0 ? -1 : 1;
}

static void
add_line(struct buf *b, const char *title, const char *value)
{
	str_add_cell(b, title, 10, true);
	buf_addc(b, ' ');
	str_add_printable(b, value, strlen(value), false);
	buf_addc(b, '\n');
}

static void
add_head(struct buf *b, struct ctl *ctl, const char *title)
{
	buf_addf(b, "\n%s%s%s\n", ctl->color ? "\033[1m" : "", title,
	    ctl->color ? "\033[0m" : "");
}

static void
print_facts(struct buf *b, struct ctl *ctl, const struct clue_record *c)
{
	char when[20];

	add_line(b, "编号", c->number);
	add_line(b, "状态", ctl_state_title(c->state));
	add_line(b, "领域", ctl_domain_title(ctl, c->domain));
	add_line(b, "区域", ctl_area_name(ctl, c->area));
	add_line(b, "责任人", ctl_person_name(ctl, c->officer));
	add_line(b, "时限类别", c->class_id);
	add_line(b, "收到", ctl_time(ctl, c->received_s, when));
	add_line(b, "交办", ctl_time(ctl, c->dispatched_s, when));
	add_line(b, "理由", c->why);
	if (c->excluded[0] != '\0')
		add_line(b, "回避", c->excluded);
	add_line(b, "主题", c->subject);
	buf_addc(b, '\n');
	str_add_printable(b, c->text, strlen(c->text), true);
	buf_addc(b, '\n');
}

static void
print_matches(struct buf *b, struct ctl *ctl, const struct whole *w)
{
	add_head(b, ctl, "命中词");
	for (size_t i = 0; i < w->n_matches; i++) {
		const struct match_record *m = &w->matches[i];

		buf_addf(b, "  %+7.3f  ", (double)m->weight / 1000);
		str_add_cell(
		    b, ctl_domain_title(ctl, m->domain), 12, true);
		buf_addc(b, ' ');
		str_add_printable(b, m->found, strlen(m->found), false);
		buf_addf(b, "  (%s:%llu)\n", m->field,
		    (unsigned long long)m->at);
	}
}

static void
print_deadlines(struct buf *b, struct ctl *ctl, const struct whole *w)
{
	char due[20], met[20];

	add_head(b, ctl, "期限");
	for (size_t i = 0; i < w->n_deadlines; i++) {
		const struct deadline_record *d = &w->deadlines[i];

		buf_adds(b, "  ");
		for (int k = 0; k < DEADLINE_COUNT; k++)
			if (strcmp(deadline_name((enum deadline_kind)k),
				d->kind) == 0)
				buf_adds(b,
				    deadline_title((enum deadline_kind)k));
		buf_addf(b, "  %s", ctl_time(ctl, d->due_s, due));
		if (d->met_s != 0)
			buf_addf(b, "  ✓ %s", ctl_time(ctl, d->met_s, met));
		buf_addc(b, '\n');
	}
}

/* The i-th; false behind the last. */
static bool
material_at(const struct whole *w, size_t i, struct material *out)
{
	if ((i + 1) * sizeof(*out) > w->material->len)
		return false;
	memcpy(out, w->material->data + i * sizeof(*out), sizeof(*out));
	return true;
}

static void
print_material(struct buf *b, struct ctl *ctl, const struct whole *w)
{
	struct material m;
	char when[20];

	if (w->material->len > 0)
		add_head(b, ctl, "补充材料");
	for (size_t i = 0; material_at(w, i, &m); i++) {
		buf_addf(b, "  %s  %s  ", ctl_time(ctl, m.received_s, when),
		    strcmp(m.kind, "reply") == 0 ? "责任人" : "来信人");
		str_add_printable(b, m.file.name, strlen(m.file.name), false);
		buf_addf(b, "  %s  %llu B\n", m.file.type,
		    (unsigned long long)m.file.size_bytes);
	}
}

static void
json_material(struct buf *b, const struct whole *w)
{
	struct material m;

	buf_adds(b, "],\"material\":[");
	for (size_t i = 0; material_at(w, i, &m); i++) {
		buf_addf(b, "%s{\"message\":%lld", i > 0 ? "," : "",
		    (long long)m.file.message);
		buf_adds(b, ",\"kind\":");
		json_add_cstr(b, m.kind);
		buf_adds(b, ",\"name\":");
		json_add_cstr(b, m.file.name);
		buf_adds(b, ",\"type\":");
		json_add_cstr(b, m.file.type);
		buf_addf(b, ",\"bytes\":%llu,\"received\":",
		    (unsigned long long)m.file.size_bytes);
		ctl_json_time(b, m.received_s);
		buf_addc(b, '}');
	}
}

static void
print_rest(struct buf *b, struct ctl *ctl, const struct whole *w)
{
	char when[20];

	if (w->n_links > 0)
		add_head(b, ctl, "相关线索");
	for (size_t i = 0; i < w->n_links; i++)
		buf_addf(b, "  %s  %s\n", w->linked[i], w->links[i].why);
	if (w->n_attachments > 0)
		add_head(b, ctl, "附件");
	for (size_t i = 0; i < w->n_attachments; i++) {
		const struct attachment_record *at = &w->attachments[i];

		buf_addf(b, "  %u  ", at->seq + 1);
		str_add_printable(b, at->name, strlen(at->name), false);
		buf_addf(b, "  %s  %llu B  %s\n", at->type,
		    (unsigned long long)at->size_bytes,
		    at->released         ? "已放行"
			: at->sent_along ? "已随通知发送"
					 : "保留");
	}
	print_material(b, ctl, w);
	add_head(b, ctl, "经过");
	for (size_t i = 0; i < w->n_events; i++) {
		const struct event_record *e = &w->events[i];

		buf_addf(b, "  %s  ", ctl_time(ctl, e->at_s, when));
		str_add_cell(b, e->kind, 14, true);
		buf_addf(b, " %s  ", e->actor);
		str_add_printable(b, e->detail, strlen(e->detail), false);
		buf_addc(b, '\n');
	}
	add_head(b, ctl, "信件");
	for (size_t i = 0; i < w->n_letters; i++) {
		const struct letter_record *l = &w->letters[i];

		buf_addf(b, "  %s  ", ctl_time(ctl, l->created_s, when));
		str_add_cell(b, l->kind, 22, true);
		buf_addc(b, ' ');
		str_add_cell(b, ctl_person_name(ctl, l->to_person), 12, true);
		buf_addf(b, " %s  ", letter_state_name(l->state));
		str_add_printable(b, l->result, strlen(l->result), false);
		buf_addc(b, '\n');
	}
}

static void
json_key(struct buf *b, const char *key, const char *value, bool first)
{
	buf_addf(b, "%s\"%s\":", first ? "" : ",", key);
	json_add_cstr(b, value);
}

static void
json_facts(struct buf *b, const struct clue_record *c)
{
	json_key(b, "number", c->number, true);
	json_key(b, "state", c->state, false);
	json_key(b, "channel", c->channel, false);
	json_key(b, "domain", c->domain, false);
	json_key(b, "runner_up", c->runner_up, false);
	buf_addf(b, ",\"score\":%.3f,\"margin\":%.3f",
	    (double)c->score / 1000, (double)c->margin / 1000);
	json_key(b, "area", c->area, false);
	json_key(b, "class", c->class_id, false);
	json_key(b, "officer", c->officer, false);
	json_key(b, "deputy", c->deputy, false);
	json_key(b, "leader", c->leader, false);
	buf_addf(b, ",\"triage\":%s,\"discipline\":%s",
	    c->triage ? "true" : "false", c->discipline ? "true" : "false");
	json_key(b, "why", c->why, false);
	json_key(b, "excluded", c->excluded, false);
	json_key(b, "rules", c->rules, false);
	json_key(b, "subject", c->subject, false);
	json_key(b, "text", c->text, false);
	buf_adds(b, ",\"received\":");
	ctl_json_time(b, c->received_s);
	buf_adds(b, ",\"dispatched\":");
	ctl_json_time(b, c->dispatched_s);
}

static void
json_lists(struct buf *b, const struct whole *w)
{
	buf_adds(b, ",\"matches\":[");
	for (size_t i = 0; i < w->n_matches; i++) {
		const struct match_record *m = &w->matches[i];

		buf_adds(b, i > 0 ? ",{" : "{");
		json_key(b, "domain", m->domain, true);
		json_key(b, "term", m->term, false);
		json_key(b, "found", m->found, false);
		json_key(b, "field", m->field, false);
		buf_addf(b, ",\"at\":%llu,\"weight\":%.3f}",
		    (unsigned long long)m->at, (double)m->weight / 1000);
	}
	buf_adds(b, "],\"deadlines\":[");
	for (size_t i = 0; i < w->n_deadlines; i++) {
		const struct deadline_record *d = &w->deadlines[i];

		buf_adds(b, i > 0 ? ",{" : "{");
		json_key(b, "kind", d->kind, true);
		buf_adds(b, ",\"due\":");
		ctl_json_time(b, d->due_s);
		buf_adds(b, ",\"warn\":");
		ctl_json_time(b, d->warn_s);
		buf_adds(b, ",\"met\":");
		ctl_json_time(b, d->met_s);
		buf_addc(b, '}');
	}
	buf_adds(b, "],\"events\":[");
	for (size_t i = 0; i < w->n_events; i++) {
		const struct event_record *e = &w->events[i];

		buf_adds(b, i > 0 ? ",{" : "{");
		buf_adds(b, "\"at\":");
		ctl_json_time(b, e->at_s);
		json_key(b, "kind", e->kind, false);
		json_key(b, "actor", e->actor, false);
		json_key(b, "detail", e->detail, false);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
json_mail(struct buf *b, const struct whole *w)
{
	char hex[SHA256_HEX];

	buf_adds(b, ",\"letters\":[");
	for (size_t i = 0; i < w->n_letters; i++) {
		const struct letter_record *l = &w->letters[i];

		buf_adds(b, i > 0 ? ",{" : "{");
		json_key(b, "kind", l->kind, true);
		json_key(b, "to", l->to_person, false);
		json_key(b, "message_id", l->message_id, false);
		json_key(b, "state", letter_state_name(l->state), false);
		buf_addf(b, ",\"tries\":%u,\"code\":%d", l->tries, l->code);
		json_key(b, "result", l->result, false);
		buf_adds(b, ",\"sent\":");
		ctl_json_time(b, l->sent_s);
		buf_addc(b, '}');
	}
	buf_adds(b, "],\"related\":[");
	for (size_t i = 0; i < w->n_links; i++) {
		buf_adds(b, i > 0 ? ",{" : "{");
		json_key(b, "number", w->linked[i], true);
		json_key(b, "why", w->links[i].why, false);
		buf_addf(b, ",\"weight\":%d}", w->links[i].weight);
	}
	buf_adds(b, "],\"attachments\":[");
	for (size_t i = 0; i < w->n_attachments; i++) {
		const struct attachment_record *at = &w->attachments[i];

		hex_put(at->sha256, SHA256_BYTES, hex);
		buf_adds(b, i > 0 ? ",{" : "{");
		json_key(b, "name", at->name, true);
		json_key(b, "type", at->type, false);
		buf_addf(b, ",\"bytes\":%llu",
		    (unsigned long long)at->size_bytes);
		json_key(b, "sha256", hex, false);
		buf_addf(b, ",\"sent_along\":%s,\"released\":%s}",
		    at->sent_along ? "true" : "false",
		    at->released ? "true" : "false");
	}
	json_material(b, w);
	buf_addc(b, ']');
}

static void
print_json(struct buf *b, const struct whole *w)
{
	buf_addc(b, '{');
	json_facts(b, &w->clue);
	json_lists(b, w);
	json_mail(b, w);
	buf_adds(b, "}\n");
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT, material = BUF_INIT;
	struct whole w = {.material = &material};
	struct err err;
	int rc;

	if (ctl_json_only(ctl, &cmd_show, argc, argv) < 0)
		return CTL_USAGE;
	if (a == NULL)
		return ctl_no_memory();
	if (optind + 1 != argc)
		return ctl_usage(&cmd_show);
	rc = read_whole(ctl->store, argv[optind], a, &w, &err);
	if (rc < 0)
		return ctl_fail(&err);
	if (rc == 0)
		return ctl_no_clue();
	if (ctl->json) {
		print_json(&b, &w);
	} else {
		print_facts(&b, ctl, &w.clue);
		print_matches(&b, ctl, &w);
		print_deadlines(&b, ctl, &w);
		print_rest(&b, ctl, &w);
	}
	ctl_out(&b);
	return CTL_OK;
}

const struct ctl_command cmd_show = {
    .name = "show",
    .summary = "one clue with its reasons and history",
    .help = "show [--json] NUMBER\n\n"
	    "The citizen who told it is not shown here.\n\n"
	    "Example:\n"
	    "  cluectl show LY-2026-000123\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = STORE_READ,
    .run = run,
};
