/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "core/register.h"
#include "core/take.h"
#include "ctl/ctl.h"
#include "store/store.h"

/* A registration in JSON: a text at its longest, and room for the rest. */
#define MAX_FORM_BYTES (MAX_TEXT_BYTES + 65536)

enum { OPT_CHANNEL = 256, OPT_SUBJECT, OPT_TEXT, OPT_RECEIVED, OPT_JSON };

/* What a form has; what is not said stays "". */
struct form {
	const char *channel, *subject, *text, *name, *phone, *address;
	const char *received;
};

/* Below, 0 or the status that cluectl ends with. */

/* -- asked on the terminal ------------------------------------------------ */

/* A line without its end; "" at the end of the input. */
static const char *
ask_line(struct arena *a, const char *question)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	const char *out;

	(void)fprintf(stderr, "%s", question);
	n = getline(&line, &size, stdin);
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = '\0';
	out = n > 0 ? arena_strdup(a, line) : "";
	free(line);
	return out;
}

/* Lines up to one with a single dot. */
static const char *
ask_text(struct arena *a)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char *line = NULL;
	size_t size = 0;

	(void)fprintf(stderr, "内容（单独一行 . 结束）：\n");
	while (getline(&line, &size, stdin) > 0 && strcmp(line, ".\n") != 0 &&
	    b.len <= MAX_TEXT_BYTES)
		buf_adds(&b, line);
	free(line);
	return buf_bad(&b) ? NULL : arena_strdup(a, buf_str(&b));
}

static int
ask(struct form *f, struct arena *a)
{
	if (f->channel[0] == '\0')
		f->channel = ask_line(a,
		    "来源（hotline 电话 letter 信件 visit 来访 inspection 检查"
		    " transfer 移交）：");
	if (f->subject[0] == '\0')
		f->subject = ask_line(a, "主题：");
	f->text = ask_text(a);
	f->name = ask_line(a, "举报人姓名（可空）：");
	f->phone = ask_line(a, "举报人电话（可空）：");
	f->address = ask_line(a, "举报人邮箱（可空）：");
	return f->text == NULL || f->channel == NULL || f->subject == NULL ||
		f->name == NULL || f->phone == NULL || f->address == NULL
	    ? ctl_no_memory() : 0;
}

/* -- from standard input -------------------------------------------------- */

static int
complain(const char *what, const char *key)
{
	BUF_AUTO struct buf b = BUF_INIT;

	str_add_printable(&b, key, strlen(key), false);
	(void)fprintf(stderr, "cluectl: %s%s\n", what, buf_str(&b));
	return CTL_USAGE;
}

static int
read_all(struct buf *b)
{
	char part[8192];
	struct err err;
	ssize_t n;

	while ((n = read(STDIN_FILENO, part, sizeof(part))) > 0 &&
	    b->len <= MAX_FORM_BYTES)
		buf_add(b, part, (size_t)n);
	if (n < 0) {
		(void)err_errno(&err, errno, "read standard input");
		return ctl_fail(&err);
	}
	if (buf_bad(b))
		return ctl_no_memory();
	return b->len > MAX_FORM_BYTES
	    ? complain("standard input is too long", "") : 0;
}

static const char **
member(struct form *f, const char *key)
{
	const struct {
		const char *key;
		const char **at;
	} all[] = {{"channel", &f->channel}, {"subject", &f->subject},
	    {"text", &f->text}, {"name", &f->name}, {"phone", &f->phone},
	    {"address", &f->address}, {"received", &f->received}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i].key, key) == 0)
			return all[i].at;
	return NULL;
}

static int
take_members(struct form *f, json_t *root, struct arena *a)
{
	const char *key;
	json_t *value;

	json_object_foreach(root, key, value) {
		const char **at = member(f, key);

		if (at == NULL)
			return complain("no such member: ", key);
		if (!json_is_string(value))
			return complain("must be a string: ", key);
		*at = arena_strdup(a, json_string_value(value));
		if (*at == NULL)
			return ctl_no_memory();
	}
	return 0;
}

/* jansson takes want of memory for a mistake in what it reads, or leaves some
 * of that out. */
static bool starved;

static void *
watched_malloc(size_t n)
{
	void *p = malloc(n);

	starved |= p == NULL;
	return p;
}

static int
read_json(struct form *f, struct arena *a)
{
	BUF_AUTO struct buf b = BUF_INIT;
	json_error_t why;
	json_t *root;
	int rc = read_all(&b);

	if (rc != 0)
		return rc;
	json_set_alloc_funcs(watched_malloc, free);
	root = json_loadb(buf_str(&b), b.len, JSON_REJECT_DUPLICATES, &why);
	if (starved || !json_is_object(root)) {
		json_decref(root);
		if (starved)
			return ctl_no_memory();
		return complain("standard input is no JSON object: ",
		    root == NULL ? why.text : "");
	}
	rc = take_members(f, root, a);
	json_decref(root);
	return rc;
}

/* Plain words from a pipe are the text. */
static int
read_words(struct form *f, struct arena *a)
{
	BUF_AUTO struct buf b = BUF_INIT;
	int rc = read_all(&b);

	if (rc != 0)
		return rc;
	f->text = arena_memdup(a, b.data != NULL ? b.data : "", b.len);
	if (f->text == NULL)
		return ctl_no_memory();
	return strlen(f->text) != b.len
	    ? complain("the text has a NUL in it", "") : 0;
}

/* -- the command ---------------------------------------------------------- */

static void
report(struct ctl *ctl, const struct register_result *r)
{
	BUF_AUTO struct buf b = BUF_INIT;

	if (ctl->json) {
		buf_adds(&b, "{\"number\":");
		json_add_cstr(&b, r->number);
		buf_adds(&b, ",\"code\":");
		json_add_cstr(&b, r->code[0] != '\0' ? r->code : NULL);
		buf_addf(&b, ",\"acknowledged\":%s}\n",
		    r->by_mail ? "true" : "false");
	} else if (r->by_mail) {
		buf_addf(&b, "%s\n查询码将随回执发到举报人的邮箱\n", r->number);
	} else {
		buf_addf(&b, "%s\n查询码 %s（只显示这一次，请告知举报人）\n",
		    r->number, r->code);
	}
	ctl_out(&b);
}

static int
add(struct ctl *ctl, const struct form *f, struct arena *a)
{
	const struct take_context c = {
	    .conf = ctl->conf, .route = ctl->route, .store = ctl->store};
	char actor[80];
	struct register_tip tip = {
	    .channel = f->channel,
	    .subject = f->subject,
	    .text = f->text,
	    .name = f->name,
	    .phone = f->phone,
	    .address = f->address,
	    .received_s = clock_now_s(),
	    .actor = ctl_actor(actor, sizeof(actor)),
	    .now_s = clock_now_s(),
	};
	struct register_result done;
	struct err err;

	if (f->received[0] != '\0' &&
	    ctl_parse_time(ctl, f->received, &tip.received_s) < 0) {
		(void)fprintf(stderr, "cluectl: received is a time such as "
				      "'2026-11-24 09:30'\n");
		return CTL_USAGE;
	}
	if (register_add(&c, &tip, a, &done, &err) < 0) {
		(void)ctl_fail(&err);
		return err.kind == ERR_INPUT ? CTL_USAGE : CTL_STORE;
	}
	report(ctl, &done);
	return CTL_OK;
}

static int
options(struct ctl *ctl, int argc, char **argv, struct form *f)
{
	static const struct option list[] = {
	    {"channel", required_argument, NULL, OPT_CHANNEL},
	    {"subject", required_argument, NULL, OPT_SUBJECT},
	    {"text", required_argument, NULL, OPT_TEXT},
	    {"received", required_argument, NULL, OPT_RECEIVED},
	    {"json", no_argument, NULL, OPT_JSON}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", list, NULL)) != -1) {
		switch (c) {
		case OPT_CHANNEL: f->channel = optarg; break;
		case OPT_SUBJECT: f->subject = optarg; break;
		case OPT_TEXT: f->text = optarg; break;
		case OPT_RECEIVED: f->received = optarg; break;
		case OPT_JSON: ctl->json = true; break;
		default: return -1;
		}
	}
	return 0;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct form f = {"", "", "", "", "", "", ""};
	bool form;
	int rc = 0;

	if (a == NULL)
		return ctl_no_memory();
	if (options(ctl, argc, argv, &f) < 0)
		return ctl_usage(&cmd_add);
	form = optind < argc && strcmp(argv[optind], "-") == 0;
	if (optind + form != argc)
		return ctl_usage(&cmd_add);
	if (form)
		rc = read_json(&f, a);
	else if (f.text[0] == '\0')
		rc = isatty(STDIN_FILENO) ? ask(&f, a) : read_words(&f, a);
	return rc != 0 ? rc : add(ctl, &f, a);
}

const struct ctl_command cmd_add = {
    .name = "add",
    .summary = "register a tip of the hotline, a letter, a visit …",
    .help = "add [--channel NAME] [--subject TEXT] [--text TEXT]\n"
	    "           [--received TIME] [--json] [-]\n\n"
	    "The tip is routed, numbered and told to the officer like one by "
	    "mail.  Channels:\nhotline, letter, visit, inspection, transfer.  "
	    "On a terminal what is missing is\nasked for; with - a JSON object "
	    "is read from standard input (channel, subject,\ntext, received, "
	    "and of the reporter name, phone, address: strings, all but text\n"
	    "may be missing); other input is the text.  Who reported is never "
	    "an option, for\neverybody on the machine can see those.\n\n"
	    "Prints the number, and the query code to be told to the reporter; "
	    "with an address\nthe code goes there by mail instead.  "
	    "--received is when the office heard of it;\ndeadlines run from "
	    "now.\n\n"
	    "Examples:\n"
	    "  cluectl add\n"
	    "  cluectl add --channel hotline --subject 渣土车夜间倾倒 "
	    "< notes.txt\n"
	    "  cluectl add - < form.json\n",
    .needs_conf = true,
    .store_mode = STORE_CREATE,
    .run = run,
};
