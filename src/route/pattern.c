/* SPDX-License-Identifier: ISC */
#include "route/pattern.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/err.h"
#include "base/limits.h"

struct pattern {
	pcre2_code *code;
};

struct pattern_run {
	pcre2_match_context *context;
	pcre2_match_data *data;
};

int
pattern_new(const char *pattern, struct pattern **out, struct err *err)
{
	struct pattern *p;
	PCRE2_UCHAR text[160];
	PCRE2_SIZE at;
	pcre2_code *code;
	int rc;

	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &rc, &at,
	    NULL);
	if (code == NULL) {
		pcre2_get_error_message(rc, text, sizeof(text));
		return err_set(err,
		    rc == PCRE2_ERROR_HEAP_FAILED ? ERR_SYSTEM : ERR_CONF,
		    ERR_OWN, rc,
		    "pattern: %s at byte %zu", (const char *)text, at);
	}
	p = calloc(1, sizeof(*p));
	if (p == NULL) {
		pcre2_code_free(code);
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for a pattern");
	}
	/* Where machine code may not be made, the interpreter takes over. */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	p->code = code;
	*out = p;
	return 0;
}

void
pattern_free(struct pattern **p)
{
	if (*p != NULL)
		pcre2_code_free((*p)->code);
	free(*p);
	*p = NULL;
}

struct pattern_run *
pattern_run_new(void)
{
	struct pattern_run *run = calloc(1, sizeof(*run));

	if (run == NULL)
		return NULL;
	run->context = pcre2_match_context_create(NULL);
	run->data = pcre2_match_data_create(1, NULL);
	if (run->context == NULL || run->data == NULL) {
		pattern_run_free(&run);
		return NULL;
	}
	pcre2_set_match_limit(run->context, MAX_PATTERN_STEPS);
	pcre2_set_heap_limit(run->context, MAX_PATTERN_HEAP_KB);
	return run;
}

void
pattern_run_free(struct pattern_run **run)
{
	if (*run == NULL)
		return;
	pcre2_match_data_free((*run)->data);
	pcre2_match_context_free((*run)->context);
	free(*run);
	*run = NULL;
}

int
pattern_find(const struct pattern *p, struct pattern_run *run, const char *text,
    size_t len, size_t start, size_t *from_out, size_t *to_out)
{
	uint32_t flags = PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY;
	const PCRE2_SIZE *place;
	int rc;

	rc = pcre2_match(p->code, (PCRE2_SPTR)text, len, start, flags,
	    run->data, run->context);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(p->code, (PCRE2_SPTR)text, len, start,
		    flags | PCRE2_NO_JIT, run->data, run->context);
	if (rc < 0)
		return 0;
	place = pcre2_get_ovector_pointer(run->data);
	/* \K may put the end in front of the start. */
	if (place[0] >= place[1])
		return 0;
	*from_out = place[0];
	*to_out = place[1];
	return 1;
}
