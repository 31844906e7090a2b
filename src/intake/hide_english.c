/* SPDX-License-Identifier: ISC */
#include "intake/hide_rules.h"
#include "intake/hide_text.h"

/* Not the full stop of a sentence. */
static bool
is_inside(const struct hide_text *t, size_t i)
{
	return t->s[i] != '.' || hide_is_alnum(t, i + 1);
}

bool
hide_english_at(struct hide_text *t, struct hide_known *k, size_t i)
{
	static const char *const starts[] = {"my name is ", "my name's ",
	    "i am ", "i'm ", "i’m ", "i live ", "i work ", "i run ",
	    "we run ", "we live ",
	    "this is ", NULL};
	static const char *const manner[] = {"writing", "reporting", "sorry",
	    "afraid", "not ", "very ", "so ", "here", "sending", "complaining",
	    "going", "worried", "concerned", "sure", "aware", "told", "asking",
	    "happy", "angry", "tired", "attaching", "to ", "about", "the place",
	    "where", "what", "how", "a crime", "illegal", "it ", "unable",
	    "willing", "certain", "just ", "only ", NULL};
	static const char *const family[] = {"my husband ", "my wife ",
	    "my son ", "my daughter ", "my brother ", "my sister ",
	    "my father ", "my mother ", NULL};
	static const char *const verbs[] = {"and ", "is ", "was ", "has ",
	    "who ", "got ", "works", "said", "told", "saw", "to ", "in ", NULL};
	size_t n = hide_match(t, i, family), e;

	if (n > 0 && (i == 0 || !hide_is_alnum(t, i - 1)) &&
	    hide_is_alnum(t, i + n) && hide_match(t, i + n, verbs) == 0) {
		for (e = i + n; hide_is_alnum(t, e);)
			e++;
		hide_learn(k, t->s + i + n, e - i - n, false);
		hide_add(t, i + n, e);
		return true;
	}
	n = hide_match(t, i, starts);
	if (n == 0 || (i > 0 && hide_is_alnum(t, i - 1)) ||
	    hide_match(t, i + n, manner) > 0)
		return false;
	if (hide_at(t, i, "this is ") && i > 0 && t->s[i - 1] != '\n')
		return false;
	e = i + n;
	while (hide_at(t, i, "i live")
		   ? !hide_ends_sentence(t, e) && is_inside(t, e)
		   : !hide_ends_clause(t, e))
		e = hide_next(t, e);
	if (hide_at(t, i, "my name"))
		hide_learn(k, t->s + i + n, e - i - n, false);
	hide_add(t, i + n, e);
	/* I am Maria Lopez, an English teacher at … */
	if (hide_at(t, e, ", a ") || hide_at(t, e, ", an ") ||
	    hide_at(t, e, ", the "))
		hide_add(t, e + 2, hide_clause_end(t, e + 2));
	return true;
}
