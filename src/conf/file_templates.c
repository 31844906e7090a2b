/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "letter/letter.h"

/* Letters that the program sends; further files may lie there. */
static const char *const needed[] = {"notice", "reminder", "expired", "triage",
    "letter-failed", "accused-to-discipline", "alarm", "release", "urging",
    "criticism", "deadlines-moved", "transcript", "ruling", "request",
    "concluded", "not-obeyed", "major", "daily-sheet", "digest", "summary",
    "acknowledgement", "ack-state", "ack-unknown", "ack-closed",
    "ack-question", "followup", "unit-received", "unit-refused", "unit-note",
    "unit-reminder", "form-draft", "form-reminder", "transfer-letter"};

/* `what` is "file:line: …" already; ours would say it twice. */
static void
report(struct load *l, const char *file, const struct err *err)
{
	struct place at = {file, 0};
	size_t len = strlen(file);
	const char *what = err->what;
	char *rest;

	if (err->kind == ERR_SYSTEM)
		l->no_memory = true;
	if (strncmp(what, file, len) == 0 && what[len] == ':') {
		at.line = (int)strtol(what + len + 1, &rest, 10);
		what = rest + strspn(rest, ": ");
	}
	load_mistake(l, at, "%s", what);
}

static void
read_template(struct load *l, const char *dir, const char *name,
    struct place from, struct template_conf *out)
{
	size_t len, id_len = strlen(name) - strlen(".txt");
	struct err err;
	char *text;

	out->file = load_path(l, dir, name);
	out->id = arena_memdup(l->keep, name, id_len);
	out->text = "";
	if (out->id == NULL) {
		out->id = "";
		l->no_memory = true;
		return;
	}
	if (file_read(l, out->file, from, NULL, &text, &len) < 0)
		return;
	out->text = load_text(l, text);
	free(text);
	if (letter_read_template(out->id, out->text, out->file, l->keep,
		&out->parsed, &err) < 0)
		report(l, out->file, &err);
}

static void
check_needed(struct load *l, const char *dir, struct place from)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (conf_template(l->conf, needed[i]) == NULL)
			load_mistake(l, from, "template %s/%s.txt is missing",
			    dir, needed[i]);
}

void
load_templates(struct load *l, const char *dir, struct place from)
{
	const char **names;
	size_t n = folder_list(l, dir, from, ".txt", &names);
	struct template_conf *out = load_array(l, n, sizeof(*out));

	if (out == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		read_template(l, dir, names[i], from, &out[i]);
	l->conf->templates = out;
	l->conf->n_templates = n;
	check_needed(l, dir, from);
}
