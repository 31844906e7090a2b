/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/conf.h"
#include "core/check.h"
#include "ctl/ctl.h"
#include "ctl/decision.h"
#include "route/route.h"

/* The value of a string member; "" when absent; NULL when it is none. */
static const char *
text_of(const json_t *object, const char *name)
{
	const json_t *v = json_object_get(object, name);

	if (v == NULL || json_is_null(v))
		return "";
	return json_string_value(v);
}

/* ids may be strings or numbers; they come back as they were. */
static int
add_id(struct buf *b, const json_t *object)
{
	const json_t *id = json_object_get(object, "id");
	char *text;

	if (id == NULL) {
		buf_adds(b, "null");
		return 0;
	}
	text = json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT);
	if (text == NULL)
		return -1;
	buf_adds(b, text);
	free(text);
	return 0;
}

static int
route_object(struct ctl *ctl, const json_t *object, struct err *err)
{
	const char *subject = text_of(object, "subject");
	const char *text = text_of(object, "text");
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;
	struct route_decision d;

	if (!json_is_object(object) || subject == NULL || text == NULL)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "an object with strings \"subject\" and \"text\" is "
		    "wanted");
	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (route_decide(ctl->route, subject, text, a, &d, err) < 0)
		return -1;
	buf_adds(&b, "{\"id\":");
	if (add_id(&b, object) < 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	buf_addc(&b, ',');
	decision_json(&b, ctl->conf, &d);
	buf_adds(&b, "}\n");
	if (buf_bad(&b))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	ctl_out(&b);
	return 0;
}

static int
route_line(struct ctl *ctl, const char *line, size_t len, struct err *err)
{
	json_error_t bad;
	json_t *object = json_loadb(line, len, 0, &bad);
	int rc;

	if (object == NULL)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "no JSON: %s (column %d)", bad.text, bad.column);
	rc = route_object(ctl, object, err);
	json_decref(object);
	return rc;
}

static int
route_all(struct ctl *ctl, FILE *in)
{
	char *line = NULL;
	size_t size = 0, number = 0;
	int status = CTL_OK;
	struct err err;
	char text[512];
	ssize_t n;

	while ((n = getline(&line, &size, in)) > 0) {
		number++;
		if (strspn(line, " \t\r\n") == (size_t)n)
			continue;
		if (route_line(ctl, line, (size_t)n, &err) == 0)
			continue;
		(void)fprintf(stderr, "cluectl: line %zu: %s\n", number,
		    err_text(&err, text, sizeof(text)));
		status = CTL_FINDING;
	}
	free(line);
	return status;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"rules", required_argument, NULL, 'r'}, {NULL, 0, NULL, 0}};
	struct conf_options how = {
	    .no_secrets = true, .no_warnings = true};
	FILE *in = stdin;
	struct err err;
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			how.rules = optarg;
		else if (c != 'j')
			return ctl_usage(&cmd_route);
	}
	if (optind + 1 < argc)
		return ctl_usage(&cmd_route);
	if (check_load(ctl->conf_path, &how, &ctl->conf, &ctl->route,
		stderr, &err) < 0)
		return ctl_refused(&err);
	if (optind < argc && (in = fopen(argv[optind], "re")) == NULL) {
		(void)fprintf(stderr, "cluectl: cannot open the file: %s\n",
		    strerror(errno));
		return CTL_USAGE;
	}
	status = route_all(ctl, in);
	if (in != stdin)
		(void)fclose(in);
	return status;
}

const struct ctl_command cmd_route = {
    .name = "route",
    .summary = "try the rules on texts, nothing is written",
    .help = "route [--json] [--rules FILE] [FILE]\n\n"
	    "Reads one JSON object a line (\"id\", \"subject\", \"text\") "
	    "and writes one a line\nwith the decision: domain, score, margin, "
	    "runner-up, all scores, area, and every\nterm that counted with "
	    "its place (byte offset) in subject or text.\n\n"
	    "  --rules FILE  other rules than the configuration's\n\n"
	    "Example:\n"
	    "  echo '{\"id\":1,\"subject\":\"举报\",\"text\":\"渣土车强揽"
	    "\"}' | cluectl route\n",
    .needs_conf = false,
    .store_mode = -1,
    .run = run,
};
