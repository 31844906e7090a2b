/* SPDX-License-Identifier: ISC */
#include "letter/letter.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "conf/conf.h"

/* Fields of a notice beside those of the caller. */
#define MAX_FACTS 20

void
letter_time(const struct zone *zone, int64_t utc_s, char out[LETTER_TIME_SIZE])
{
	static const char *const days[] = {
	    "一", "二", "三", "四", "五", "六", "日"};
	struct civil c;
	char minute[20];

	zone_civil(zone, utc_s, &c);
	zone_format(zone, utc_s, minute);
	(void)snprintf(out, LETTER_TIME_SIZE, "%s（周%s）", minute,
	    days[c.weekday - 1]);
}

const char *
letter_reply_help(void)
{
	return "回复的第一行写一个指令，后面写内容：\n"
	    "签收　　已收到，开始办理\n"
	    "反馈　　阶段进展\n"
	    "查实　　结果（查否、不属于 相同）\n"
	    "移送　　接收单位和文号\n"
	    "转办　　接办人姓名\n"
	    "退回　　不归本人办理的理由\n"
	    "延期　　5天 需调取合同\n"
	    "挂账　　理由\n"
	    "回避　　本人与线索有关，请另派他人\n"
	    "问举报人　要了解的问题（双方互不知道对方）\n"
	    "帮助　　全部指令\n"
	    "例如：\n"
	    "反馈 今日已到现场核查，正在调取施工合同。";
}

struct list {
	struct letter_field fields[MAX_FACTS];
	size_t n;
};

static void
put(struct list *l, const char *name, const char *value)
{
	if (l->n < MAX_FACTS)
		l->fields[l->n++] = (struct letter_field){name, value};
}

static void
put_time(struct list *l, struct arena *a, const struct conf *conf,
    const char *name, int64_t utc_s)
{
	char *text = arena_alloc(a, LETTER_TIME_SIZE);

	if (text != NULL && utc_s != 0)
		letter_time(conf->zone, utc_s, text);
	put(l, name, text != NULL ? text : "");
}

static const char *
or_else(const char *s, const char *otherwise)
{
	return s != NULL && s[strspn(s, " \t\r\n")] != '\0' ? s : otherwise;
}

static void
put_facts(struct list *l, struct arena *a, const struct conf *conf,
    const struct notice_facts *f)
{
	const char *photos = "";

	put(l, "number", f->number);
	put(l, "domain", f->domain_title);
	put(l, "area", or_else(f->area_name, "未识别"));
	put(l, "why", or_else(f->why, ""));
	put(l, "people_why", or_else(f->people_why, ""));
	put_time(l, a, conf, "due_accept", f->due_s[0]);
	put_time(l, a, conf, "due_feedback", f->due_s[1]);
	put_time(l, a, conf, "due_conclude", f->due_s[2]);
	put(l, "subject", or_else(f->subject, "（无主题）"));
	put(l, "text", or_else(f->text, "（来信没有正文）"));
	put_time(l, a, conf, "received", f->received_s);
	if (f->n_photos > 0)
		photos = arena_printf(a, "%zu 张，随信附上（已去除拍摄信息）",
		    f->n_photos);
	put(l, "photos", photos);
	put(l, "held", or_else(f->held, ""));
	put(l, "related", or_else(f->related, ""));
}

typedef int write_fn(const struct conf *conf, const struct letter_request *r,
    struct buf *out, struct err *err);

static int
notice(const struct conf *conf, const struct notice_facts *facts,
    const struct letter_request *head, write_fn *write, struct buf *out,
    struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct letter_request r = *head;
	struct letter_field *all;
	struct list l = {.n = 0};

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	put_facts(&l, a, conf, facts);
	all = arena_array(a, l.n + head->n_fields, sizeof(*all));
	if (all == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	/* The first of a name counts: the facts. */
	memcpy(all, l.fields, l.n * sizeof(*all));
	if (head->n_fields > 0)
		memcpy(all + l.n, head->fields,
		    head->n_fields * sizeof(*all));
	r.fields = all;
	r.n_fields = l.n + head->n_fields;
	r.priority = head->priority || facts->priority;
	if (r.template_id == NULL || *r.template_id == '\0')
		r.template_id = "notice";
	return write(conf, &r, out, err);
}

int
letter_notice(const struct conf *conf, const struct notice_facts *facts,
    const struct letter_request *head, struct buf *out, struct err *err)
{
	return notice(conf, facts, head, letter_compose, out, err);
}

int
letter_notice_draft(const struct conf *conf,
    const struct notice_facts *facts, const struct letter_request *head,
    struct buf *out, struct err *err)
{
	return notice(conf, facts, head, letter_draft, out, err);
}
