/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/check.h"
#include "conf/schema.h"

/*
 * rules.conf (and what it includes by `@include "rules.d/x.conf"`, each on a
 * line of its own, looked for beside the including file):
 *
 *   threshold = 3.0;        # below: a person decides
 *   margin = 1.0;           # least distance to the runner-up
 *   subject_weight = 1.5;   # factor for what stands in the subject
 *   override_share = 0.25;  # an overriding domain needs this share of the
 *                           # best other score
 *   override_other = 0.5;   # and this of what "other" scores
 *   late = (                # factors for what stands late in the text
 *     { after = 100; weight = 0.7; }   # from the 100th character on
 *   );
 *
 *   synonyms = (
 *     { name = "打人"; words = [ "殴打", "打伤" ]; }
 *   );
 *
 *   # In the order of the monthly form; at most 32; one must be "other".
 *   domains = (
 *     { id = "muck-transport"; title = "渣土运输"; brief = "…";
 *       overriding = false;   # wins whenever it reaches the threshold
 *       priority = false;     # deadline class "priority"
 *       discipline = false;   # goes to discipline, not to an officer
 *       threshold = 2.0;      # its own; 0 = that of all
 *       override_from = 0.0;  # overrides from this score on; 0 = threshold
 *       terms = (
 *         { t = "渣土车"; w = 2.0; },
 *         { t = "@打人"; w = 1.5; repeat = true; },
 *         { all = [ "强行", "倾倒" ]; within = 12; w = 3.0; },
 *         { re = "强(买|揽)"; w = 2.0; },
 *         { t = "渣土车司机招聘"; not = true; },
 *         { t = "招聘"; w = -1.0; },
 *         { wording = true; w = 2.0; }
 *       ); }
 *   );
 *
 *   # More terms for a domain, so that an office can keep its own words in a
 *   # file of its own beside the shipped rules.
 *   additions = ( { domain = "muck-transport"; terms = ( … ); } );
 *
 *   # Terms that make any clue a priority one.
 *   priority = ( { t = "…"; w = 1.0; } );
 *
 *   # Terms that make any clue a major matter (重大信息): the office and the
 *   # unit's leader are told at once, at any hour.
 *   major = ( { re = "…"; w = 1.0; } );
 *
 * A term has exactly one of t, all, re and wording.  "@name" in t or all
 * stands for any word of that synonym list.  w is 1.0 if not written, from
 * -1000 to 1000, three decimals; not = true takes the domain's score away and
 * has no w.  within (characters between the first and the last word, 0 =
 * anywhere) goes with all only.  repeat: every occurrence counts, else the
 * first.
 */

struct raw_term {
	struct origin origin;
	struct word t, re;
	struct words all;
	uint32_t within;
	int32_t w;
	bool cancels;
	bool repeat;
	bool wording;
};
struct raw_domain {
	struct origin origin;
	struct word id;
	const char *title, *brief;
	bool overriding, priority, discipline;
	int32_t threshold, override_from;
	struct list terms;
};
struct raw_synonym {
	struct origin origin;
	struct word name;
	struct words words;
};
struct raw_addition {
	struct origin origin;
	struct word domain;
	struct list terms;
};
struct raw_rules {
	struct origin origin;
	int32_t threshold, margin, subject_weight;
	int32_t override_share, override_other;
	struct list late, synonyms, domains, additions, priority, major;
};
struct raw_late {
	struct origin origin;
	uint32_t after;
	int32_t weight;
};

#define TERM(member) offsetof(struct raw_term, member)
static const struct key term_keys[] = {
    {"t", KEY_WORD, .min = 1, .max = 255, .at = TERM(t)},
    {"all", KEY_WORDS, .max = MAX_TERM_WORDS, .at = TERM(all)},
    {"re", KEY_WORD, .min = 1, .max = 2000, .at = TERM(re)},
    {"within", KEY_INT, .max = 1000, .at = TERM(within)},
    {"w", KEY_NUMBER, .dflt = "1.0", .min = -1000000, .max = 1000000,
	.at = TERM(w)},
    {"not", KEY_BOOL, .dflt = "false", .at = TERM(cancels)},
    {"repeat", KEY_BOOL, .dflt = "false", .at = TERM(repeat)},
    {"wording", KEY_BOOL, .dflt = "false", .at = TERM(wording)},
};
static const struct group term_group =
    GROUP("terms", term_keys, struct raw_term);

#define DOMAIN(member) offsetof(struct raw_domain, member)
static const struct key domain_keys[] = {
    {"id", KEY_WORD, .required = true, .min = 1, .at = DOMAIN(id)},
    {"title", KEY_STR, .required = true, .min = 1, .max = 120,
	.at = DOMAIN(title)},
    {"brief", KEY_STR, .at = DOMAIN(brief)},
    {"overriding", KEY_BOOL, .dflt = "false", .at = DOMAIN(overriding)},
    {"priority", KEY_BOOL, .dflt = "false", .at = DOMAIN(priority)},
    {"discipline", KEY_BOOL, .dflt = "false", .at = DOMAIN(discipline)},
    {"threshold", KEY_NUMBER, .dflt = "0", .min = 0, .max = 1000000,
	.at = DOMAIN(threshold)},
    {"override_from", KEY_NUMBER, .dflt = "0", .min = 0, .max = 1000000,
	.at = DOMAIN(override_from)},
    {"terms", KEY_LIST, .group = &term_group, .at = DOMAIN(terms)},
};
static const struct group domain_group =
    GROUP("domains", domain_keys, struct raw_domain);

#define SYNONYM(member) offsetof(struct raw_synonym, member)
static const struct key synonym_keys[] = {
    {"name", KEY_WORD, .required = true, .min = 1, .max = 120,
	.at = SYNONYM(name)},
    {"words", KEY_WORDS, .required = true, .at = SYNONYM(words)},
};
static const struct group synonym_group =
    GROUP("synonyms", synonym_keys, struct raw_synonym);

#define ADDITION(member) offsetof(struct raw_addition, member)
static const struct key addition_keys[] = {
    {"domain", KEY_WORD, .required = true, .at = ADDITION(domain)},
    {"terms", KEY_LIST, .required = true, .group = &term_group,
	.at = ADDITION(terms)},
};
static const struct group addition_group =
    GROUP("additions", addition_keys, struct raw_addition);

#define LATE(member) offsetof(struct raw_late, member)
static const struct key late_keys[] = {
    {"after", KEY_INT, .required = true, .min = 1, .max = 100000,
	.at = LATE(after)},
    {"weight", KEY_NUMBER, .required = true, .min = 0, .max = 100000,
	.at = LATE(weight)},
};
static const struct group late_group =
    GROUP("late", late_keys, struct raw_late);

#define RULES(member) offsetof(struct raw_rules, member)
static const struct key rules_keys[] = {
    {"threshold", KEY_NUMBER, .dflt = "3.0", .min = 1, .max = 1000000,
	.at = RULES(threshold)},
    {"margin", KEY_NUMBER, .dflt = "1.0", .min = 0, .max = 1000000,
	.at = RULES(margin)},
    {"subject_weight", KEY_NUMBER, .dflt = "1.5", .min = 0, .max = 100000,
	.at = RULES(subject_weight)},
    {"override_share", KEY_NUMBER, .dflt = "0", .min = 0, .max = 100000,
	.at = RULES(override_share)},
    {"override_other", KEY_NUMBER, .dflt = "0", .min = 0, .max = 100000,
	.at = RULES(override_other)},
    {"late", KEY_LIST, .max = MAX_LATE_STEPS, .group = &late_group,
	.at = RULES(late)},
    {"synonyms", KEY_LIST, .group = &synonym_group, .at = RULES(synonyms)},
    {"domains", KEY_LIST, .required = true, .min = 1, .max = MAX_DOMAINS,
	.group = &domain_group, .at = RULES(domains)},
    {"additions", KEY_LIST, .group = &addition_group, .at = RULES(additions)},
    {"priority", KEY_LIST, .group = &term_group, .at = RULES(priority)},
    {"major", KEY_LIST, .group = &term_group, .at = RULES(major)},
};
const struct group rules_group =
    GROUP("rules.conf", rules_keys, struct raw_rules);

/* -- terms ----------------------------------------------------------------- */

static void
check_word(struct load *l, const struct id_index *synonyms, const char *word,
    struct place at)
{
	const struct word name = {word + 1, at};

	if (*word != '@')
		return;
	if (word[1] == '\0')
		load_mistake(l, at, "\"@\" must name a list of synonyms");
	else
		(void)index_ref(l, synonyms, &name, "list of synonyms");
}

/* Faults that the table cannot see.  false: the term is of no use. */
static bool
term_ok(struct load *l, const struct raw_term *raw)
{
	int forms = (*raw->t.text != '\0') + (raw->all.n > 0) +
		    (*raw->re.text != '\0') + raw->wording;

	if (forms != 1)
		load_mistake(l, raw->origin.at,
		    "a term needs exactly one of t, all, re and wording");
	else if (raw->wording && (raw->cancels || raw->repeat))
		load_mistake(l, raw->origin.at,
		    "not and repeat do not go with wording");
	else if (raw->within > 0 && raw->all.n == 0)
		load_mistake(l, raw->origin.at, "within goes with all only");
	else if (raw->cancels && schema_seen(&term_group, &raw->origin, "w"))
		load_mistake(l, raw->origin.at,
		    "a term with not = true has no weight; drop w or not");
	else if (raw->w == 0)
		load_mistake(l, raw->origin.at,
		    "w = 0 has no effect; to exclude write not = true");
	else
		return true;
	return false;
}

static void
take_term(struct load *l, const struct id_index *synonyms,
    const struct raw_term *raw, struct term_conf *out)
{
	const char **one;

	if (!term_ok(l, raw))
		return;
	out->words = raw->all.list;
	out->n_words = raw->all.n;
	if (*raw->t.text != '\0' && (one = load_array(l, 1, sizeof(*one)))) {
		*one = raw->t.text;
		out->words = one;
		out->n_words = 1;
	}
	for (size_t i = 0; i < out->n_words; i++)
		check_word(l, synonyms, out->words[i], raw->origin.at);
	out->within = raw->within;
	out->pattern = raw->re.text;
	out->weight = raw->cancels ? 0 : raw->w;
	out->cancels = raw->cancels;
	out->repeat = raw->repeat;
	out->wording = raw->wording;
	out->file = raw->origin.at.file;
	out->line = raw->origin.at.line;
}

static void
take_terms(struct load *l, const struct id_index *synonyms,
    const struct list *raw, struct term_conf *out)
{
	const struct raw_term *terms = raw->items;

	for (size_t i = 0; i < raw->n; i++)
		take_term(l, synonyms, &terms[i], &out[i]);
}

/* Terms of no domain; how many. */
static size_t
take_list(struct load *l, const struct id_index *synonyms,
    const struct list *raw, const struct term_conf **out)
{
	struct term_conf *terms = load_array(l, raw->n, sizeof(*terms));

	if (terms == NULL)
		return 0;
	take_terms(l, synonyms, raw, terms);
	*out = terms;
	return raw->n;
}

/* -- synonyms, domains ----------------------------------------------------- */

static void
take_synonyms(
    struct load *l, const struct list *raw, struct id_index *index_out)
{
	const struct raw_synonym *list = raw->items;
	struct synonym_conf *out = load_array(l, raw->n, sizeof(*out));
	struct id_entry *ids = load_scratch(l, raw->n, sizeof(*ids));

	if (out == NULL || ids == NULL)
		return;
	for (size_t i = 0; i < raw->n; i++) {
		out[i] = (struct synonym_conf){
		    list[i].name.text, list[i].words.list, list[i].words.n};
		ids[i] =
		    (struct id_entry){list[i].name.text, i, list[i].name.at};
		if (list[i].words.n == 0)
			load_mistake(l, list[i].words.at,
			    "synonyms \"%s\": no words", list[i].name.text);
		for (size_t k = 0; k < list[i].words.n; k++)
			if (*list[i].words.list[k] == '@')
				load_mistake(l, list[i].words.at,
				    "synonyms \"%s\": a list cannot hold a "
				    "list (\"%s\")",
				    list[i].name.text, list[i].words.list[k]);
	}
	index_build(l, index_out, ids, raw->n, "list of synonyms");
	l->conf->rules.synonyms = out;
	l->conf->rules.n_synonyms = raw->n;
}

static void
index_domains(
    struct load *l, const struct list *raw, struct id_index *index_out)
{
	const struct raw_domain *list = raw->items;
	struct id_entry *ids = load_scratch(l, raw->n, sizeof(*ids));

	if (ids == NULL)
		return;
	for (size_t i = 0; i < raw->n; i++) {
		ids[i] = (struct id_entry){list[i].id.text, i, list[i].id.at};
		check_id(l, &list[i].id);
	}
	index_build(l, index_out, ids, raw->n, "domain");
	if (raw->n > 0 && index_find(index_out, DOMAIN_OTHER) < 0)
		load_mistake(l, raw->at,
		    "domains: \"" DOMAIN_OTHER "\" is missing; what no rule "
		    "places goes there");
}

/* How many terms each domain has with its additions; -1 where a reference
 * leads nowhere. */
struct shares {
	int *domain_of; /* of each addition */
	size_t n_terms[MAX_DOMAINS];
};

static bool
count_shares(struct load *l, const struct raw_rules *raw,
    const struct id_index *domains, struct shares *out)
{
	const struct raw_domain *list = raw->domains.items;
	const struct raw_addition *more = raw->additions.items;

	out->domain_of =
	    load_scratch(l, raw->additions.n, sizeof(*out->domain_of));
	if (out->domain_of == NULL)
		return false;
	for (size_t i = 0; i < raw->domains.n; i++)
		out->n_terms[i] = list[i].terms.n;
	for (size_t i = 0; i < raw->additions.n; i++) {
		int d = index_ref(l, domains, &more[i].domain, "domain");

		out->domain_of[i] = d;
		if (d >= 0)
			out->n_terms[d] += more[i].terms.n;
	}
	return true;
}

static void
take_domain(struct load *l, const struct raw_rules *raw, size_t i,
    const struct shares *shares, const struct id_index *synonyms,
    struct domain_conf *out)
{
	const struct raw_domain *d =
	    (const struct raw_domain *)raw->domains.items + i;
	const struct raw_addition *more = raw->additions.items;
	struct term_conf *terms =
	    load_array(l, shares->n_terms[i], sizeof(*terms));
	size_t at = d->terms.n;

	*out = (struct domain_conf){.id = d->id.text,
	    .title = d->title,
	    .brief = d->brief,
	    .overriding = d->overriding,
	    .priority = d->priority,
	    .discipline = d->discipline,
	    .terms = terms,
	    .n_terms = terms != NULL ? shares->n_terms[i] : 0,
	    .threshold = d->threshold,
	    .override_from = d->override_from};
	if (terms == NULL)
		return;
	take_terms(l, synonyms, &d->terms, terms);
	for (size_t k = 0; k < raw->additions.n; k++) {
		if (shares->domain_of[k] != (int)i)
			continue;
		take_terms(l, synonyms, &more[k].terms, terms + at);
		at += more[k].terms.n;
	}
}

static void
take_domains(struct load *l, const struct raw_rules *raw,
    const struct id_index *synonyms, const struct id_index *domains)
{
	struct shares shares = {0};
	struct domain_conf *out = load_array(l, raw->domains.n, sizeof(*out));

	if (out == NULL || !count_shares(l, raw, domains, &shares))
		return;
	for (size_t i = 0; i < raw->domains.n; i++)
		take_domain(l, raw, i, &shares, synonyms, &out[i]);
	l->conf->rules.domains = out;
	l->conf->rules.n_domains = raw->domains.n;
}

static void
take_late(struct load *l, const struct list *raw)
{
	const struct raw_late *list = raw->items;
	struct late_conf *out = load_array(l, raw->n, sizeof(*out));

	if (out == NULL)
		return;
	for (size_t i = 0; i < raw->n; i++) {
		out[i] = (struct late_conf){list[i].after, list[i].weight};
		if (i > 0 && list[i].after <= list[i - 1].after)
			load_mistake(l, list[i].origin.at,
			    "late: after = %u does not grow", list[i].after);
	}
	l->conf->rules.late = out;
	l->conf->rules.n_late = raw->n;
}

static void
take_rules(
    struct load *l, const struct raw_rules *raw, struct id_index *domains_out)
{
	struct rules_conf *out = &l->conf->rules;
	struct id_index synonyms = {0};

	out->threshold = raw->threshold;
	out->margin = raw->margin;
	out->subject_weight = raw->subject_weight;
	out->override_share = raw->override_share;
	out->override_other = raw->override_other;
	take_late(l, &raw->late);
	take_synonyms(l, &raw->synonyms, &synonyms);
	index_domains(l, &raw->domains, domains_out);
	take_domains(l, raw, &synonyms, domains_out);
	out->n_priority_terms = take_list(
	    l, &synonyms, &raw->priority, &out->priority_terms);
	out->n_major_terms =
	    take_list(l, &synonyms, &raw->major, &out->major_terms);
}

void
load_rules(struct load *l, const char *path, struct place from,
    struct id_index *domains_out)
{
	unsigned char sum[SHA256_BYTES];
	struct hash_state *hash = hash_new();
	struct raw_rules raw;
	struct source *s;

	if (hash == NULL) {
		l->no_memory = true;
		return;
	}
	s = source_open(l, path, from, hash);
	hash_end(&hash, sum);
	hex_put(sum, sizeof(sum), l->conf->rules.hash);
	if (s == NULL)
		return;
	schema_read(l, s, &rules_group, &raw);
	source_close(&s);
	take_rules(l, &raw, domains_out);
}
