/* SPDX-License-Identifier: ISC */
#include "base/sandbox_check.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <string.h>

#include <seccomp.h>

#include "base/err.h"
#include "base/sandbox.h"

/* Numbers that this architecture gives to calls, and some that it does not. */
#define CALLS 600
#define X32_BIT 0x40000000
/* Which no rule asks for. */
#define ODD_VALUE 0x7ed15a5aL
/* Above what is compared. */
#define HIGH_BITS (0x5aUL << 32)

/* ---- a program ---------------------------------------------------------- */

static bool
holds(uint16_t op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default:
		return (a & k) != 0; /* BPF_JSET */
	}
}

static bool
load(const struct seccomp_data *call, uint32_t at, uint32_t *a)
{
	if (at % sizeof(*a) != 0 || at > sizeof(*call) - sizeof(*a))
		return false;
	memcpy(a, (const char *)call + at, sizeof(*a));
	return true;
}

int
sandbox_run(const struct sock_filter *code, size_t n,
    const struct seccomp_data *call, uint32_t *verdict_out)
{
	uint32_t a = 0;

	for (size_t i = 0; i < n; i++) {
		const struct sock_filter *c = &code[i];
		uint16_t op = BPF_OP(c->code);

		if (c->code == (BPF_RET | BPF_K)) {
			*verdict_out = c->k;
			return 0;
		}
		if (c->code == (BPF_LD | BPF_W | BPF_ABS)) {
			if (!load(call, c->k, &a))
				return -1;
		} else if (c->code == (BPF_ALU | BPF_AND | BPF_K)) {
			a &= c->k;
		} else if (c->code == (BPF_JMP | BPF_JA)) {
			i += c->k;
		} else if (BPF_CLASS(c->code) == BPF_JMP &&
			   BPF_SRC(c->code) == BPF_K && op <= BPF_JSET) {
			i += holds(op, a, c->k) ? c->jt : c->jf;
		} else {
			return -1;
		}
	}
	return -1;
}

/* ---- what it should say ------------------------------------------------- */

static bool
is_value(long value, uint64_t arg)
{
	uint64_t v = (uint64_t)value;

	if (v <= UINT32_MAX || value < 0)
		return (uint32_t)arg == (uint32_t)v;
	return arg == v;
}

static bool
allows(const struct sandbox_rule *r, const struct seccomp_data *call)
{
	if (r->syscall != call->nr)
		return false;
	for (int i = 0; i < r->n_values; i++)
		if (is_value(r->values[i], call->args[r->arg]))
			return true;
	return r->n_values == 0;
}

static bool
is_allowed(const struct sandbox_rule *rules, size_t n,
    const struct seccomp_data *call)
{
	for (size_t i = 0; i < n; i++)
		if (allows(&rules[i], call))
			return true;
	return false;
}

struct check {
	const struct sock_filter *code;
	size_t n;
	const struct sandbox_rule *rules;
	size_t n_rules;
	uint32_t other;
	bool more;
};

static bool
is_right(const struct check *c, const struct seccomp_data *call)
{
	uint32_t verdict, wanted = c->other;

	if (sandbox_run(c->code, c->n, call, &verdict) < 0)
		return false;
	if (call->nr == SCMP_SYS(clone3))
		wanted = SECCOMP_RET_ERRNO | ENOSYS;
	else if (is_allowed(c->rules, c->n_rules, call))
		wanted = SECCOMP_RET_ALLOW;
	return verdict == wanted ||
	    (c->more && wanted == c->other && verdict == SECCOMP_RET_ALLOW);
}

/* The arguments that a rule compares, and others. */
static bool
is_right_for_rule(const struct check *c, const struct sandbox_rule *r)
{
	struct seccomp_data call = {
	    .nr = r->syscall, .arch = seccomp_arch_native()};
	__u64 *arg = &call.args[r->arg];

	if (r->syscall < 0)
		return true; /* not on this architecture */
	for (int i = 0; i < r->n_values; i++) {
		*arg = (uint64_t)r->values[i];
		if (!is_right(c, &call))
			return false;
		*arg ^= HIGH_BITS;
		if (!is_right(c, &call))
			return false;
		*arg ^= HIGH_BITS | 0x800;
		if (!is_right(c, &call))
			return false;
	}
	*arg = ODD_VALUE;
	return is_right(c, &call);
}

static bool
is_right_for_call(const struct check *c, int nr)
{
	struct seccomp_data call = {.nr = nr, .arch = seccomp_arch_native()};
	uint32_t verdict;

	if (!is_right(c, &call))
		return false;
	call.nr |= X32_BIT;
	if (sandbox_run(c->code, c->n, &call, &verdict) < 0 ||
	    verdict == SECCOMP_RET_ALLOW)
		return false;
	call.nr = nr;
	call.arch ^= 1; /* another machine's */
	return sandbox_run(c->code, c->n, &call, &verdict) == 0 &&
	       verdict != SECCOMP_RET_ALLOW;
}

int
sandbox_check(const struct sock_filter *code, size_t n,
    const struct sandbox_rule *rules, size_t n_rules, uint32_t other,
    bool more, struct err *err)
{
	struct check c = {code, n, rules, n_rules, other, more};
	bool right = true;

	for (int nr = 0; nr < CALLS && right; nr++)
		right = is_right_for_call(&c, nr);
	for (size_t i = 0; i < n_rules && right; i++)
		right = is_right_for_rule(&c, &rules[i]);
	if (!right)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "the seccomp program of %zu steps is not what the rules "
		    "say; is memory short?", n);
	return 0;
}
