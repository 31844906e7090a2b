/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/sheet_units.h"
#include "core/sheet.h"
#include "follow/clue.h"
#include "report/names.h"

/* Lines of one list on a phone, and of one officer's; the rest is in the
 * table. */
#define MAX_LINES 12
#define MAX_OWN_LINES 4

struct writing {
	const struct conf *conf;
	const struct day_sheet *t;
	struct buf *out;
	const char *first; /* before the first term of a sum */
};

static void
head(struct writing *w, const char *title, size_t n, const char *unit)
{
	buf_addf(w->out, "\n【%s】%zu %s\n", title, n, unit);
}

static void
more(struct writing *w, size_t left)
{
	if (left > 0)
		buf_addf(w->out, "……另有 %zu 项，见附表\n", left);
}

/* "17:30" today, "11-30 17:30" else. */
static void
add_time(struct writing *w, int64_t utc_s)
{
	struct civil c, now;

	zone_civil(w->conf->zone, utc_s, &c);
	zone_civil(w->conf->zone, w->t->now_s, &now);
	if (c.year != now.year)
		buf_addf(w->out, "%d-", c.year);
	if (c.year != now.year || c.month != now.month || c.day != now.day)
		buf_addf(w->out, "%02d-%02d ", c.month, c.day);
	buf_addf(w->out, "%02d:%02d", c.hour, c.minute);
}

static void
add_what(struct buf *b, const struct sheet_item *x)
{
	buf_addf(b, "%s %s", x->number,
	    x->kind < 0 ? "" : deadline_title((enum deadline_kind)x->kind));
}

/* -- what matters first -----------------------------------------------------
 */

static void
add_mail_alarm(struct writing *w, const char *when, const struct mail_seen *m)
{
	int64_t n = sheet_difference(m);

	if (n != 0)
		buf_addf(w->out,
		    "！！邮箱核对不符（%s）：相差 %lld 封，请立即查明\n", when,
		    (long long)n);
}

static void
add_alarms(struct writing *w)
{
	const struct day_sheet *t = w->t;
	size_t before = w->out->len;

	add_mail_alarm(w, "本期", &t->seen);
	add_mail_alarm(w, "累计", &t->seen_all);
	if (t->seen_all.lost > 0)
		buf_addf(w->out, "！！有 %lld 封来信没有成为线索，请立即查明\n",
		    (long long)t->seen_all.lost);
	if (t->missing_year != 0)
		buf_addf(w->out,
		    "！缺 %d 年日历文件，放假和调休未知，期限可能算错；"
		    "请按国务院办公厅通知放入 calendar/%d.conf\n",
		    t->missing_year, t->missing_year);
	if (w->out->len > before)
		buf_addc(w->out, '\n');
}

static void
add_majors(struct writing *w)
{
	const struct day_sheet *t = w->t;

	if (t->n_majors == 0)
		return;
	head(w, "重大事项未签收", t->n_majors, "条");
	for (size_t i = 0; i < t->n_majors && i < MAX_LINES; i++) {
		const struct major_row *m = &t->majors[i];
		int state = clue_state_by_name(m->state);

		buf_addf(w->out, "%s %s %s\n", m->number,
		    name_domain(w->conf, m->domain),
		    name_person(w->conf, m->officer));
		buf_adds(w->out, "　");
		add_time(w, m->at_s);
		buf_addf(w->out, " 收到，%s\n",
		    state < 0 ? m->state
			      : clue_state_title((enum clue_state)state));
	}
	more(w, t->n_majors > MAX_LINES ? t->n_majors - MAX_LINES : 0);
}

/* -- clues ------------------------------------------------------------------
 */

static void
add_new(struct writing *w)
{
	const struct day_sheet *t = w->t;

	if (t->n_new == 0)
		return;
	head(w, "新收线索", (size_t)t->n_new, "条");
	for (size_t i = 0; i < t->n_domains; i++)
		buf_addf(w->out, "%s%s %lld", i > 0 ? "，" : "",
		    name_domain(w->conf, t->domains[i].id),
		    (long long)t->domains[i].n);
	buf_addc(w->out, '\n');
}

static void
add_waiting(
    struct writing *w, const char *title, const struct sheet_items *items)
{
	if (items->n == 0)
		return;
	head(w, title, items->n, "条");
	for (size_t i = 0; i < items->n && i < MAX_LINES; i++) {
		buf_addf(w->out, "%s ", items->list[i].number);
		add_time(w, items->list[i].due_s);
		buf_adds(w->out, " 收到\n");
	}
	more(w, items->n > MAX_LINES ? items->n - MAX_LINES : 0);
}

static void
add_due(struct writing *w, const char *title, const struct sheet_items *items)
{
	if (items->n == 0)
		return;
	head(w, title, items->n, "项");
	for (size_t i = 0; i < items->n && i < MAX_LINES; i++) {
		add_what(w->out, &items->list[i]);
		buf_addc(w->out, ' ');
		add_time(w, items->list[i].due_s);
		buf_addf(w->out, " %s\n",
		    name_person(w->conf, items->list[i].officer));
	}
	more(w, items->n > MAX_LINES ? items->n - MAX_LINES : 0);
}

static size_t
run_of(const struct sheet_items *o, size_t from)
{
	size_t i = from;

	while (
	    i < o->n && strcmp(o->list[i].officer, o->list[from].officer) == 0)
		i++;
	return i - from;
}

static void
add_over(struct buf *b, int32_t days)
{
	if (days > 0)
		buf_addf(b, "超 %d 个工作日", days);
	else
		buf_adds(b, "超期不足 1 个工作日");
}

/* The oldest come first. */
static void
add_officer(struct writing *w, const struct sheet_item *x, size_t n)
{
	buf_addf(w->out, "%s %zu 项\n", name_person(w->conf, x->officer), n);
	for (size_t i = 0; i < n && i < MAX_OWN_LINES; i++) {
		buf_adds(w->out, "　");
		add_what(w->out, &x[i]);
		buf_addc(w->out, ' ');
		add_over(w->out, x[i].over_days);
		buf_addc(w->out, '\n');
	}
	if (n > MAX_OWN_LINES)
		buf_addf(w->out, "　……另有 %zu 项\n", n - MAX_OWN_LINES);
}

static void
add_overdue(struct writing *w)
{
	const struct sheet_items *o = &w->t->overdue;
	const char *unit = NULL, *is;

	if (o->n == 0)
		return;
	head(w, "已超期", o->n, "项");
	if (w->t->overdue_clues != o->n)
		buf_addf(w->out, "涉及线索 %zu 条\n", w->t->overdue_clues);
	for (size_t i = 0, n; i < o->n; i += n) {
		n = run_of(o, i);
		is = name_unit_of(w->conf, o->list[i].officer);
		if (unit == NULL || strcmp(unit, is) != 0)
			buf_addf(w->out, "◆ %s\n", is[0] != '\0' ? is : "其他");
		unit = is;
		add_officer(w, &o->list[i], n);
	}
}

/* -- urging, letters, mail --------------------------------------------------
 */

/* "accept: lu-wenbo yan-ruoxi" → 签收. */
const char *
sheet_step_what(const struct sheet_item *x)
{
	for (int k = 0; k < DEADLINE_COUNT; k++)
		if (str_istarts(
			x->state, deadline_name((enum deadline_kind)k)))
			return deadline_title((enum deadline_kind)k);
	return "";
}

/* The gravest first. */
static void
add_step_lines(struct writing *w)
{
	const struct sheet_items *u = &w->t->urged;
	size_t shown = 0;

	for (int s = SHEET_STEPS - 1; s >= URGE_WARN; s--)
		for (size_t i = 0; i < u->n && shown < MAX_LINES; i++) {
			if (u->list[i].kind != s)
				continue;
			buf_addf(w->out, "%s %s %s\n",
			    urge_title((enum urge_step)s), u->list[i].number,
			    sheet_step_what(&u->list[i]));
			shown++;
		}
	more(w, u->n - shown);
}

static void
add_steps(struct writing *w)
{
	const struct day_sheet *t = w->t;
	int64_t n = 0;

	for (int s = URGE_WARN; s < SHEET_STEPS; s++)
		n += t->steps[s];
	if (n == 0)
		return;
	head(w, "督办已发", (size_t)n, "次");
	for (int s = URGE_WARN; s < SHEET_STEPS; s++)
		buf_addf(w->out, "%s%s %lld", s > URGE_WARN ? "，" : "",
		    urge_title((enum urge_step)s), (long long)t->steps[s]);
	buf_addc(w->out, '\n');
	add_step_lines(w);
}

static void
add_letters(struct writing *w)
{
	const struct day_sheet *t = w->t;

	if (t->failed + t->unknown + t->waiting == 0)
		return;
	head(w, "信件未送达", (size_t)(t->failed + t->unknown + t->waiting),
	    "封");
	buf_addf(w->out,
	    "退回或拒收 %lld，结果不明 %lld，滞留一小时以上 %lld\n",
	    (long long)t->failed, (long long)t->unknown, (long long)t->waiting);
	for (size_t i = 0; i < t->n_letters && i < MAX_LINES; i++) {
		const struct letter_trouble *l = &t->letters[i];

		buf_addf(w->out, "%s %s → %s\n", l->number, l->kind,
		    l->to_person[0] != '\0' ? name_person(w->conf, l->to_person)
					    : "来信人");
	}
	more(w, t->n_letters > MAX_LINES ? t->n_letters - MAX_LINES : 0);
}

static void
add_shelves(struct writing *w)
{
	const struct day_sheet *t = w->t;
	int64_t fresh = t->seen.kinds[KIND_SPAM] + t->seen.kinds[KIND_EMPTY];

	if (t->shelf == 0 && t->seen_all.quarantine == 0)
		return;
	buf_addf(w->out,
	    "\n【待人工查看】\n疑似垃圾、空白邮件 %lld 封（新增 %lld）\n"
	    "无法解析、隔离 %lld 封（新增 %lld）\n",
	    (long long)t->shelf, (long long)fresh,
	    (long long)t->seen_all.quarantine, (long long)t->seen.quarantine);
}

/* A new kind needs a title here. */
_Static_assert(KIND_COUNT == 10, "titles of all kinds");
static const char *const kind_titles[KIND_COUNT] = {
    [KIND_TIP] = "线索",
    [KIND_FOLLOWUP] = "补充",
    [KIND_REPLY] = "回复",
    [KIND_UNIT_REPORT] = "月报",
    [KIND_BOUNCE] = "退信",
    [KIND_AUTO] = "自动邮件",
    [KIND_LIST] = "订阅邮件",
    [KIND_SPAM] = "疑似垃圾",
    [KIND_EMPTY] = "空白邮件",
    [KIND_QUERY] = "查询",
};

const char *
sheet_kind_title(enum mail_kind kind)
{
	return (unsigned)kind < KIND_COUNT ? kind_titles[kind] : "其他";
}

static void
add_term(struct writing *w, const char *title, int64_t n, bool *any)
{
	if (n == 0)
		return;
	buf_addf(
	    w->out, "%s%s %lld", *any ? " ＋ " : w->first, title, (long long)n);
	*any = true;
}

static void
add_sum(struct writing *w, const char *title, const struct mail_seen *m)
{
	int64_t all = m->taken + m->by_hand, off = sheet_difference(m);
	bool any = false;

	w->first = " ＝ ";
	buf_addf(w->out, "%s %lld 封", title, (long long)all);
	for (int k = 0; k < KIND_COUNT; k++)
		add_term(w, kind_titles[k], m->kinds[k], &any);
	add_term(w, "隔离", m->quarantine, &any);
	if (off != 0)
		buf_addf(w->out, "，不符！相差 %lld 封", (long long)off);
	else if (all > 0)
		buf_adds(w->out, "，相符");
	buf_addc(w->out, '\n');
	any = false;
	w->first = "　另有";
	add_term(w, "重复", m->repeats, &any);
	add_term(w, "启用前旧信", m->skipped, &any);
	add_term(w, "服务器未给正文", m->missing, &any);
	if (any)
		buf_adds(w->out, "（未计入）\n");
}

void
sheet_text(const struct conf *conf, const struct day_sheet *t, struct buf *out)
{
	struct writing w = {conf, t, out, ""};
	char from[20], to[20];

	zone_format(conf->zone, t->from_s, from);
	zone_format(conf->zone, t->now_s, to);
	add_alarms(&w);
	buf_addf(out, "%s 至 %s\n", from, to);
	if (sheet_is_quiet(t))
		buf_addf(out, "没有待分派、将到期、超期的线索，信件和邮箱"
			      "一切正常。\n");
	if (t->n_new == 0)
		buf_adds(out, "本期没有新收线索。\n");
	add_majors(&w);
	add_new(&w);
	add_waiting(&w, "待分派", &t->triage);
	add_waiting(&w, "退回待重新分派", &t->returned);
	add_due(&w, "今天到期", &t->today);
	add_due(&w, "三个工作日内到期", &t->soon);
	add_overdue(&w);
	if (t->unaccepted > 0)
		buf_addf(
		    out, "\n已交办未签收 %lld 条\n", (long long)t->unaccepted);
	add_steps(&w);
	add_letters(&w);
	sheet_units_text(conf, t, out);
	add_shelves(&w);
	buf_adds(out, "\n【邮箱核对】\n");
	add_sum(&w, "本期收到", &t->seen);
	add_sum(&w, "启用以来", &t->seen_all);
}

void
sheet_headline(const struct day_sheet *t, struct buf *out)
{
	if (sheet_difference(&t->seen) != 0 ||
	    sheet_difference(&t->seen_all) != 0 || t->seen_all.lost > 0)
		buf_adds(out, "邮箱核对不符！");
	if (t->n_majors > 0)
		buf_addf(out, "重大未签收%zu ", t->n_majors);
	if (sheet_is_quiet(t) && t->n_new == 0) {
		buf_adds(out, "无新收，一切正常");
		return;
	}
	buf_addf(out, "新收%lld 待分派%zu 今日到期%zu 超期%zu",
	    (long long)t->n_new, t->triage.n + t->returned.n, t->today.n,
	    t->overdue.n);
}

/* -- JSON -------------------------------------------------------------------
 */

static void
json_time(struct buf *b, int64_t utc_s)
{
	struct civil c;
	int32_t day = (int32_t)(utc_s / 86400);
	int64_t rest = utc_s % 86400;

	if (utc_s <= 0) {
		buf_adds(b, "null");
		return;
	}
	civil_from_day(day, &c);
	buf_addf(b, "\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", c.year, c.month,
	    c.day, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

static void
json_items(struct buf *b, const struct conf *conf, const char *key,
    const struct sheet_items *items)
{
	buf_addf(b, ",\"%s\":[", key);
	for (size_t i = 0; i < items->n; i++) {
		const struct sheet_item *x = &items->list[i];

		buf_adds(b, i > 0 ? ",{\"number\":" : "{\"number\":");
		json_add_cstr(b, x->number);
		buf_adds(b, ",\"domain\":");
		json_add_cstr(b, x->domain);
		buf_adds(b, ",\"officer\":");
		json_add_cstr(b, x->officer);
		buf_adds(b, ",\"unit\":");
		json_add_cstr(b, name_unit_of(conf, x->officer));
		if (x->kind >= 0)
			buf_addf(b, ",\"deadline\":\"%s\",\"over_days\":%d",
			    deadline_name((enum deadline_kind)x->kind),
			    x->over_days);
		buf_addf(b, ",\"%s\":", x->kind >= 0 ? "due" : "received");
		json_time(b, x->due_s);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
json_majors(struct buf *b, const struct day_sheet *t)
{
	buf_adds(b, ",\"majors\":[");
	for (size_t i = 0; i < t->n_majors; i++) {
		buf_adds(b, i > 0 ? ",{\"number\":" : "{\"number\":");
		json_add_cstr(b, t->majors[i].number);
		buf_adds(b, ",\"officer\":");
		json_add_cstr(b, t->majors[i].officer);
		buf_adds(b, ",\"state\":");
		json_add_cstr(b, t->majors[i].state);
		buf_adds(b, ",\"at\":");
		json_time(b, t->majors[i].at_s);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
json_letters(struct buf *b, const struct day_sheet *t)
{
	buf_addf(b,
	    ",\"letters\":{\"failed\":%lld,\"unknown\":%lld,"
	    "\"waiting\":%lld,\"list\":[",
	    (long long)t->failed, (long long)t->unknown, (long long)t->waiting);
	for (size_t i = 0; i < t->n_letters; i++) {
		const struct letter_trouble *l = &t->letters[i];

		buf_adds(b, i > 0 ? ",{\"number\":" : "{\"number\":");
		json_add_cstr(b, l->number);
		buf_adds(b, ",\"kind\":");
		json_add_cstr(b, l->kind);
		buf_adds(b, ",\"to\":");
		json_add_cstr(b, l->to_person);
		buf_addf(b, ",\"state\":\"%s\",\"result\":",
		    letter_state_name(l->state));
		json_add_cstr(b, l->result);
		buf_addc(b, '}');
	}
	buf_adds(b, "]}");
}

static void
json_mail(struct buf *b, const char *key, const struct mail_seen *m)
{
	buf_addf(b,
	    "%s\":{\"taken\":%lld,\"by_hand\":%lld,\"repeats\":%lld,"
	    "\"skipped\":%lld,\"missing\":%lld,\"quarantine\":%lld,"
	    "\"lost\":%lld,\"difference\":%lld",
	    key, (long long)m->taken, (long long)m->by_hand,
	    (long long)m->repeats, (long long)m->skipped, (long long)m->missing,
	    (long long)m->quarantine, (long long)m->lost,
	    (long long)sheet_difference(m));
	for (int k = 0; k < KIND_COUNT; k++)
		buf_addf(b, ",\"%s\":%lld", intake_kind_name((enum mail_kind)k),
		    (long long)m->kinds[k]);
	buf_addc(b, '}');
}

void
sheet_json(const struct conf *conf, const struct day_sheet *t, struct buf *out)
{
	buf_adds(out, "{\"from\":");
	json_time(out, t->from_s);
	buf_adds(out, ",\"now\":");
	json_time(out, t->now_s);
	buf_addf(out, ",\"quiet\":%s,\"new\":{\"total\":%lld",
	    sheet_is_quiet(t) ? "true" : "false", (long long)t->n_new);
	for (size_t i = 0; i < t->n_domains; i++) {
		buf_addc(out, ',');
		json_add_cstr(out, t->domains[i].id);
		buf_addf(out, ":%lld", (long long)t->domains[i].n);
	}
	buf_addf(out, "},\"unaccepted\":%lld,\"overdue_clues\":%zu",
	    (long long)t->unaccepted, t->overdue_clues);
	json_majors(out, t);
	json_items(out, conf, "triage", &t->triage);
	json_items(out, conf, "returned", &t->returned);
	json_items(out, conf, "due_today", &t->today);
	json_items(out, conf, "due_soon", &t->soon);
	json_items(out, conf, "overdue", &t->overdue);
	buf_adds(out, ",\"steps\":{");
	for (int s = URGE_WARN; s < SHEET_STEPS; s++)
		buf_addf(out, "%s\"%s\":%lld", s > URGE_WARN ? "," : "",
		    urge_name((enum urge_step)s), (long long)t->steps[s]);
	buf_addf(
	    out, "},\"shelf\":%lld,\"missing_year\":", (long long)t->shelf);
	if (t->missing_year != 0)
		buf_addf(out, "%d", t->missing_year);
	else
		buf_adds(out, "null");
	json_letters(out, t);
	sheet_units_json(conf, t, out);
	json_mail(out, ",\"mail\":{\"period", &t->seen);
	json_mail(out, ",\"all", &t->seen_all);
	buf_adds(out, "}}\n");
}
