/* SPDX-License-Identifier: ISC */
#include "core/letters_citizen.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/take.h"
#include "letter/letter.h"
#include "store/store.h"

/* "" when there is none that may stand in a header. */
static int
message_id_of(const struct take_context *c, int64_t message, struct arena *a,
    const char **out, struct err *err)
{
	struct stored_message m;
	int rc;

	*out = "";
	if (message == 0)
		return 0;
	rc = store_message_by_id(c->store, message, a, &m, err);
	if (rc == 1 && strcmp(m.record.channel, "mail") == 0)
		*out = m.record.message_id;
	return rc < 0 ? -1 : 0;
}

int
letters_citizen(const struct take_context *c, const struct letters_citizen *l,
    struct arena *a, struct err *err)
{
	BUF_AUTO struct buf bytes = BUF_INIT;
	struct letter_request r = {
	    .template_id = l->template_id,
	    .to_addr = l->address,
	    .to_name = "",
	    .message_id = letter_message_id(c->conf, a),
	    .references = "",
	    .auto_submitted = "auto-replied",
	    .date_s = l->now_s,
	    .fields = l->fields,
	    .n_fields = l->n_fields,
	};
	struct letter_record record;
	int64_t id;

	if (r.message_id == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (message_id_of(c, l->message, a, &r.in_reply_to, err) < 0 ||
	    letter_draft(c->conf, &r, &bytes, err) < 0)
		return err_at(err, "letter to a citizen");
	record = (struct letter_record){
	    .clue = l->clue,
	    .kind = l->template_id,
	    .to_person = "",
	    .rcpt_to = l->address,
	    .message_id = r.message_id,
	    .state = LETTER_READY,
	    .created_s = l->now_s,
	    .next_try_s = l->now_s,
	    .result = "",
	};
	return store_letter_add(
	    c->store, &record, bytes.data, bytes.len, &id, err);
}
