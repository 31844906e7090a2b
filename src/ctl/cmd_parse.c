/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"
#include "ctl/ctl.h"
#include "ctl/file.h"
#include "core/check.h"
#include "intake/intake.h"
#include "parse/message.h"
#include "parse/pool.h"
#include "route/route.h"

/* Files in the parser's hands at once; answers are printed in input order. */
#define IN_FLIGHT 256
/* A list of a million paths. */
#define MAX_LIST_BYTES (256UL << 20)

struct answer {
	char *line; /* NULL until it came */
	bool cut;   /* only the beginning was read */
};

struct parsing {
	struct ctl *ctl;
	struct pool *pool;
	char *names[IN_FLIGHT];
	struct answer answers[IN_FLIGHT];
	uint64_t next_in, next_out;
	bool more; /* fields beyond the ones that every caller may expect */
};

static void
key(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, ",\"%s\":", name);
	json_add_cstr(b, value);
}

static void
add_people(struct buf *b, const struct message *m)
{
	key(b, "from", m->from.addr);
	key(b, "from_name", m->from.name);
	buf_adds(b, ",\"to\":[");
	for (size_t i = 0; i < m->n_to; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_add_cstr(b, m->to[i].addr);
	}
	buf_addc(b, ']');
}

static void
add_ids(struct buf *b, const struct message *m)
{
	key(b, "subject", m->subject);
	buf_adds(b, ",\"date\":");
	ctl_json_time(b, m->date_s);
	key(b, "message_id", m->message_id);
	key(b, "in_reply_to", m->in_reply_to);
	buf_adds(b, ",\"references\":[");
	for (size_t i = 0; i < m->n_references; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_add_cstr(b, m->references[i]);
	}
	buf_addc(b, ']');
}

static void
add_text(struct buf *b, const struct parsing *p, const struct message *m)
{
	static const char *const from[] = {"none", "plain", "html"};

	key(b, "text", m->text);
	key(b, "text_from", from[m->text_from]);
	if (!p->more)
		return;
	key(b, "quoted", m->quoted);
	key(b, "signature", m->signature);
}

static void
add_attachments(struct buf *b, const struct parsing *p, const struct message *m)
{
	char hex[SHA256_HEX];

	buf_adds(b, ",\"attachments\":[");
	for (size_t i = 0; i < m->n_attachments; i++) {
		const struct attachment *at = &m->attachments[i];

		hex_put(at->sha256, SHA256_BYTES, hex);
		buf_adds(b, i > 0 ? ",{\"name\":" : "{\"name\":");
		json_add_cstr(b, at->name);
		key(b, "type", at->type);
		buf_addf(b, ",\"bytes\":%llu",
		    (unsigned long long)at->size_bytes);
		key(b, "sha256", hex);
		if (p->more) {
			key(b, "type_claimed", at->type_claimed);
			key(b, "link", at->link);
		}
		buf_adds(b, "}");
	}
	buf_addc(b, ']');
}

/* Kind as the daemon would say it, as far as one message alone tells. */
static enum mail_kind
kind_of(const struct parsing *p, const struct message *m)
{
	struct arena *a = m->arena;
	struct intake_facts facts = {.person = -1, .unit = -1};
	struct route_decision d;
	const char *why;
	struct err err;

	if (p->ctl->conf != NULL) {
		facts.person =
		    conf_person_by_address(p->ctl->conf, m->from.addr);
		facts.unit = conf_unit_by_address(p->ctl->conf, m->from.addr);
		if (route_decide(p->ctl->route, m->subject, m->text, a, &d,
			&err) == 0)
			facts.domain_word = d.domain_word;
	}
	return intake_classify(m, &facts, &why);
}

static void
add_verdict(struct buf *b, const struct message *m, const char *kind)
{
	bool bounce = strcmp(kind, intake_kind_name(KIND_BOUNCE)) == 0;
	bool machine = bounce || strcmp(kind, intake_kind_name(KIND_AUTO)) == 0;

	key(b, "kind", kind);
	buf_addf(b, ",\"bounce\":%s,\"auto\":%s", bounce ? "true" : "false",
	    machine ? "true" : "false");
	key(b, "bounce_status", m->signs.report_status);
	key(b, "bounce_recipient", m->signs.report_recipient);
	key(b, "charset", m->charset);
	buf_addf(b, ",\"charset_fallback\":%s",
	    m->defects & DEFECT_CHARSET_GUESSED ? "true" : "false");
}

/* What did not come through: characters, and what limits cut off. */
static void
add_lost(struct buf *b, const struct message *m, bool cut)
{
	static const struct {
		uint32_t defect;
		const char *what;
	} limits[] = {{DEFECT_HEADER_CUT, "headers beyond the limit"},
	    {DEFECT_TEXT_CUT, "text beyond the limit"},
	    {DEFECT_DEPTH, "parts beyond the limit"},
	    {DEFECT_ATTACHMENTS_CUT, "attachments beyond the limit"}};
	BUF_AUTO struct buf lost = BUF_INIT;

	buf_adds(&lost, m->lost);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if ((m->defects & limits[i].defect) != 0)
			buf_addf(&lost, "%s%s", lost.len > 0 ? "; " : "",
			    limits[i].what);
	if (cut)
		buf_addf(&lost, "%sall but the beginning of an oversize mail",
		    lost.len > 0 ? "; " : "");
	key(b, "lost", buf_str(&lost));
}

/* All fields of a message; of an empty one where there is none. */
static void
add_message(struct parsing *p, struct buf *b, const struct message *m,
    const char *kind, bool cut)
{
	add_people(b, m);
	add_ids(b, m);
	add_text(b, p, m);
	add_attachments(b, p, m);
	add_verdict(b, m, kind);
	add_lost(b, m, cut);
}

static void
on_done(void *arg, uint64_t job, struct message *m, const struct err *failure)
{
	struct parsing *p = arg;
	struct answer *answer = &p->answers[job % IN_FLIGHT];
	MESSAGE_AUTO struct message *none = message_new();
	BUF_AUTO struct buf b = BUF_INIT;
	char text[512];

	buf_adds(&b, "{\"file\":");
	json_add_cstr(&b, p->names[job % IN_FLIGHT]);
	if (m != NULL) {
		add_message(p, &b, m, intake_kind_name(kind_of(p, m)),
		    answer->cut);
		buf_adds(&b, ",\"quarantined\":null");
	} else {
		if (none != NULL)
			add_message(p, &b, none, "", false);
		key(&b, "quarantined",
		    err_text(failure, text, sizeof(text)));
	}
	buf_adds(&b, "}\n");
	message_free(&m);
	answer->line =
	    strdup(buf_bad(&b) ? "{\"quarantined\":\"out of memory\"}\n"
			       : buf_str(&b));
}

/* Prints what came, in order of input. */
static void
print_ready(struct parsing *p)
{
	struct answer *a;

	while (p->next_out < p->next_in) {
		a = &p->answers[p->next_out % IN_FLIGHT];
		if (a->line == NULL)
			return;
		(void)fputs(a->line, stdout);
		free(a->line);
		a->line = NULL;
		free(p->names[p->next_out % IN_FLIGHT]);
		p->next_out++;
	}
}

static int
wait_and_print(struct parsing *p, struct err *err)
{
	struct pollfd pfd = {.fd = pool_epoll_fd(p->pool), .events = POLLIN};

	(void)poll(&pfd, 1, pool_timeout_ms(p->pool));
	if (pool_step(p->pool, err) < 0)
		return -1;
	print_ready(p);
	return 0;
}

/* One file; what cannot be read gives its object all the same. */
static int
parse_file(struct parsing *p, const char *path, struct err *err)
{
	uint64_t job = p->next_in;
	struct err bad;
	int fd, rc;

	while (p->next_in - p->next_out >= IN_FLIGHT)
		if (wait_and_print(p, err) < 0)
			return -1;
	p->names[job % IN_FLIGHT] = strdup(path);
	if (p->names[job % IN_FLIGHT] == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	p->next_in++;
	if (file_to_memfd_cut(path, MAX_MESSAGE_BYTES, MAX_OVERSIZE_TAKEN, &fd,
		&p->answers[job % IN_FLIGHT].cut, &bad) < 0) {
		on_done(p, job, NULL, &bad);
		return 0;
	}
	rc = pool_add(p->pool, job, fd, err);
	(void)close(fd);
	return rc;
}

/* A list has one path a line; one with NUL bytes has them behind each path, as
 * `find -print0` writes it. */
static int
parse_list(struct parsing *p, const char *path, struct err *err)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char end, *at, *stop;

	if (file_load(path, MAX_LIST_BYTES, &b, err) < 0)
		return err_at(err, "the list of files");
	end = memchr(buf_str(&b), '\0', b.len) != NULL ? '\0' : '\n';
	for (at = b.data; at != NULL && at < b.data + b.len; at = stop + 1) {
		stop = memchr(at, end, (size_t)(b.data + b.len - at));
		if (stop == NULL)
			stop = b.data + b.len;
		*stop = '\0';
		if (*at != '\0' && parse_file(p, at, err) < 0)
			return -1;
	}
	return 0;
}

static int
parse_all(struct parsing *p, const char *list, int argc, char **argv,
    struct err *err)
{
	int rc = list != NULL ? parse_list(p, list, err) : 0;

	for (int i = 0; rc == 0 && i < argc; i++)
		rc = parse_file(p, argv[i], err);
	while (rc == 0 && p->next_out < p->next_in) {
		print_ready(p);
		if (p->next_out < p->next_in)
			rc = wait_and_print(p, err);
	}
	return rc;
}

/* Rules and roster sharpen `kind`; the decoding itself needs none. */
static void
load_if_there(struct ctl *ctl)
{
	const struct conf_options how = {
	    .no_secrets = true, .no_warnings = true};
	FILE *nowhere;

	if (access(ctl->conf_path, R_OK) < 0)
		return;
	nowhere = fopen("/dev/null", "we");
	if (nowhere == NULL)
		return;
	if (check_load(ctl->conf_path, &how, &ctl->conf, &ctl->route,
		nowhere, NULL) < 0)
		ctl->conf = NULL;
	(void)fclose(nowhere);
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"files-from", required_argument, NULL, 'f'},
	    {"more", no_argument, NULL, 'm'},
	    {NULL, 0, NULL, 0}};
	struct parsing p = {.ctl = ctl};
	const char *list = NULL;
	struct err err;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'f')
			list = optarg;
		else if (c == 'm')
			p.more = true;
		else if (c != 'j')
			return ctl_usage(&cmd_parse);
	}
	if (list == NULL && optind == argc)
		return ctl_usage(&cmd_parse);
	load_if_there(ctl);
	if (pool_new(64, on_done, &p, &p.pool, &err) < 0)
		return ctl_fail(&err);
	rc = parse_all(&p, list, argc - optind, argv + optind, &err);
	pool_free(&p.pool);
	return rc < 0 ? ctl_fail(&err) : CTL_OK;
}

const struct ctl_command cmd_parse = {
    .name = "parse",
    .summary = "show what the parser makes of mail files",
    .help = "parse [--json] [--more] [--files-from LIST] [FILE…]\n\n"
	    "Runs the daemon's own sandboxed parser and prints one JSON "
	    "object a line a file,\nin the order given.  LIST has one path a "
	    "line, or a NUL behind each; - is standard\ninput.  A file that "
	    "cannot be read or parsed has its reason in `quarantined`; of "
	    "one\nover 64 MB the beginning is read.  --more adds the quoted "
	    "text, the signature, the\ntypes that attachments claim and links "
	    "to a provider's cloud.\n\n"
	    "Examples:\n"
	    "  cluectl parse --json tip.eml\n"
	    "  find mail -name '*.eml' -print0 | cluectl parse --json "
	    "--files-from -\n",
    .needs_conf = false,
    .store_mode = -1,
    .run = run,
};
