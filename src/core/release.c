/* SPDX-License-Identifier: ISC */
#include "core/release.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/step.h"
#include "core/attach.h"
#include "core/letters.h"
#include "core/take.h"
#include "store/store.h"

static int
mark_released(const struct take_context *c, int64_t message,
    const struct attach_list *files, struct arena *a, struct err *err)
{
	struct attachment_record *list;
	size_t n;

	if (store_attachments(c->store, message, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < files->n; i++) {
		if (files->index[i] >= n)
			return err_set(err, ERR_BUG, ERR_OWN, 0,
			    "the message has changed since it was stored");
		list[files->index[i]].released = true;
		if (store_attachment_update(
			c->store, &list[files->index[i]], err) < 0)
			return -1;
	}
	return 0;
}

static int
write_event(const struct take_context *c, const struct clue_record *clue,
    const struct attach_list *files, const char *actor, int64_t now_s,
    struct arena *a, struct err *err)
{
	const struct event_record e = {.clue = clue->id,
	    .at_s = now_s,
	    .kind = "released",
	    .actor = actor,
	    .detail = arena_printf(a, "%zu attachments, %zu bytes, to %s",
		files->n, files->bytes, clue->officer)};

	if (e.detail == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return store_event_add(c->store, &e, err);
}

int
release_attachments(const struct take_context *c,
    const struct clue_record *clue, int64_t row,
    const struct message *message, const char *actor, int64_t now_s,
    struct arena *a, size_t *n_out, struct err *err)
{
	struct attach_list *files = arena_alloc(a, sizeof(*files));
	BUF_AUTO struct buf held = BUF_INIT;

	if (files == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (attach_sort(message, ATTACH_HELD, a, files, &held, err) < 0)
		return -1;
	*n_out = files->n;
	if (files->n == 0)
		return 0;
	if (store_begin(c->store, err) < 0)
		return -1;
	if (letters_release(
		c, clue, files, buf_str(&held), now_s, a, err) < 0 ||
	    mark_released(c, row, files, a, err) < 0 ||
	    write_event(c, clue, files, actor, now_s, a, err) < 0)
		goto undo;
	step("release-before-commit");
	if (store_commit(c->store, err) < 0)
		goto undo;
	return 0;
undo:
	store_rollback(c->store);
	return -1;
}
