/* SPDX-License-Identifier: ISC */
#include "fetch/mark.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/step.h"
#include "base/str.h"
#include "base/zone.h"
#include "fetch/peer.h"
#include "fetch/session.h"
#include "fetch/uids.h"
#include "fetch/utf7.h"
#include "fetch/wire.h"

/* Servers may tell of every message that moved. */
static const struct firewall_grant grant_mark = {
    .lines = 1000000, .line_bytes = 64 << 20};

/* ---- can it be done at all ---------------------------------------------- */

/* PERMANENTFLAGS: \* = new keywords are kept, or this one is there already. */
static bool
keeps_keyword(const struct session *s)
{
	const struct firewall_seen *seen = firewall_seen(s->stream.fw);
	const char *word = s->conf->mark_with;
	size_t len = strlen(word);

	if (!seen->has_permanent)
		return true;
	for (const char *p = seen->permanent; *p != '\0';) {
		size_t n = strcspn(p, " ");

		if ((n == 2 && memcmp(p, "\\*", 2) == 0) ||
		    (n == len && strncasecmp(p, word, n) == 0))
			return true;
		p += n + strspn(p + n, " ");
	}
	return false;
}

int
mark_check(struct session *s, struct err *err)
{
	const char *name = s->conf->folders[s->folder].name;

	s->scope = SCOPE_FOLDER;
	if (s->conf->mark == FETCH_MARK_NOTHING)
		return 0;
	if (s->read_only)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "folder \"%s\" is read-only for this account: taken mail "
		    "cannot be marked; set mark = \"nothing\"", name);
	if (s->conf->mark == FETCH_MARK_MOVE && !s->has_move)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "%s has no MOVE, and deleting instead could take along "
		    "other people's mail; set mark = \"keyword\" or "
		    "\"nothing\"", s->conf->host);
	if (s->conf->mark == FETCH_MARK_KEYWORD && !keeps_keyword(s))
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "folder \"%s\" keeps no keywords of ours: taken mail "
		    "cannot be marked; set mark = \"move\" or \"nothing\"",
		    name);
	return 0;
}

/* ---- the commands ------------------------------------------------------- */

static void
put_quoted(struct buf *out, const char *s)
{
	buf_addc(out, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_addc(out, '\\');
		buf_addc(out, *s);
	}
	buf_addc(out, '"');
}

/* The name of the folder that mail is moved to, ready for a command. */
static void
put_target(struct buf *out, const struct session *s)
{
	BUF_AUTO struct buf coded = BUF_INIT;

	(void)utf7_put(&coded, s->conf->mark_with);
	put_quoted(out, buf_str(&coded));
}

static int
send_mark(struct session *s, const char *set)
{
	BUF_AUTO struct buf target = BUF_INIT;

	if (s->conf->mark == FETCH_MARK_KEYWORD)
		return session_send(s, "UID STORE %s +FLAGS.SILENT (%s)", set,
		    s->conf->mark_with);
	put_target(&target, s);
	return session_send(s, "UID MOVE %s %s", set, buf_str(&target));
}

static int
fail_mark(struct session *s, struct err *err)
{
	char text[160];

	s->scope = SCOPE_FOLDER;
	(void)session_text(s, text, sizeof(text));
	if (s->conf->mark == FETCH_MARK_MOVE)
		return err_set(err, ERR_CONF, ERR_ETPAN, MAILIMAP_ERROR_MOVE,
		    "taken mail cannot be moved to \"%s\": %s. Create that "
		    "folder in the mailbox, or set another one",
		    s->conf->mark_with, text);
	return err_set(err, ERR_CONF, ERR_ETPAN, MAILIMAP_ERROR_STORE,
	    "taken mail cannot be marked with \"%s\": %s",
	    s->conf->mark_with, text);
}

int
mark_check_target(struct session *s, struct err *err)
{
	BUF_AUTO struct buf command = BUF_INIT;
	enum answer a;

	if (s->conf->mark != FETCH_MARK_MOVE)
		return 0;
	buf_adds(&command, "STATUS ");
	put_target(&command, s);
	buf_adds(&command, " (UIDNEXT)");
	a = session_ask(s, buf_str(&command), err);
	if (a == ANSWER_LOST)
		return -1;
	return a == ANSWER_OK ? 0 : fail_mark(s, err);
}

/* One command's worth from the front of the list; how many, or -1. */
static int
mark_some(struct session *s, const struct uids *list, size_t from,
    struct err *err)
{
	BUF_AUTO struct buf set = BUF_INIT;
	struct uid_set us = {&set, 0, 0};
	size_t n = from;
	enum answer a;
	int tag;

	while (n < list->n && set.len <= MAX_SET_BYTES)
		uid_set_add(&us, list->v[n++], false);
	uid_set_end(&us);
	tag = send_mark(s, buf_str(&set));
	a = session_answer(s, tag, &grant_mark, 1000 * (n - from) / 100, err);
	if (a == ANSWER_LOST)
		return -1;
	if (a != ANSWER_OK)
		return fail_mark(s, err);
	step("fetch-marked");
	return (int)(n - from);
}

/* Takes what was marked off the list. */
static int
mark_list(struct session *s, struct uids *list, struct err *err)
{
	size_t done = 0;
	int n = 0;

	uids_sort(list);
	while (done < list->n && n >= 0) {
		n = mark_some(s, list, done, err);
		if (n > 0)
			done += (size_t)n;
	}
	memmove(list->v, list->v + done, (list->n - done) * sizeof(*list->v));
	list->n -= done;
	return n < 0 ? -1 : 0;
}

int
mark_acknowledged(struct session *s, struct peer *p, struct err *err)
{
	struct uids *list = &p->to_mark[s->folder];

	if (s->conf->mark == FETCH_MARK_NOTHING || list->n == 0)
		return 0;
	if (mark_check(s, err) < 0)
		return -1;
	return mark_list(s, list, err);
}

/* ---- leftovers ---------------------------------------------------------- */

/* SEARCH knows days only: the day after, so that no message from before
 * since_s is touched in any time zone. */
static void
put_since(struct buf *out, int64_t since_s)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil c;

	if (since_s == 0)
		return;
	civil_from_day((int32_t)(since_s / 86400) + 2, &c);
	buf_addf(out, " SINCE %d-%s-%04d", c.day, months[c.month - 1], c.year);
}

static bool
is_done_with(const struct peer *p, const struct session *s,
    const struct fetch_known *k, uint32_t uid)
{
	const struct window *w = &p->window;

	if (uid >= k->next)
		return uids_has(k->done, k->n_done, uid);
	if (uids_has(k->again, k->n_again, uid))
		return false;
	for (size_t i = 0; i < w->n_sent; i++) {
		if (w->sent[i].uid == uid &&
		    w->sent[i].folder == (uint32_t)s->folder)
			return false;
	}
	return true;
}

/* The server's list of unmarked messages; empty when it cannot search. */
static int
search_unmarked(struct session *s, struct err *err)
{
	BUF_AUTO struct buf keys = BUF_INIT;
	int tag;

	if (s->conf->mark == FETCH_MARK_KEYWORD)
		buf_addf(&keys, "UNKEYWORD %s", s->conf->mark_with);
	else
		buf_adds(&keys, "ALL");
	put_since(&keys, s->conf->since_s);
	tag = session_send(s, "UID SEARCH %s", buf_str(&keys));
	if (session_answer(s, tag, &session_search, 0, err) == ANSWER_LOST)
		return -1;
	return 0;
}

int
mark_leftovers(struct session *s, struct peer *p,
    const struct fetch_known *known, struct err *err)
{
	struct uids *list = &p->to_mark[s->folder];
	struct mailimap_response_info *info;

	if (s->conf->mark == FETCH_MARK_NOTHING || s->exists == 0 ||
	    (known->next == 1 && known->n_done == 0))
		return 0;
	if (mark_check(s, err) < 0 || search_unmarked(s, err) < 0)
		return -1;
	info = s->imap->imap_response_info;
	if (info == NULL || info->rsp_search_result == NULL)
		return 0;
	for (clistiter *i = clist_begin(info->rsp_search_result); i != NULL;
	    i = clist_next(i)) {
		uint32_t uid = *(uint32_t *)clist_content(i);

		if (is_done_with(p, s, known, uid))
			uids_add(list, uid);
	}
	return mark_list(s, list, err);
}
