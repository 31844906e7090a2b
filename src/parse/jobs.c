/* SPDX-License-Identifier: ISC */
#include "parse/jobs.h"

#include <stdlib.h>
#include <unistd.h>

void
job_free(struct job *j)
{
	(void)close(j->fd);
	free(j);
}

void
jobs_init(struct jobs *l)
{
	l->head = NULL;
	l->tail = &l->head;
	l->n = 0;
}

void
jobs_append(struct jobs *l, struct job *j)
{
	j->next = NULL;
	*l->tail = j;
	l->tail = &j->next;
	l->n++;
}

struct job *
jobs_take(struct jobs *l)
{
	struct job *j = l->head;

	if (j == NULL)
		return NULL;
	l->head = j->next;
	if (l->head == NULL)
		l->tail = &l->head;
	l->n--;
	return j;
}

void
jobs_prepend(struct jobs *to, struct jobs *from)
{
	if (from->head == NULL)
		return;
	*from->tail = to->head;
	if (to->head == NULL)
		to->tail = from->tail;
	to->head = from->head;
	to->n += from->n;
	jobs_init(from);
}

void
jobs_done(struct jobs *l)
{
	struct job *j;

	while ((j = jobs_take(l)) != NULL)
		job_free(j);
}
