/* SPDX-License-Identifier: ISC */
#ifndef CTL_ARCHIVE_H
#define CTL_ARCHIVE_H

struct archive_facts;
struct ctl;
struct err;

/* What a backup holds, for people or as JSON with `what` as the key of its
 * folder; kept: where the store before it went, NULL = nothing to say. */
void ctl_archive(struct ctl *ctl, const char *what, const char *dir,
    const struct archive_facts *facts, const char *kept);
/* Prints the failure; CTL_FINDING for a backup that is not whole. */
int ctl_archive_fail(const struct err *err);

#endif
