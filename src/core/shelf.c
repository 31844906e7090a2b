/* SPDX-License-Identifier: ISC */
#include "core/shelf.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/step.h"
#include "core/pipeline.h"
#include "core/take.h"
#include "parse/message.h"
#include "store/store.h"

bool
shelf_holds(const struct stored_message *m)
{
	static const char *const kinds[] = {
	    "quarantine", "suspected-spam", "empty", "auto", "list", "bounce"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(m->record.kind, kinds[i]) == 0)
			return m->record.clue == 0;
	return false;
}

static int
add_event(const struct take_context *c, const char *kind, const char *actor,
    const char *detail, int64_t now_s, struct err *err)
{
	const struct event_record e = {
	    .at_s = now_s, .kind = kind, .actor = actor, .detail = detail};

	if (detail == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return store_event_add(c->store, &e, err);
}

/* Inside the transaction. */
static int
take_up(const struct take_context *c, const struct stored_message *m,
    const struct message *decoded, const struct take_again *again,
    const char *actor, int64_t now_s, struct arena *a, struct take_output *out,
    struct err *err)
{
	const struct pipeline_source from = {
	    .channel = m->record.channel,
	    .mailbox = "",
	    .folder = m->record.kind,
	    .internal_s = m->record.internal_s,
	    .oversize = (m->record.defects & DEFECT_OVERSIZE) != 0,
	};
	struct take_input in = {
	    .from = &from, .message = decoded, .now_s = now_s};

	memcpy(in.sha256, m->record.sha256, SHA256_BYTES);
	if (take_message_again(c, &in, again, a, out, err) < 0)
		return -1;
	return add_event(c,
	    again->as_tip != NULL ? "unshelved" : "unquarantined", actor,
	    arena_printf(a, "message %lld: %s, now %s %s", (long long)m->id,
		m->record.kind, out->kind, out->number),
	    now_s, err);
}

static int
take_up_now(const struct take_context *c, const struct stored_message *m,
    const struct message *decoded, const struct take_again *again,
    const char *actor, int64_t now_s, struct arena *a, struct take_output *out,
    struct err *err)
{
	if (!shelf_holds(m))
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "message %lld has been taken up already", (long long)m->id);
	if (store_begin(c->store, err) < 0)
		return -1;
	if (take_up(c, m, decoded, again, actor, now_s, a, out, err) < 0)
		goto undo;
	step("shelf-before-commit");
	if (store_commit(c->store, err) < 0)
		goto undo;
	return 0;
undo:
	store_rollback(c->store);
	return -1;
}

int
shelf_retry(const struct take_context *c, const struct stored_message *m,
    const struct message *decoded, const char *actor, int64_t now_s,
    struct arena *a, struct take_output *out, struct err *err)
{
	const struct take_again again = {.row = m->id};

	return take_up_now(c, m, decoded, &again, actor, now_s, a, out, err);
}

int
shelf_release(const struct take_context *c, const struct stored_message *m,
    const struct message *decoded, const char *actor, int64_t now_s,
    struct arena *a, struct take_output *out, struct err *err)
{
	const struct take_again again = {
	    .row = m->id, .as_tip = "released by the office"};

	return take_up_now(c, m, decoded, &again, actor, now_s, a, out, err);
}

int
shelf_write(const struct take_context *c, const struct stored_message *m,
    const struct message *words, const char *actor, int64_t now_s,
    struct arena *a, struct take_output *out, struct err *err)
{
	const struct take_again again = {.row = m->id,
	    .as_tip = "in the office's own words",
	    .by_hand = true};

	return take_up_now(c, m, words, &again, actor, now_s, a, out, err);
}

int
shelf_seen(const struct take_context *c, int64_t message, const char *actor,
    int64_t now_s, struct arena *a, struct err *err)
{
	const char *detail =
	    arena_printf(a, "message %lld: raw bytes", (long long)message);

	if (store_begin(c->store, err) < 0)
		return -1;
	if (add_event(c, "raw-seen", actor, detail, now_s, err) == 0 &&
	    store_commit(c->store, err) == 0)
		return 0;
	store_rollback(c->store);
	return -1;
}
