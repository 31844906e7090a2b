/* SPDX-License-Identifier: ISC */
#include "ctl/decision.h"

#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"
#include "route/route.h"

void
add_thousandths(struct buf *b, int32_t v)
{
	int64_t all = v < 0 ? -(int64_t)v : v;

	buf_addf(b, "%s%lld.%03lld", v < 0 ? "-" : "", (long long)(all / 1000),
	    (long long)(all % 1000));
}

void
add_tenths(struct buf *b, int32_t v, int sign)
{
	int64_t all = ((v < 0 ? -(int64_t)v : v) + 50) / 100;

	if (v < 0 && all > 0)
		buf_addc(b, '-');
	else if (sign && all > 0)
		buf_addc(b, '+');
	buf_addf(b, "%lld.%lld", (long long)(all / 10), (long long)(all % 10));
}

const char *
decision_domain_id(const struct conf *conf, int domain)
{
	if (domain == HIT_MAJOR)
		return "major";
	return domain < 0 ? "priority" : conf->rules.domains[domain].id;
}

const char *
decision_domain_title(const struct conf *conf, int domain)
{
	if (domain == HIT_MAJOR)
		return "重大信息";
	return domain < 0 ? "优先" : conf->rules.domains[domain].title;
}

static void
add_terms(
    struct buf *b, const struct conf *conf, const struct route_decision *d)
{
	buf_adds(b, ",\"terms\":[");
	for (size_t i = 0; i < d->n_hits; i++) {
		const struct route_hit *h = &d->hits[i];

		buf_adds(b, i > 0 ? ",{\"term\":" : "{\"term\":");
		json_add_cstr(b, h->term);
		buf_adds(b, ",\"domain\":");
		json_add_cstr(b, decision_domain_id(conf, h->domain));
		buf_adds(b, ",\"weight\":");
		add_thousandths(b, h->weight);
		buf_addf(b, ",\"field\":\"%s\",\"at\":%zu,\"found\":",
		    h->field == FIELD_SUBJECT ? "subject" : "text", h->at);
		json_add_cstr(b, h->found);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

void
decision_json(
    struct buf *b, const struct conf *conf, const struct route_decision *d)
{
	buf_adds(b, "\"domain\":");
	json_add_cstr(b, decision_domain_id(conf, d->domain));
	buf_adds(b, ",\"score\":");
	add_thousandths(b, d->score);
	buf_adds(b, ",\"margin\":");
	add_thousandths(b, d->margin);
	buf_adds(b, ",\"runner_up\":");
	json_add_cstr(b,
	    d->runner_up < 0 ? NULL : decision_domain_id(conf, d->runner_up));
	buf_adds(b, ",\"scores\":{");
	for (size_t i = 0; i < conf->rules.n_domains; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_add_cstr(b, conf->rules.domains[i].id);
		buf_addc(b, ':');
		add_thousandths(b, d->scores[i]);
	}
	buf_adds(b, "},\"area\":");
	json_add_cstr(b, d->area < 0 ? NULL : conf->areas[d->area].id);
	buf_addf(b, ",\"triage\":%s,\"priority\":%s,\"major\":%s",
	    d->triage ? "true" : "false", d->priority ? "true" : "false",
	    d->major ? "true" : "false");
	buf_addf(b, ",\"rules\":\"%s\"", conf->rules.hash);
	add_terms(b, conf, d);
}
