/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "conf/value.h"
#include "ctl/ctl.h"
#include "follow/clue.h"
#include "store/find.h"

/* Hits of one screen, and what is shown around the first of each. */
#define SEARCH_LIMIT 20
#define CONTEXT_BEFORE 60
#define CONTEXT_BYTES 330

enum {
	OPT_DOMAIN = 256,
	OPT_OFFICER,
	OPT_STATE,
	OPT_AREA,
	OPT_FROM,
	OPT_TO,
	OPT_LIMIT,
	OPT_JSON
};

struct searching {
	struct ctl *ctl;
	size_t n;
};

/* Bold on a terminal, in brackets elsewhere. */
static void
add_marked(struct buf *b, bool color, const char *text, size_t from, size_t to,
    const struct find_span *spans, size_t n)
{
	size_t at = from;

	for (size_t i = 0; i < n && at < to; i++) {
		size_t begin = spans[i].at, end = begin + spans[i].len;

		if (begin < from || end > to)
			continue;
		str_add_printable(b, text + at, begin - at, false);
		buf_adds(b, color ? "\033[1;31m" : "【");
		str_add_printable(b, text + begin, end - begin, false);
		buf_adds(b, color ? "\033[0m" : "】");
		at = end;
	}
	if (at < to)
		str_add_printable(b, text + at, to - at, false);
}

/* Characters begin where no continuation byte stands. */
static size_t
character_at(const char *text, size_t at)
{
	while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static void
add_context(struct buf *b, bool color, const struct find_row *r)
{
	const char *text = r->clue->text;
	size_t len = strlen(text), from = 0, to;

	if (r->n_in_text > 0 && r->in_text[0].at > CONTEXT_BEFORE)
		from = character_at(text, r->in_text[0].at - CONTEXT_BEFORE);
	to = from + utf8_cut(text + from, len - from, CONTEXT_BYTES);
	buf_adds(b, from > 0 ? "    …" : "    ");
	add_marked(b, color, text, from, to, r->in_text, r->n_in_text);
	buf_adds(b, to < len ? "…\n" : "\n");
}

static int
print_hit(void *arg, const struct find_row *r)
{
	struct searching *s = arg;
	struct ctl *ctl = s->ctl;
	const struct clue_record *c = r->clue;
	BUF_AUTO struct buf b = BUF_INIT;
	char at[20];

	s->n++;
	buf_addf(&b, "%s  %s  %s  %s  %s  %s\n    ", c->number,
	    ctl_time(ctl, c->received_s, at), ctl_domain_title(ctl, c->domain),
	    ctl_state_title(c->state), ctl_area_name(ctl, c->area),
	    ctl_person_name(ctl, c->officer));
	add_marked(&b, ctl->color, c->subject, 0, strlen(c->subject),
	    r->in_subject, r->n_in_subject);
	buf_addc(&b, '\n');
	add_context(&b, ctl->color, r);
	ctl_out(&b);
	return 0;
}

/* Spans in bytes, as the strings are. */
static void
json_spans(
    struct buf *b, const char *key, const struct find_span *spans, size_t n)
{
	buf_addf(b, ",\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%s[%zu,%zu]", i > 0 ? "," : "", spans[i].at,
		    spans[i].len);
	buf_addc(b, ']');
}

static int
print_json(void *arg, const struct find_row *r)
{
	struct searching *s = arg;
	const struct clue_record *c = r->clue;
	BUF_AUTO struct buf b = BUF_INIT;
	const struct {
		const char *key, *value;
	} strings[] = {
	    {"state", c->state},
	    {"domain", c->domain},
	    {"area", c->area},
	    {"officer", c->officer},
	    {"subject", c->subject},
	    {"text", c->text},
	};

	s->n++;
	buf_adds(&b, "{\"number\":");
	json_add_cstr(&b, c->number);
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		buf_addf(&b, ",\"%s\":", strings[i].key);
		json_add_cstr(&b, strings[i].value);
	}
	json_spans(&b, "in_subject", r->in_subject, r->n_in_subject);
	json_spans(&b, "in_text", r->in_text, r->n_in_text);
	buf_adds(&b, ",\"received\":");
	ctl_json_time(&b, c->received_s);
	buf_adds(&b, "}\n");
	ctl_out(&b);
	return 0;
}

/* The day's first second, or the one after its last. */
static int
read_day(const struct ctl *ctl, const char *text, int more, int64_t *out)
{
	struct civil c;
	int32_t day;

	if (value_date(text, &day) < 0)
		return -1;
	civil_from_day(day + more, &c);
	*out = zone_utc_s(ctl->conf->zone, &c);
	return 0;
}

static int
read_option(const struct ctl *ctl, int c, struct find_filter *f)
{
	int64_t limit;

	switch (c) {
	case OPT_DOMAIN:
		f->domain = optarg;
		return conf_domain(ctl->conf, optarg) < 0 ? -1 : 0;
	case OPT_OFFICER:
		f->officer = optarg;
		return 0;
	case OPT_STATE:
		f->state = optarg;
		return clue_state_by_name(optarg) < 0 ? -1 : 0;
	case OPT_AREA:
		f->area = optarg;
		return 0;
	case OPT_FROM:
		return read_day(ctl, optarg, 0, &f->received_from_s);
	case OPT_TO:
		return read_day(ctl, optarg, 1, &f->received_before_s);
	case OPT_LIMIT:
		if (str_int64(optarg, 0, INT32_MAX, &limit) < 0)
			return -1;
		f->limit = (size_t)limit;
		return 0;
	default:
		return -1;
	}
}

static int
search(struct ctl *ctl, const struct find_filter *f)
{
	struct searching s = {.ctl = ctl};
	struct err err;
	int rc = store_find(
	    ctl->store, f, ctl->json ? print_json : print_hit, &s, &err);

	if (rc < 0) {
		(void)ctl_fail(&err);
		return err.kind == ERR_INPUT ? CTL_USAGE : CTL_STORE;
	}
	if (rc == 1 && !ctl->json)
		(void)fprintf(stderr, "cluectl: there are more; --limit 0 "
				      "shows all\n");
	if (s.n == 0 && !ctl->json)
		(void)fprintf(stderr, "cluectl: nothing found\n");
	return s.n > 0 ? CTL_OK : CTL_FINDING;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"domain", required_argument, NULL, OPT_DOMAIN},
	    {"officer", required_argument, NULL, OPT_OFFICER},
	    {"state", required_argument, NULL, OPT_STATE},
	    {"area", required_argument, NULL, OPT_AREA},
	    {"from", required_argument, NULL, OPT_FROM},
	    {"to", required_argument, NULL, OPT_TO},
	    {"limit", required_argument, NULL, OPT_LIMIT},
	    {"json", no_argument, NULL, OPT_JSON}, {NULL, 0, NULL, 0}};
	struct find_filter f = {.limit = SEARCH_LIMIT};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_JSON)
			ctl->json = true;
		else if (read_option(ctl, c, &f) < 0)
			return ctl_usage(&cmd_search);
	}
	if (optind == argc)
		return ctl_usage(&cmd_search);
	f.words = (const char *const *)(argv + optind);
	f.n_words = (size_t)(argc - optind);
	return search(ctl, &f);
}

const struct ctl_command cmd_search = {
    .name = "search",
    .summary = "find words in all clues",
    .help = "search [--domain ID] [--officer ID] [--state STATE] [--area ID]\n"
	    "              [--from DAY] [--to DAY] [--limit N] [--json] WORD "
	    "...\n\n"
	    "All words must occur in number, subject or text; two characters "
	    "are enough, one\nworks too.  Newest first, 20 hits unless "
	    "--limit says otherwise (0 = all).\n\n"
	    "Examples:\n"
	    "  cluectl search 渣土 保护费\n"
	    "  cluectl search --domain muck-transport --from 2026-07-01 "
	    "苏G12345\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = STORE_READ,
    .run = run,
};
