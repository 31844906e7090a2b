/* SPDX-License-Identifier: ISC */
#include "core/unit_letters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/take.h"
#include "letter/letter.h"
#include "report/period.h"
#include "report/unit_form.h"
#include "store/store.h"

const char form_xlsx_type[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/* Beside those of the caller. */
#define OWN_FIELDS 3

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- letters -------------------------------------------------------------- */

static const struct person_conf *
addressee(const struct take_context *c, const struct form_letter *l)
{
	const struct roster_conf *roster = &c->conf->roster;

	return l->to != NULL ? l->to : &roster->persons[roster->office];
}

static int
enqueue(const struct take_context *c, const struct form_letter *l,
    const struct letter_request *r, const struct buf *bytes, struct arena *a,
    struct err *err)
{
	const struct roster_conf *roster = &c->conf->roster;
	const struct letter_record row = {
	    .clue = l->clue,
	    .kind = r->template_id,
	    .to_person = l->unit < 0
		? addressee(c, l)->id
		: arena_printf(a, UNIT_PREFIX "%s", roster->units[l->unit].id),
	    .rcpt_to = r->to_addr,
	    .message_id = r->message_id,
	    .state = LETTER_READY,
	    .created_s = l->now_s,
	    .next_try_s = l->now_s,
	    .result = "",
	};
	int64_t id;

	if (row.to_person == NULL)
		return no_memory(err);
	return store_letter_add(
	    c->store, &row, bytes->data, bytes->len, &id, err);
}

static int
fill_fields(const struct take_context *c, const struct form_letter *l,
    struct arena *a, struct letter_field *out)
{
	struct civil due = {0};
	char *received = arena_alloc(a, LETTER_TIME_SIZE);

	if (l->period != NULL)
		civil_from_day(unit_form_due(c->conf, l->period), &due);
	if (received != NULL)
		letter_time(c->conf->zone, l->now_s, received);
	out[0] = (struct letter_field){"period", l->period == NULL
		? ""
		: arena_printf(
		      a, "%d年%d月", l->period->year, l->period->month)};
	out[1] = (struct letter_field){"due", l->period == NULL
		? ""
		: arena_printf(
		      a, "%d年%d月%d日", due.year, due.month, due.day)};
	out[2] = (struct letter_field){"received", received};
	if (l->n_fields > 0)
		memcpy(out + OWN_FIELDS, l->fields,
		    l->n_fields * sizeof(*out));
	for (size_t i = 0; i < OWN_FIELDS + l->n_fields; i++)
		if (out[i].value == NULL)
			return -1;
	return 0;
}

int
form_letter(const struct take_context *c, const struct form_letter *l,
    struct arena *a, struct err *err)
{
	BUF_AUTO struct buf bytes = BUF_INIT;
	const struct roster_conf *roster = &c->conf->roster;
	const struct person_conf *person = addressee(c, l);
	struct letter_field *fields =
	    arena_array(a, OWN_FIELDS + l->n_fields, sizeof(*fields));
	struct letter_request r = {
	    .template_id = l->template_id,
	    .to_addr = l->unit < 0 ? person->address
				   : roster->units[l->unit].address,
	    .to_name =
		l->unit < 0 ? person->name : roster->units[l->unit].name,
	    .message_id = letter_message_id(c->conf, a),
	    .in_reply_to = l->in_reply_to,
	    .references = l->in_reply_to,
	    .auto_submitted = l->in_reply_to[0] != '\0' ? "auto-replied"
							: "auto-generated",
	    .date_s = l->now_s,
	    .fields = fields,
	    .n_fields = OWN_FIELDS + l->n_fields,
	    .attachments = l->files,
	    .n_attachments = l->n_files,
	};

	if (fields == NULL || r.message_id == NULL ||
	    fill_fields(c, l, a, fields) < 0)
		return no_memory(err);
	if (letter_draft(c->conf, &r, &bytes, err) < 0 ||
	    enqueue(c, l, &r, &bytes, a, err) < 0)
		return err_at(err, "%s", l->template_id);
	return 0;
}

/* -- workbooks ------------------------------------------------------------ */

static int
read_whole(const char *path, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char piece[16384];
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, piece, sizeof(piece))) > 0 &&
	       out->len <= MAX_LETTER_BYTES)
		buf_add(out, piece, (size_t)n);
	if (n < 0)
		(void)err_errno(err, errno, "read %s", path);
	if (fd >= 0)
		(void)close(fd);
	if (n == 0 && buf_bad(out))
		return no_memory(err);
	return n < 0 ? -1 : 0;
}

int
form_bytes(int (*write)(void *arg, const char *path, struct err *err),
    void *arg, struct buf *out, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char folder[200], path[220];
	int rc;

	(void)snprintf(folder, sizeof(folder), "%s/clued-form.XXXXXX",
	    tmp != NULL && tmp[0] == '/' && strlen(tmp) < 150 ? tmp : "/tmp");
	if (mkdtemp(folder) == NULL)
		return err_errno(err, errno, "make %s", folder);
	(void)snprintf(path, sizeof(path), "%s/form.xlsx", folder);
	rc = write(arg, path, err);
	if (rc == 0)
		rc = read_whole(path, out, err);
	(void)unlink(path);
	(void)rmdir(folder);
	return rc;
}

struct blank {
	const struct conf *conf;
	int unit;
	const struct period *period;
};

static int
write_blank(void *arg, const char *path, struct err *err)
{
	const struct blank *b = arg;

	return unit_form_blank(b->conf, b->unit, b->period, path, err);
}

int
form_blank_file(const struct take_context *c, int unit,
    const struct period *period, struct arena *a, struct buf *bytes,
    struct letter_attachment *file, struct err *err)
{
	struct blank b = {c->conf, unit, period};

	if (form_bytes(write_blank, &b, bytes, err) < 0)
		return -1;
	*file = (struct letter_attachment){
	    .name = arena_printf(a, "%s月报表-%s.xlsx",
		c->conf->roster.units[unit].name, period->name),
	    .type = form_xlsx_type,
	    .data = bytes->data,
	    .len = bytes->len,
	};
	return file->name == NULL ? no_memory(err) : 0;
}
