/* SPDX-License-Identifier: ISC */
#include "route/phone.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/conf.h"

#define LEAST_DIGITS 7

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A mark that people put between the groups of a number. */
static bool
is_joint(char c)
{
	return c != '\0' && strchr("-.,/_:~", c) != NULL;
}

/* Letters that stand for digits inside a number: 138OOO0l234. */
static char
lookalike(const char *text, size_t len, size_t i)
{
	size_t next = i;

	while (next < len && text[next] != '\0' &&
	       strchr("oli", text[next]) != NULL)
		next++;
	if (next == i || next >= len || !is_digit(text[next]))
		return '\0';
	return text[i] == 'o' ? '0' : '1';
}

static bool
behind_letter(const char *text, size_t i)
{
	return i > 0 && text[i - 1] >= 'a' && text[i - 1] <= 'z';
}

/* Copies the runs of digits, each closed by a blank. */
static size_t
copy_runs(const char *text, size_t len, char *out)
{
	size_t n = 0, start = 0;

	for (size_t i = 0; i < len; i++) {
		if (is_digit(text[i])) {
			out[n++] = text[i];
			continue;
		}
		if ((n > start || !behind_letter(text, i)) &&
		    lookalike(text, len, i) != '\0') {
			out[n++] = lookalike(text, len, i);
			continue;
		}
		if (n > start && is_joint(text[i]) && i + 1 < len &&
		    is_digit(text[i + 1]))
			continue;
		if (n - start < LEAST_DIGITS)
			n = start;
		else
			out[n++] = ' ';
		start = n;
	}
	return n - start < LEAST_DIGITS ? start : n;
}

/* Behind the country code and the area code: 01x, 02x, else four digits. */
static const char *
local_part(const char *phone)
{
	size_t code;

	if (strlen(phone) == 13 && strncmp(phone, "86", 2) == 0)
		return phone + 2;
	if (phone[0] != '0')
		return phone;
	code = phone[1] == '1' || phone[1] == '2' ? 3 : 4;
	return strlen(phone) >= code + LEAST_DIGITS ? phone + code : phone;
}

static bool
has_phone(const struct person_conf *p, const char *digits, size_t n)
{
	for (size_t i = 0; i < p->n_phones; i++) {
		const char *phone = local_part(p->phones[i]);
		size_t len = strlen(phone);

		if (len >= LEAST_DIGITS && memmem(digits, n, phone, len))
			return true;
	}
	return false;
}

int
phones_find(const char *text, size_t len, const struct roster_conf *roster,
    uint32_t sign, uint32_t *signs, struct err *err)
{
	char *digits = malloc(len + 1);
	size_t n;

	if (digits == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for telephone numbers");
	n = copy_runs(text, len, digits);
	for (size_t i = 0; n > 0 && i < roster->n_persons; i++)
		if (has_phone(&roster->persons[i], digits, n))
			signs[i] |= sign;
	free(digits);
	return 0;
}
