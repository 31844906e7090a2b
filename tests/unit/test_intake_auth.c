/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/auth.h"

#define ID "mx.example.com"
#define FROM "lu@example.org"

static const struct {
	const char *results;
	bool vouches;
} cases[] = {
    {ID "; dmarc=pass header.from=example.org", true},
    {ID "; dmarc=pass (p=none dis=none) header.from=example.org", true},
    {ID " 1; spf=none; dmarc=pass header.from=example.org", true},
    {"MX.Example.COM; DMARC=Pass header.from=EXAMPLE.ORG", true},
    {ID "; spf=pass smtp.mailfrom=lu@example.org", true},
    {ID "; spf=pass (sender permitted) smtp.mailfrom=<lu@example.org>", true},
    {ID "; spf=pass smtp.mailfrom=example.org; dkim=none", true},
    {ID "; spf=pass smtp.mailfrom=bounce@mail.example.org", true},
    {ID "; dkim=pass header.d=example.org header.s=s1", true},
    {ID "; dkim=pass reason=\"good; really\" header.i=@example.org", true},
    {ID "; dkim=fail header.d=example.org; dkim=pass header.d=example.org",
	true},
    {ID "; dkim/1=pass header.d=example.org", true},
    {ID "; auth=pass smtp.auth=lu; dmarc=pass", true},
    /* not for this sender */
    {ID "; spf=pass smtp.mailfrom=evil@example.net", false},
    {ID "; dkim=pass header.d=example.net", false},
    {ID "; dkim=pass header.d=org", false},
    {ID "; dkim=pass header.d=notexample.org", false},
    {ID "; dmarc=pass header.from=example.net", false},
    {ID "; spf=pass", false},
    {ID "; dkim=pass", false},
    {ID "; auth=pass smtp.auth=lu@example.org", false},
    /* no pass */
    {ID "; dmarc=fail header.from=example.org; spf=softfail"
	" smtp.mailfrom=lu@example.org; dkim=neutral header.d=example.org",
	false},
    {ID "; dmarc=none; spf=none smtp.mailfrom=lu@example.org", false},
    {ID "; dmarc=passed header.from=example.org", false},
    {ID "; none", false},
    {ID, false},
    {ID ";", false},
    /* not the provider's */
    {"mx.example.net; dmarc=pass header.from=example.org", false},
    {"evil; " ID "; dmarc=pass header.from=example.org", false},
    {"(" ID ") evil; dmarc=pass header.from=example.org", false},
    {ID ".evil.example; dmarc=pass header.from=example.org", false},
    {ID "; dm<arc=pass header.from=example.org", false},
    {ID "; spf=pass smtp.mail>from=lu@example.org", false},
    {"", false},
    {";", false},
    /* said inside something else */
    {ID "; spf=fail (dmarc=pass header.from=example.org)"
	" smtp.mailfrom=x@example.net", false},
    {ID "; spf=fail smtp.mailfrom=\"; dmarc=pass header.from=example.org\"",
	false},
    {ID "; spf=fail reason=\"a\\\"; dmarc=pass\"", false},
    {ID " (; dmarc=pass header.from=example.org", false},
};

static void
only_the_providers_pass_for_the_author_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (auth_vouches(cases[i].results, ID, FROM) !=
		    cases[i].vouches)
			fail_msg("%s", cases[i].results);
	assert_false(auth_vouches("; dmarc=pass", "", FROM));
	assert_false(auth_vouches(ID "; spf=pass smtp.mailfrom=", ID, ""));
}

static void
any_cut_is_read_to_its_end(void **state)
{
	char cut[400];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t n = 0; n < strlen(cases[i].results); n++) {
			memcpy(cut, cases[i].results, n);
			cut[n] = '\0';
			(void)auth_vouches(cut, ID, FROM);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_the_providers_pass_for_the_author_counts),
	    cmocka_unit_test(any_cut_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
