/* SPDX-License-Identifier: ISC */
/*
 * Any text as an officer's, the office's and a citizen's words: commands,
 * persons and domains they mean, the number and code they name; and as
 * Authentication-Results.  Whatever comes in: a command that is obeyed has
 * what it needs, an officer gets none of the office's, and a masked code is
 * gone.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/conf.h"
#include "follow/command.h"
#include "follow/query.h"
#include "intake/auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct conf *conf;

static void
check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "fuzz_command: %s\n", what);
	abort();
}

static void
load(void)
{
	struct conf_mistakes mistakes;

	check(conf_load("etc/clued.conf", &conf, &mistakes) == 0, "conf");
	conf_mistakes_done(&mistakes);
}

static void
check_target(const char *target)
{
	const char *rest = target, *end = target + strlen(target);
	int who = command_person(conf, target, &rest);

	check(who >= -2 && who < (int)conf->roster.n_persons, "a person");
	check(who < 0 || (rest >= target && rest <= end), "what follows");
	rest = target;
	who = command_domain(conf, target, &rest);
	check(who >= -2 && who < (int)conf->rules.n_domains, "a domain");
	check(who < 0 || (rest >= target && rest <= end), "what follows");
}

static void
check_commands(const char *text, enum command_by by)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT;
	struct command *c = NULL;
	size_t n = 0;

	check(a != NULL && command_read(text, by, a, &c, &n) == 0, "memory");
	check(n >= 1 && n <= MAX_COMMANDS, "how many");
	check(by == COMMAND_BY_OFFICE || n == 1, "an officer's second");
	for (size_t i = 0; i < n; i++) {
		bool ours = c[i].verb >= VERB_ASSIGN;

		check(c[i].flaw < COMMAND_FLAW_COUNT, "the flaw");
		if (c[i].flaw == COMMAND_UNKNOWN)
			continue;
		check(c[i].verb < VERB_COUNT, "the verb");
		check(by == COMMAND_BY_OFFICE || !ours || c[i].flaw != 0,
		    "an officer rules");
		check(c[i].flaw != COMMAND_OK ||
			  command_missing(&c[i]) == COMMAND_OK,
		    "obeyed, but incomplete");
		check_target(c[i].target);
		if (c[i].flaw != COMMAND_OK)
			command_advise(&c[i], by, &b);
	}
	check(!buf_bad(&b), "memory");
	buf_done(&b);
	arena_free(&a);
}

static void
check_query(const char *text)
{
	struct query_asked q, after;
	struct buf b = BUF_INIT;

	check(query_read("LY", "", text, "", &q) == 0, "memory");
	check(q.n_codes <= MAX_QUERY_CODES, "codes");
	(void)query_is_question(&q, false);
	if (q.n_codes == 0)
		return;
	query_mask(text, q.codes[0], "***", &b);
	check(!buf_bad(&b), "memory");
	check(query_read("LY", "", buf_str(&b), "", &after) == 0, "memory");
	for (size_t i = 0; i < after.n_codes; i++)
		check(strcmp(after.codes[i], q.codes[0]) != 0, "still there");
	buf_done(&b);
}

/* In front of the text stands what makes it our server's, or does not. */
static void
check_results(const char *text)
{
	static const char from[] = "wang@mail.example.cn";
	struct buf b = BUF_INIT;
	bool vouches;

	buf_addf(&b, "mx.example.cn; %s", text);
	vouches = auth_vouches(buf_str(&b), "mx.example.cn", from);
	if (vouches)
		check(strcasestr(text, "pass") != NULL &&
			  (strcasestr(text, "example.cn") != NULL ||
			      strcasestr(text, "dmarc") != NULL),
		    "nothing passed for the author");
	check(!auth_vouches(buf_str(&b), "mx.example.com", from), "another's");
	buf_clear(&b);
	buf_addf(&b, " (a (b) \\) c) MX.example.cn 1; %s", text);
	check(auth_vouches(buf_str(&b), "mx.example.cn", from) == vouches,
	    "a comment matters");
	buf_done(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		return 0;
	if (conf == NULL)
		load();
	memcpy(text, data, size);
	text[size] = '\0';
	check_commands(text, COMMAND_BY_OFFICER);
	check_commands(text, COMMAND_BY_OFFICE);
	check_query(text);
	check_results(text);
	free(text);
	return 0;
}
