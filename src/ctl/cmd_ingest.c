/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "core/pipeline.h"
#include "ctl/ctl.h"
#include "ctl/file.h"
#include "store/store.h"

struct ingest {
	struct ctl *ctl;
	char **files;
	size_t n_bad;
};

/* Says what became of one file. */
static void
on_taken(void *arg, const struct pipeline_source *from,
    const struct pipeline_taken *what)
{
	struct ingest *in = arg;
	const char *file = in->files[from->tag];
	BUF_AUTO struct buf b = BUF_INIT;

	if (strcmp(what->kind, "quarantine") == 0)
		in->n_bad++;
	if (in->ctl->json) {
		buf_adds(&b, "{\"file\":");
		json_add_cstr(&b, file);
		buf_adds(&b, ",\"kind\":");
		json_add_cstr(&b, what->kind);
		buf_adds(&b, ",\"number\":");
		json_add_cstr(&b, what->number);
		buf_addf(&b, ",\"repeat\":%s}\n",
		    what->repeat ? "true" : "false");
	} else {
		str_add_printable(&b, file, strlen(file), false);
		buf_addf(&b, ": %s%s%s%s\n",
		    what->repeat ? "already there" : what->kind,
		    what->number[0] != '\0' ? " " : "", what->number,
		    what->repeat ? ", nothing written" : "");
	}
	ctl_out(&b);
}

static void
complain(struct ingest *in, const char *file, const struct err *err)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char text[512];

	in->n_bad++;
	str_add_printable(&b, file, strlen(file), false);
	(void)fprintf(stderr, "cluectl: %s: %s\n", buf_str(&b),
	    err_text(err, text, sizeof(text)));
}

static int
wait_and_step(struct pipeline *p, struct err *err)
{
	struct pollfd pfd = {.fd = pipeline_poll_fd(p), .events = POLLIN};

	(void)poll(&pfd, 1, pipeline_timeout_ms(p));
	return pipeline_step(p, err);
}

static int
ingest_all(struct ingest *in, struct pipeline *p, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct pipeline_source from = {
		    .channel = "file",
		    .mailbox = "",
		    .folder = "",
		    .tag = i,
		};
		struct err bad;
		int fd, rc;

		if (file_to_memfd(in->files[i], MAX_MESSAGE_BYTES, &fd,
			&bad) < 0) {
			complain(in, in->files[i], &bad);
			continue;
		}
		rc = pipeline_on_message(p, &from, fd, BARE_NOT, err);
		(void)close(fd);
		if (rc < 0)
			return -1;
		while (pipeline_pending(p) >= MAX_WINDOW_MESSAGES)
			if (wait_and_step(p, err) < 0)
				return -1;
	}
	while (pipeline_pending(p) > 0)
		if (wait_and_step(p, err) < 0)
			return -1;
	return 0;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	struct ingest in = {.ctl = ctl};
	struct pipeline *p;
	struct err err;
	int rc;

	if (ctl_json_only(ctl, &cmd_ingest, argc, argv) < 0)
		return CTL_USAGE;
	if (optind == argc)
		return ctl_usage(&cmd_ingest);
	in.files = argv + optind;
	if (pipeline_new(ctl->conf, ctl->route, ctl->store, on_taken, &in, &p,
		&err) < 0)
		return ctl_fail(&err);
	rc = ingest_all(&in, p, (size_t)(argc - optind), &err);
	pipeline_free(&p);
	if (rc < 0)
		return ctl_fail(&err);
	return in.n_bad > 0 ? CTL_FINDING : CTL_OK;
}

const struct ctl_command cmd_ingest = {
    .name = "ingest",
    .summary = "take mail from files, like mail from a mailbox",
    .help = "ingest [--json] FILE…\n\n"
	    "FILE is a message as it came (.eml), - is standard input.  A "
	    "message that is in\nthe store already is left alone.  Exit "
	    "status 1 when a file could not be read\nor went to "
	    "quarantine.\n\n"
	    "Example:\n"
	    "  cluectl ingest tip.eml\n",
    .needs_conf = true,
    .store_mode = STORE_CREATE,
    .run = run,
};
