/* SPDX-License-Identifier: ISC */
/*
 * Hiding who told us, measured both ways on tests/data/hide/: lines that a
 * clerk can read, {…} must be hidden, […] must stay.  CLUED_HIDE_MISSES=1
 * prints every miss.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/str.h"
#include "hide/hide.h"
#include "hide/words.h"
#include "parse/message.h"

#define CASES "tests/data/hide"
#define LINE_MOST 8000
#define SPANS_MOST 40

/* Of a hundred pieces that must be hidden, and that must stay.  Each batch is
 * by other people than wrote the rules, and was measured at first sight before
 * anything was mended for it.  Rules alone (leaked and lost): 45 and 7 of the
 * fourth, 30 and 5 of the fifth, 42 and 5 of the sixth, 25 and 5 of the
 * seventh, 14 and 4 of the eighth, 34 and 8 of the ninth, 27 and 6 of the
 * tenth, 24 and 8 of the eleventh, 14 and 8 of the twelfth.  With the judge
 * that learns from letters (hide/judge.h): 13 and 17 of the eleventh, 8
 * and 14 of the twelfth, 8 and 12 of it now (held out while all other letters
 * were learnt from).  The thirteenth was asked for with namesakes, two
 * telephones, two cars, two shops in one letter, and with the writer's workmates
 * and kin: 28 and 19 with what hid the twelfth, 22 and 13 with what hides now;
 * of what finds the writer himself (names, numbers, doors) 8 of a hundred leak in
 * one author's letters and 18 in the other's.  What is lost the office can tell,
 * what leaked nobody can take back. */
#define MOST_LEAKED 6.0
#define MOST_LOST 9.0
/* The same of letters that no rule was mended for, nor learnt from. */
#define MOST_LEAKED_BLIND 24.0
#define MOST_LOST_BLIND 14.0
/* The same of letters by who wrote the rules, and of what is put together from
 * words of no list. */
#define MOST_LEAKED_AUTHOR 6.0
#define MOST_LOST_AUTHOR 7.0
#define MOST_LEAKED_WAYS 4.0
#define MOST_LOST_WAYS 1.0
#define MOST_LEAKED_UNKNOWN 4.0
#define MOST_LOST_UNKNOWN 1.0

struct labelled {
	size_t from, to;
	bool hide;
};

struct hide_case {
	char text[LINE_MOST];
	struct labelled spans[SPANS_MOST];
	size_t n;
};

struct tally {
	int cases, hide, leaked, keep, lost;
	size_t bytes, kept;
};

/* The text without its labels. */
static void
read_labels(const char *s, struct hide_case *c)
{
	size_t n = 0;

	c->n = 0;
	for (; *s != '\0'; s++) {
		if (*s == '{' || *s == '[') {
			assert_true(c->n < SPANS_MOST);
			c->spans[c->n].hide = *s == '{';
			c->spans[c->n].from = n;
		} else if (*s == '}' || *s == ']') {
			c->spans[c->n++].to = n;
		} else if (s[0] == '\\' && s[1] == 'n') {
			c->text[n++] = '\n';
			s++;
		} else {
			c->text[n++] = *s;
		}
	}
	c->text[n] = '\0';
}

static bool
is_hidden(const struct buf *found, size_t at)
{
	const struct hide_piece *p = (const void *)found->data;

	for (size_t i = 0; i < found->len / sizeof(*p); i++)
		if (at >= p[i].from && at < p[i].to)
			return true;
	return false;
}

static void
say_miss(const char *file, int line, const char *what,
    const struct hide_case *c, const struct labelled *l)
{
	if (getenv("CLUED_HIDE_MISSES") != NULL)
		print_message("%s:%d: %s: %.*s\n", file, line, what,
		    (int)(l->to - l->from), c->text + l->from);
}

static void
judge(const char *file, int line, const struct hide_case *c,
    const struct buf *found, struct tally *t)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct labelled *l = &c->spans[i];
		size_t hidden = 0;

		for (size_t at = l->from; at < l->to; at++)
			hidden += is_hidden(found, at);
		if (l->hide) {
			t->hide++;
			if (hidden < l->to - l->from) {
				t->leaked++;
				say_miss(file, line, "LEAKED", c, l);
			}
		} else {
			t->keep++;
			if (hidden > 0) {
				t->lost++;
				say_miss(file, line, "LOST", c, l);
			}
		}
	}
	for (size_t at = 0; c->text[at] != '\0'; at++) {
		t->bytes++;
		t->kept += !is_hidden(found, at);
	}
}

static void
make_message(
    struct message *m, char *from, const char *subject, const char *text)
{
	char *blank = strrchr(from, ' ');

	memset(m, 0, sizeof(*m));
	m->from.addr = blank == NULL ? from : blank + 1;
	m->from.name = blank == NULL ? "" : from;
	if (blank != NULL)
		*blank = '\0';
	m->sender.name = m->sender.addr = "";
	m->reply_to.name = m->reply_to.addr = "";
	m->signs.return_path = m->from.addr;
	m->signature = m->quoted = "";
	m->subject = subject;
	m->text = text;
}

/* The message read once for all its texts gives what single questions give. */
static void
compare_all(const struct message *m)
{
	const char *const texts[] = {m->subject, m->text, "为王小红（+2.0）"};
	BUF_AUTO struct buf one = BUF_INIT;
	struct buf all[3] = {BUF_INIT, BUF_INIT, BUF_INIT};

	hide_citizen_all(m, texts, 3, all);
	for (size_t i = 0; i < 3; i++) {
		buf_clear(&one);
		hide_citizen(m, texts[i], &one);
		assert_string_equal(buf_str(&all[i]), buf_str(&one));
		buf_done(&all[i]);
	}
}

static void
try_line(const char *file, int line, char *s, struct tally *t)
{
	static struct hide_case subject, text;
	BUF_AUTO struct buf found = BUF_INIT;
	char *from = str_trim(s), *a, *b;
	struct message m;

	if (*from == '\0' || *from == '#')
		return;
	a = strchr(from, '|');
	b = a == NULL ? NULL : strchr(a + 1, '|');
	if (b == NULL)
		fail_msg("%s:%d: 发信人 | 主题 | 正文", file, line);
	*a++ = *b++ = '\0';
	read_labels(str_trim(a), &subject);
	read_labels(str_trim(b), &text);
	make_message(&m, str_trim(from), subject.text, text.text);
	t->cases++;
	hide_citizen_find(&m, m.subject, &found);
	judge(file, line, &subject, &found, t);
	buf_clear(&found);
	hide_citizen_find(&m, m.text, &found);
	assert_false(buf_bad(&found));
	judge(file, line, &text, &found, t);
	compare_all(&m);
}

static void
try_file(const char *name, struct tally *t)
{
	char path[256], line[LINE_MOST];
	int number = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), CASES "/%s", name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		try_line(name, ++number, line, t);
	(void)fclose(f);
}

static void
print_tally(const char *name, const struct tally *t)
{
	print_message("%-14s %3d letters: %3d of %3d leaked (%.1f %%), "
		      "%3d of %3d lost (%.1f %%), %.0f %% of the text kept\n",
	    name, t->cases, t->leaked, t->hide, 100.0 * t->leaked / t->hide,
	    t->lost, t->keep, 100.0 * t->lost / t->keep,
	    100.0 * (double)t->kept / (double)t->bytes);
}

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static int
is_case(const struct dirent *e)
{
	return ends_with(e->d_name, ".case");
}

static int
is_blind(const struct dirent *e)
{
	return ends_with(e->d_name, ".blind");
}

static void
test_rates(void **state)
{
	struct tally all = {0};
	struct dirent **list;
	int n = scandir(CASES, &list, is_case, alphasort);

	(void)state;
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		struct tally t = {0};

		try_file(list[i]->d_name, &t);
		print_tally(list[i]->d_name, &t);
		all.cases += t.cases;
		all.hide += t.hide;
		all.leaked += t.leaked;
		all.keep += t.keep;
		all.lost += t.lost;
		all.bytes += t.bytes;
		all.kept += t.kept;
		free(list[i]);
	}
	free(list);
	print_tally("all", &all);
	assert_true(all.cases >= 150 && all.hide > 0 && all.keep > 0);
	assert_true(100.0 * all.leaked / all.hide <= MOST_LEAKED);
	assert_true(100.0 * all.lost / all.keep <= MOST_LOST);
}

/* What becomes of letters that nobody has mended the rules for; when they are,
 * the file is one more .case, and others write a new one. */
static void
test_blind(void **state)
{
	struct dirent **list;
	int n = scandir(CASES, &list, is_blind, alphasort);

	(void)state;
	assert_true(n >= 0);
	if (n == 0)
		print_message("no *.blind: the rules have seen every letter\n");
	for (int i = 0; i < n; i++) {
		struct tally t = {0};

		try_file(list[i]->d_name, &t);
		print_tally(list[i]->d_name, &t);
		assert_true(t.cases >= 60 && t.hide > 0 && t.keep > 0);
		assert_true(100.0 * t.leaked / t.hide <= MOST_LEAKED_BLIND);
		assert_true(100.0 * t.lost / t.keep <= MOST_LOST_BLIND);
		free(list[i]);
	}
	free(list);
}

/* Letters of who wrote the rules are no blind ones: by themselves. */
static void
test_author(void **state)
{
	struct tally t = {0};

	(void)state;
	try_file("author.own", &t);
	print_tally("author.own", &t);
	assert_true(t.cases >= 200);
	assert_true(100.0 * t.leaked / t.hide <= MOST_LEAKED_AUTHOR);
	assert_true(100.0 * t.lost / t.keep <= MOST_LOST_AUTHOR);
}

/* ---- ways to say it -------------------------------------------------------
 */

/* What stands around a way of each group. */
static const struct {
	const char *group, *around[4];
} surroundings[] = {
    {"said", {"%s。[渣土车]每天[半夜两点]往[西河沿]倒土，带头的叫[沙某]。",
		 "[沙某]在[西河沿]强占路面收费，每车[五十]，不给就打人。%s。",
		 "[沙某]打人的事我都看到了。%s，请保密。"}},
    {"signed", {"[沙大勇]每晚在[西河沿]收[五十]。请查处。%s",
		   "老板[沙大勇]打人，他电话[13933334444]，望严惩。\\n%s",
		   "举报[沙大勇]收保护费，我怕报复。%s"}},
    {"form", {"%s"}},
    {"proxy", {"%s[沙大勇]每晚在[西河沿]收[五十]，不给就打人。",
		  "老板[沙大勇]半夜在[西河沿]倒土，谁拦打谁。%s请查处。"}},
    {"english",
	{"%s A man called [Sha Dayong] collects [50 yuan] a night at "
	 "[Xihe Market].",
	    "[Sha Dayong] dumps waste at [Xihe Bridge] every night. %s"}},
    {"chat", {"[沙大勇]每晚在[西河沿]收钱 不给就打人 %s",
		 "领导好 %s [沙大勇]天天[半夜]倒渣土 吵死了"}},
    {"event", {"%s", "举报[沙大勇]。%s请查处。"}},
    {"accused", {"%s。我叫{滕春花}，电话{13811112222}。",
		    "我是{卖水果的}，{滕春花}。%s。",
		    "我要反映一个事 %s 我电话{13811112222}"}},
};

static void
try_way(const char *group, const char *way, int number, struct tally *t)
{
	for (size_t i = 0; i < sizeof(surroundings) / sizeof(*surroundings);
	     i++) {
		if (strcmp(surroundings[i].group, group) != 0)
			continue;
		for (size_t k = 0; surroundings[i].around[k] != NULL; k++) {
			const char *around = surroundings[i].around[k];
			const char *at = strstr(around, "%s");
			char line[LINE_MOST];

			(void)snprintf(line, sizeof(line),
			    "a@example.net | 举报 | %.*s%s%s",
			    (int)(at - around), around, way, at + 2);
			try_line("ways.own", number, line, t);
		}
		return;
	}
	fail_msg("ways.own:%d: no group %s", number, group);
}

/* Every common way, and not only those that some letter happened to use. */
static void
test_ways(void **state)
{
	struct tally t = {0};
	char line[LINE_MOST];
	int number = 0;
	FILE *f = fopen(CASES "/ways.own", "r");

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		char *way = strchr(line, '|');

		number++;
		if (*line == '#')
			continue;
		assert_non_null(way);
		*way++ = '\0';
		try_way(str_trim(line), str_trim(way), number, &t);
	}
	(void)fclose(f);
	print_tally("ways.own", &t);
	assert_true(t.cases >= 1000);
	assert_true(100.0 * t.leaked / t.hide <= MOST_LEAKED_WAYS);
	assert_true(100.0 * t.lost / t.keep <= MOST_LOST_WAYS);
}

/* ---- words of no list ------------------------------------------------------
 */

/* Trades, kin, homes and shops that stand in no list of roles, kin and others:
 * the rules must see by their place what they are. */
struct frame {
	const char *text;
	const char *const *words;
};

static const char *const trades[] = {"掌鞋", "打铁皮", "弹棉花", "箍桶",
    "吹糖人", "配钥匙", "贴瓷砖", "刮大白", "送煤气", "扎花圈", "当月嫂",
    "卸沙子", "打烧饼", "写代码", "回收旧手机", "听力康复", "给牲口看病",
    "站街发传单", NULL};
static const char *const relatives[] = {"二舅", "表嫂", "老姑", "妻弟",
    "大伯哥", "侄媳妇", "四爷", "干妈", "堂妹", "曾祖母", NULL};
static const char *const homes[] = {"桃花坞", "青石巷", "老轧花厂家属院",
    "水塔底下", "荷花塘新村", "邮电新村", "赵家圩西头", "乌龙潭小区", NULL};
static const char *const signs_over[] = {
    "福满堂", "胖丫", "小确幸", "青花瓷", "三兄弟", "好再来", NULL};
static const char *const ills[] = {"左耳失聪", "患有尿毒症", "右腿装了假肢",
    "双目失明", "脸上有块白癜风", "有严重的哮喘", NULL};

static const struct frame frames[] = {
    {"我是{%s的}，[渣土车]天天在[西河沿]乱倒。", trades},
    {"我平时{%s}，他们[半夜两点]堵[工地大门]。", trades},
    {"我叫{葛秉坤}，{%s的}，收[保护费]的叫[“铜锤”]。", trades},
    {"我爱人{邢桂香}{%s}，老板[沙某]雇人打了[两个摊主]。", trades},
    {"举报人{殷立夏}（{%s}），举报事项：[渣土车]乱倒。", trades},
    {"身为{%s的}，我要反映：老板[沙某]打人。", trades},
    {"收[保护费]的叫[“铜锤”]。\\n{一个%s的}", trades},
    {"[鲁振邦]是我{%s}，他在[西河沿]倒土。", relatives},
    {"请联系我%s{郝玉柱}，[渣土车]的事他清楚。", relatives},
    {"我%s{佟思远}被打了，打人的姓[邢]。", relatives},
    {"我住{%s}，他们[半夜两点]堵[工地大门]。", homes},
    {"我叫{葛秉坤}，{家在%s}，收钱的叫[“铜锤”]。", homes},
    {"我{租住在%s}，老板[沙某]打人。", homes},
    {"家住{%s}，[渣土车]天天乱倒。", homes},
    {"我的店叫{%s}，收[保护费]的叫[“铜锤”]。", signs_over},
    {"{“%s”}就是我开的，老板[沙某]雇人来砸。", signs_over},
    {"人家都叫我{%s}，[渣土车]天天乱倒。", signs_over},
    {"我网名{“%s”}，老板[沙某]打人。", signs_over},
    {"我{%s}，[渣土车]天天在[西河沿]乱倒。", ills},
    {"我叫{葛秉坤}，{%s}，老板[沙某]打人。", ills},
};

static void
assert_unknown(const char *const *list, const char *word)
{
	for (; *list != NULL; list++)
		assert_string_not_equal(*list, word);
}

static void
try_frame(const struct frame *f, const char *word, struct tally *t)
{
	const char *at = strstr(f->text, "%s");
	char line[LINE_MOST];

	assert_non_null(at);
	(void)snprintf(line, sizeof(line), "a@example.net | 举报 | %.*s%s%s",
	    (int)(at - f->text), f->text, word, at + 2);
	try_line(f->text, 0, line, t);
}

static void
test_unknown_words(void **state)
{
	struct tally t = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(*frames); i++)
		for (const char *const *word = frames[i].words; *word != NULL;
		     word++) {
			assert_unknown(hide_roles, *word);
			assert_unknown(hide_families, *word);
			assert_unknown(hide_others, *word);
			try_frame(&frames[i], *word, &t);
		}
	print_tally("unknown words", &t);
	assert_true(t.cases >= 200);
	assert_true(100.0 * t.leaked / t.hide <= MOST_LEAKED_UNKNOWN);
	assert_true(100.0 * t.lost / t.keep <= MOST_LOST_UNKNOWN);
}

/* ---- what never depends on a rate -----------------------------------------
 */

static const char *
hide(char *from, const char *signature, const char *text, struct buf *out)
{
	struct message m;

	make_message(&m, from, "", text);
	m.signature = signature;
	buf_clear(out);
	hide_citizen(&m, text, out);
	assert_false(buf_bad(out));
	return buf_str(out);
}

static void
test_marks(void **state)
{
	BUF_AUTO struct buf b = BUF_INIT;
	char from[] = "钱小川 Citizen@Example.NET";

	(void)state;
	assert_string_equal(hide(from, "", "渣土车乱倒。", &b), "渣土车乱倒。");
	assert_string_equal(hide((char[]){"钱小川 Citizen@Example.NET"}, "",
				"问citizen@example.net，或者找钱小川吧", &b),
	    "问" HIDDEN_MARK "，或者找" HIDDEN_MARK "吧");
	assert_string_equal(
	    hide((char[]){"a@b.example"}, "", "我叫王小红，女，52岁。", &b),
	    HIDDEN_MARK "。");
	assert_string_equal(hide((char[]){"a@b.example"}, "", "", &b), "");
}

/* What stands in the signature is hidden in the text too. */
static void
test_signature_is_learnt(void **state)
{
	BUF_AUTO struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(
	    hide((char[]){"a@b.example"}, "梁文远\n13905130077",
		"渣土车撞了人，目击的就是梁文远，13905130077。", &b),
	    "渣土车撞了人，目击的就是" HIDDEN_MARK "。");
}

/* A number, a handle, a door, a name in a signing frame: hidden in doubt, kept
 * when it is said to be somebody else's. */
static void
test_identifiers_in_doubt(void **state)
{
	static const struct {
		const char *text, *gone, *kept;
	} cases[] = {
	    {"老板柴某打人。wx同手机15912345678。", "wx同", "柴某"},
	    {"call me, one five two, 0000 1111.", "one five", NULL},
	    {"The thug's number is 13900003333.", NULL, "13900003333"},
	    {"知情人马师傅的电话是13812345678。", NULL, "13812345678"},
	    {"收货人是浦先生，电话13812345678。", NULL, "13812345678"},
	    {"奖金打建行6236682450001234567，户名费明月。", "费明月", NULL},
	    {"车队收钱的账号：6228480012345678901。", NULL, "6228480012345678901"},
	    {"快手号@豫西老孙头，拦车的叫“大头”。", "老孙头", "大头"},
	    {"他在抖音@黑老大上发视频。", NULL, "黑老大"},
	    {"我店执照92410303MA45ABCD7X被扣。", "92410303MA45ABCD7X", NULL},
	    {"对方公司代码91410300MA3X9ABC2K。", NULL, "91410300MA3X9ABC2K"},
	    {"我那台红色三轮车豫C·F1234被扣了。", "豫C·F1234", NULL},
	    {"渣土车豫C·K9999每天过。", NULL, "豫C·K9999"},
	    {"老板柴某打人。栗秀珍，六十九岁，原纺织厂挡车工。", "栗秀珍", "柴某"},
	    {"打人的是老板刘大强，他35岁，住柳庄村。请查。", NULL, "刘大强"},
	    {"组长令狐海代表全组38户举报老板靳某。", "令狐海", "靳某"},
	    {"我替我爸写的。我爸叫贾满屯，七十五。", "贾满屯", NULL},
	    {"他们堵在我家门口！幸福路12号！", "幸福路12号", NULL},
	    {"回信请寄西工区邮局信箱203，霍女士收。", "霍女士", NULL},
	    {"Regards are due to nobody. Sincerely, Tom Baker", "Tom", NULL},
	};
	BUF_AUTO struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char from[] = "x@y.example";
		const char *out = hide(from, "", cases[i].text, &b);

		if (cases[i].gone != NULL && strstr(out, cases[i].gone) != NULL)
			fail_msg("%s stays in %s", cases[i].gone, out);
		if (cases[i].kept != NULL && strstr(out, cases[i].kept) == NULL)
			fail_msg("%s is lost: %s", cases[i].kept, out);
	}
}

/* Bytes that are no UTF-8, cut characters, nothing but anchors. */
static void
test_hostile(void **state)
{
	static const char *const texts[] = {"我叫\xe7\x8e", "\xff\xfe我是\xc3",
	    "我", "我是", "本人", "举报人：", "电话", "@", "a@", "@b", "+", "1",
	    "微信", "我\n我\n我", "（（（（", "我（", "我叫，，，",
	    "一二三四五六七", "\n\n\n", "    ", "best regards,\n\n\n"};
	BUF_AUTO struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char from[] = "x@y.example";
		size_t n = strlen(texts[i]);

		(void)hide(from, "", texts[i], &b);
		for (size_t cut = 0; cut < n; cut++) {
			char part[200];

			(void)snprintf(
			    part, sizeof(part), "%.*s", (int)cut, texts[i]);
			(void)hide((char[]){"x@y.example"}, "", part, &b);
		}
	}
}

/* More anchors than any letter has: the rest is hidden, and soon. */
static void
test_flood(void **state)
{
	BUF_AUTO struct buf text = BUF_INIT;
	BUF_AUTO struct buf b = BUF_INIT;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_adds(&text, "我是业主13912345678。");
	(void)hide((char[]){"x@y.example"}, "", buf_str(&text), &b);
	assert_null(strstr(buf_str(&b), "13912345678"));
}

/* Every rule's anchor, thousands of times over, with and without line ends:
 * no rule may walk the whole text for each of its places. */
static void
test_flood_of_every_kind(void **state)
{
	static const char *const parts[] = {
	    "本店老店，学号12345，老马说：“我是人”，“半夏”就是我，家住3号楼，老"
	    "板王五，"
	    "曾凡林，电话13912345678，葛女士，",
	    "本店", "学号1a", "家住，", "“我", "说“我就是我", "老板王五\n",
	    "曾凡", "曾凡林", "【举报人】曾凡，", "我替", "我受", "在下",
	    "13912345678！王五！", "--\n", "@我", "微博@我", "my husband a, ",
	    "我在1号", "我家1", "我爸", "我的店在", "作为", "只有我",
	    "合同上我的名字", "敬上", "他叫", "我和", "我骑的那辆", "到处找我",
	    "我是被打的那个", "小凡", "老曾，", "as a ", "I live, A",
	    "my car is, a ", "I am a ", "my red car, plate ", "我，一个",
	    "我家窗户对着", "是我舅",
	    "我是王五的，", "他们电话13912345678", "能作证13912345678，",
	    "我住的是", "村里叫我", "（我", "我编号1",
	    "我有个店叫", "替邻居王五写", "王五托我写，", "我开店，", "地址王五，",
	    "老人叫王五，是我舅", "我以王五的", "邮箱是王五的，", "我家王五头，",
	    "我在王五的", "我在夜市卖，", "他有号，13912345678，", "由王五对接，",
	    "被举报：王五，", "我司系王五公司，", "王五和赵六，", "我舅",
	    "住院，二院内科，", "你家住王五，", "他住3号楼，", "我店王五馆，",
	    "电话：1\n", "姓名：王五\n", "【姓名】王五", "我跟舅住，",
	    "我有三台车，", "受害人王五是我舅，", "name: A b, ", "our son A, ",
	    "contact: A, ", "address: a ", "我王五的，", "威胁我的电话13912345678，",
	    "事项：", "群主“王五”微信a12345，"};
	struct rusage before, after;

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		BUF_AUTO struct buf text = BUF_INIT;
		BUF_AUTO struct buf b = BUF_INIT;

		buf_adds(&text, "我叫曾凡。");
		while (text.len < 100000)
			buf_adds(&text, parts[i]);
		(void)getrusage(RUSAGE_SELF, &before);
		(void)hide((char[]){"x@y.example"}, "", buf_str(&text), &b);
		(void)getrusage(RUSAGE_SELF, &after);
		if (after.ru_utime.tv_sec - before.ru_utime.tv_sec > 2)
			fail_msg("%s takes %ld s", parts[i],
			    (long)(after.ru_utime.tv_sec -
				   before.ru_utime.tv_sec));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rates),
	    cmocka_unit_test(test_blind),
	    cmocka_unit_test(test_author),
	    cmocka_unit_test(test_ways),
	    cmocka_unit_test(test_unknown_words),
	    cmocka_unit_test(test_marks),
	    cmocka_unit_test(test_signature_is_learnt),
	    cmocka_unit_test(test_identifiers_in_doubt),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_flood),
	    cmocka_unit_test(test_flood_of_every_kind),
	};

	return cmocka_run_group_tests_name("intake hide", tests, NULL, NULL);
}
