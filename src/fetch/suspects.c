/* SPDX-License-Identifier: ISC */
#include "fetch/suspects.h"

/* The index, or n. */
static unsigned
find(const struct suspects *s, uint32_t uid)
{
	unsigned i = 0;

	while (i < s->n && s->list[i].uid != uid)
		i++;
	return i;
}

enum suspicion
suspects_judge(const struct suspects *s, uint32_t uid)
{
	unsigned i = find(s, uid);

	if (i == s->n)
		return SUSPECT_NO;
	return s->list[i].alone ? SUSPECT_PASS_OVER : SUSPECT_FETCH_ALONE;
}

void
suspects_blame(struct suspects *s, uint32_t uid, bool alone)
{
	unsigned i = find(s, uid);

	if (i == s->n && s->n < MAX_SUSPECTS)
		s->n++;
	else if (i == s->n) {
		i = s->oldest;
		s->oldest = (s->oldest + 1) % MAX_SUSPECTS;
	}
	s->list[i].uid = uid;
	s->list[i].alone = alone;
}

void
suspects_passed(struct suspects *s, uint32_t uid)
{
	unsigned i = find(s, uid);

	if (i < s->n)
		s->list[i].alone = false;
}

void
suspects_clear(struct suspects *s, uint32_t uid)
{
	unsigned i = find(s, uid);

	if (i == s->n)
		return;
	s->list[i] = s->list[--s->n];
	s->oldest = 0;
}
