/* SPDX-License-Identifier: ISC */
#include "core/vouch.h"

#include <string.h>

#include "conf/conf.h"
#include "core/pipeline.h"
#include "intake/auth.h"
#include "parse/message.h"

bool
vouch_for(const struct conf *conf, const struct pipeline_source *from,
    const struct message *m)
{
	const struct mailbox_conf *box = NULL;

	for (size_t i = conf->n_mailboxes; i > 0; i--)
		if (i == 1 ||
		    strcmp(conf->mailboxes[i - 1].id, from->mailbox) == 0) {
			box = &conf->mailboxes[i - 1];
			break;
		}
	return box == NULL || box->authserv_id[0] == '\0' ||
	       auth_vouches(
		   m->signs.auth_results, box->authserv_id, m->from.addr);
}
