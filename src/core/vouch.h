/* SPDX-License-Identifier: ISC */
#ifndef CORE_VOUCH_H
#define CORE_VOUCH_H

#include <stdbool.h>

struct conf;
struct message;
struct pipeline_source;

/* Whether the provider of the mailbox vouches for the mail's author, or is not
 * asked to (no authserv_id).  A file's mailbox is the first. */
bool vouch_for(const struct conf *conf, const struct pipeline_source *from,
    const struct message *m);

#endif
