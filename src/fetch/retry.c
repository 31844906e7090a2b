/* SPDX-License-Identifier: ISC */
#include "fetch/retry.h"

uint32_t
retry_delay_s(enum retry_cause cause, unsigned n, uint32_t random)
{
	static const struct { uint32_t first, most; } waits[] = {
	    [RETRY_NETWORK] = {10, 900}, [RETRY_REFUSAL] = {300, 3600}};
	uint32_t wait_s = waits[cause].first;

	while (n > 1 && wait_s < waits[cause].most) {
		wait_s *= 2;
		n--;
	}
	wait_s += random % (wait_s / 4 + 1);
	return wait_s < waits[cause].most ? wait_s : waits[cause].most;
}
