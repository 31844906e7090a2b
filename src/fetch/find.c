/* SPDX-License-Identifier: ISC */
#include "fetch/take.h"

#include <stdlib.h>

#include <libetpan/libetpan.h>

#include "fetch/session.h"
#include "fetch/uids.h"
#include "fetch/wire.h"

/* UIDs of a mailbox of a million, one line each where SEARCH does not work. */
#define MAX_LISTED 4000000
#define MAX_LISTED_BYTES (160UL << 20)

static const struct firewall_grant grant_list = {
    .lines = MAX_LISTED, .line_bytes = MAX_LISTED_BYTES};

static int
no_memory(struct session *s, struct err *err)
{
	s->scope = SCOPE_CONNECTION;
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
	    "no memory for the list of messages");
}

/* UID SEARCH; 0 = the answer is in list, 1 = the server cannot. */
static int
search(struct session *s, uint32_t next, struct uids *list, struct err *err)
{
	int tag = session_send(s, "UID SEARCH UID %u:*", next);
	enum answer a = session_answer(s, tag, &session_search, 0, err);
	struct mailimap_response_info *info = s->imap->imap_response_info;

	if (a == ANSWER_LOST)
		return -1;
	if (a != ANSWER_OK)
		return 1;
	if (info == NULL || info->rsp_search_result == NULL)
		return 0;
	for (clistiter *i = clist_begin(info->rsp_search_result); i != NULL;
	    i = clist_next(i))
		uids_add(list, *(uint32_t *)clist_content(i));
	return 0;
}

/* Collects the UIDs of a FETCH without bodies. */
static void
on_listed(struct mailimap_msg_att *att, void *arg)
{
	struct uids *list = arg;

	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	    i = clist_next(i)) {
		struct mailimap_msg_att_item *item = clist_content(i);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
		    item->att_data.att_static->att_type ==
			MAILIMAP_MSG_ATT_UID)
			uids_add(list,
			    item->att_data.att_static->att_data.att_uid);
	}
}

/* For servers whose SEARCH is missing or finds nothing. */
static int
list_all(struct taker *t, uint32_t next, struct uids *list, struct err *err)
{
	struct session *s = t->s;
	enum answer a;
	int tag;

	mailimap_set_msg_att_handler(s->imap, on_listed, list);
	tag = session_send(s, "UID FETCH %u:* (UID)", next);
	a = session_answer(s, tag, &grant_list, 0, err);
	if (s->imap != NULL)
		take_attach(t);
	if (a == ANSWER_LOST)
		return -1;
	if (a == ANSWER_OK)
		return 0;
	s->scope = SCOPE_FOLDER;
	return err_set(err, ERR_LATER, ERR_ETPAN, MAILIMAP_ERROR_UID_SEARCH,
	    "the server neither searches nor lists the folder");
}

/* n:* gives the last message even if its UID is below n (RFC 3501 6.4.8), so
 * finding nothing in a folder that is not empty means that SEARCH is broken. */
static int
find_uids(struct taker *t, uint32_t next, struct uids *list, struct err *err)
{
	int r = 0;

	if (t->s->exists > 0) {
		r = search(t->s, next, list, err);
		if (r == 1 || (r == 0 && list->n == 0))
			r = list_all(t, next, list, err);
	}
	uids_sort(list);
	return r == 0 && list->bad ? no_memory(t->s, err) : r;
}

static void
put_item(struct taker *t, uint32_t uid, bool joined)
{
	t->items[t->n++] = (struct item){.uid = uid, .fd = -1,
	    .state = ITEM_NEW, .joined = joined};
}

/* Items from the found UIDs, then those that the core wants once more: last,
 * because a message that always breaks the connection may be among them. */
static int
make_items(struct taker *t, const struct uids *list,
    const struct fetch_known *known, struct err *err)
{
	bool joined = false;

	t->items = calloc(list->n + known->n_again + 1, sizeof(*t->items));
	if (t->items == NULL)
		return no_memory(t->s, err);
	for (size_t i = 0; i < list->n; i++) {
		bool wanted = list->v[i] >= known->next &&
		    !uids_has(known->done, known->n_done, list->v[i]);

		if (wanted)
			put_item(t, list->v[i], joined);
		joined = wanted;
	}
	t->n_new = t->n;
	for (uint32_t i = 0; i < known->n_again; i++)
		put_item(t, known->again[i], false);
	return 0;
}

int
take_find(struct taker *t, const struct fetch_known *known, struct err *err)
{
	UIDS_AUTO struct uids list = UIDS_INIT;

	if (find_uids(t, known->next, &list, err) < 0)
		return -1;
	return make_items(t, &list, known, err);
}

static struct item *
find_in(struct item *items, size_t n, uint32_t uid)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (items[mid].uid < uid)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && items[low].uid == uid ? &items[low] : NULL;
}

struct item *
take_item(const struct taker *t, uint32_t uid)
{
	struct item *it;

	if (t->items == NULL)
		return NULL;
	it = find_in(t->items, t->n_new, uid);
	if (it == NULL)
		it = find_in(t->items + t->n_new, t->n - t->n_new, uid);
	return it;
}
