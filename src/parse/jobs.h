/* SPDX-License-Identifier: ISC */
#ifndef PARSE_JOBS_H
#define PARSE_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lists of the pool's jobs.  A job is in one list at a time. */
struct job {
	struct job *next;
	uint64_t id;	 /* the owner's */
	uint32_t number; /* the pool's, on the wire */
	int fd;		 /* the raw bytes; closed by job_free() */
	bool files;	 /* attachments' bytes are wanted */
	bool more;	 /* what role.h's `more` writes is wanted */
	bool solo;	 /* suspected: runs in a child of its own */
	unsigned tries;	 /* ends without its fault while it was under way */
};

struct jobs {
	struct job *head;
	struct job **tail;
	size_t n;
};

void job_free(struct job *j);

void jobs_init(struct jobs *l);
void jobs_append(struct jobs *l, struct job *j);
/* Takes the first; NULL when there is none. */
struct job *jobs_take(struct jobs *l);
/* Moves all of `from`, in their order, in front of what `to` holds. */
void jobs_prepend(struct jobs *to, struct jobs *from);
/* Frees the jobs in the list. */
void jobs_done(struct jobs *l);

#endif
