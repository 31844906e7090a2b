/* SPDX-License-Identifier: ISC */
#include "parse/split_signs.h"

#include <string.h>

/* Longest line that can be an attribution or a footer, in bytes. */
#define ATTRIBUTION_MAX 400
#define FOOTER_MAX 120
#define DIVIDER_MAX 160

/* A line reduced to what counts: ASCII in lower case, no blanks (no-break and
 * ideographic ones included), no asterisks of plain-text bold. */
struct squeezed {
	char text[ATTRIBUTION_MAX + 1];
	size_t len;
};

static bool
squeeze(const char *p, size_t len, size_t max, struct squeezed *out)
{
	out->len = 0;
	if (len == 0 || len > max)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (p[i] == ' ' || p[i] == '\t' || p[i] == '*')
			continue;
		if (len - i >= 3 && memcmp(p + i, "\xe3\x80\x80", 3) == 0) {
			i += 2;
			continue;
		}
		out->text[out->len++] = p[i] >= 'A' && p[i] <= 'Z'
					    ? (char)(p[i] + ('a' - 'A'))
					    : p[i];
	}
	out->text[out->len] = '\0';
	return out->len > 0;
}

static bool
starts(const struct squeezed *s, const char *prefix)
{
	return strncmp(s->text, prefix, strlen(prefix)) == 0;
}

static bool
ends(const struct squeezed *s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s->len >= n && strcmp(s->text + s->len - n, suffix) == 0;
}

static bool
starts_any(const struct squeezed *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (starts(s, *list))
			return true;
	return false;
}

static bool
has_any(const struct squeezed *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strstr(s->text, *list) != NULL)
			return true;
	return false;
}

/* ---- dividers ------------------------------------------------------- */

/* Length of the dashes at p: - = _ ~ — ─ －. */
static size_t
rule_length(const char *p, const char *end)
{
	const char *q = p;

	while (q < end) {
		if (strchr("-=_~", *q) != NULL && *q != '\0')
			q++;
		else if (end - q >= 3 &&
			 (memcmp(q, "—", 3) == 0 || memcmp(q, "─", 3) == 0 ||
			     memcmp(q, "－", 3) == 0))
			q += 3;
		else
			break;
	}
	return (size_t)(q - p);
}

bool
signs_is_rule(const char *line, size_t len)
{
	return len >= 5 && rule_length(line, line + len) == len;
}

static const char *const captions[] = {"原始邮件", "原邮件", "原文", "邮件原件",
    "邮件原文", "转发邮件", "转发的邮件", "转发的消息", "转发的原邮件",
    "转发信息", "转发邮件信息", "转发的信息", "回复的原邮件", "回复的邮件",
    "原始信件", "原始信息", "原始消息", "原始郵件", "原始訊息", "轉寄郵件",
    "轉寄的郵件", "已转发的邮件", "originalmessage", "originalmail", "original",
    "forwardedmessage", "repliedmessage", "forwardedmail",
    "originalappointment", "ursprünglichenachricht", "mensajeoriginal",
    "mensagemoriginal", "messaggiooriginale", "messaged'origine",
    "messageoriginal", "oorspronkelijkbericht", "исходноесообщение",
    "Исходноесообщение", "пересылаемоесообщение", "Пересылаемоесообщение",
    "元のメッセージ", "원본메시지", NULL};

/* Whether one of the captions stands there with nothing but dashes behind, or
 * dashes and the first of the repeated headers. */
static bool
is_caption(const char *text, size_t len)
{
	for (const char *const *w = captions; *w != NULL; w++) {
		size_t n = strlen(*w), rule;

		if (strncmp(text, *w, n) != 0)
			continue;
		rule = rule_length(text + n, text + len);
		if (rule == len - n ||
		    (rule >= 2 && signs_header(text + n + rule,
				      len - n - rule) == LABEL_FROM))
			return true;
	}
	return false;
}

bool
signs_is_caption(const char *line, size_t len)
{
	struct squeezed s;

	return squeeze(line, len, DIVIDER_MAX, &s) && is_caption(s.text, s.len);
}

bool
signs_is_divider(const char *line, size_t len)
{
	static const char *const whole[] = {"beginforwardedmessage:",
	    "开始转发的邮件：", "开始转发的邮件:", "以下是转发的邮件",
	    "下面是被转发的邮件", "下面是转发的邮件", "开始转发邮件", NULL};
	struct squeezed s;
	size_t head;

	if (!squeeze(line, len, DIVIDER_MAX, &s))
		return false;
	if (starts_any(&s, whole))
		return true;
	head = rule_length(s.text, s.text + s.len);
	if (head < 2 || head == s.len)
		return false;
	memmove(s.text, s.text + head, s.len - head + 1);
	s.len -= head;
	/* "----- Forwarded by 张三 on 2026-01-02 -----" */
	return is_caption(s.text, s.len) || starts(&s, "forwardedby") ||
	       starts(&s, "forwardedmessage");
}

/* ---- attributions --------------------------------------------------- */

static bool
has_year(const struct squeezed *s)
{
	for (size_t i = 0; i + 4 <= s->len; i++)
		if ((memcmp(s->text + i, "19", 2) == 0 ||
			memcmp(s->text + i, "20", 2) == 0) &&
		    s->text[i + 2] >= '0' && s->text[i + 2] <= '9' &&
		    s->text[i + 3] >= '0' && s->text[i + 3] <= '9')
			return true;
	return false;
}

static bool
begins_with_digit(const struct squeezed *s)
{
	return s->text[0] >= '0' && s->text[0] <= '9';
}

/* "2016-10-24 15:36 GMT+08:00 张三 <zhang@example.com>:", without a verb. */
static bool
is_bare_attribution(const struct squeezed *s)
{
	return begins_with_digit(s) && has_year(s) &&
	       strchr(s->text, '@') != NULL &&
	       (ends(s, ">:") || ends(s, ">："));
}

bool
signs_is_attribution(const char *line, size_t len)
{
	static const char *const tails[] = {"写道：",
	    "写道:", "wrote:", "wrote：", "写到：", "写到:", "寫道：",
	    "寫道:", "来信：",
	    "来信:", "schrieb:", "aécrit:", "writes:", "写道----", "寫道----",
	    "wrote----", "escribió:", "escreveu:", "hascritto:", "schreef:",
	    "geschreven:", "skrev:", "kirjoitti:", "napisał:", "napisał(a):",
	    "napsal:", "napsal(a):", "írta:", "написал:", "написала:",
	    "написал(а):", "пишет:", "писал:", "пише:", "yazdı:", "đãviết:",
	    "のメッセージ:", "書きました:", "書きました：",
	    "작성:", "썼습니다:"};
	struct squeezed s;

	if (!squeeze(line, len, ATTRIBUTION_MAX, &s))
		return false;
	if (is_bare_attribution(&s))
		return true;
	if (ends(&s, "uhr:") && strstr(s.text, "schrieb") != NULL)
		return true;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (ends(&s, tails[i]))
			return has_year(&s) || strchr(s.text, '@') != NULL;
	return false;
}

bool
signs_may_be_attribution(const char *line, size_t len)
{
	static const char *const heads[] = {"on", "at", "在", "于", "am", "le",
	    "el", "em", "il", "op", "den", "----on", "----在", "в", "В", NULL};
	struct squeezed s;

	return squeeze(line, len, ATTRIBUTION_MAX, &s) &&
	       (has_year(&s) || strchr(s.text, '@') != NULL) &&
	       (starts_any(&s, heads) || begins_with_digit(&s) ||
		   (ends(&s, ">") && strchr(s.text, '<') != NULL) ||
		   strstr(s.text, "于20") != NULL ||
		   strstr(s.text, "schriebam") != NULL);
}

bool
signs_is_introduction(const char *line, size_t len)
{
	struct squeezed s;

	return squeeze(line, len, ATTRIBUTION_MAX, &s) &&
	       strchr(s.text, '@') != NULL && strchr(s.text, '<') != NULL &&
	       strchr(s.text, '>') != NULL &&
	       (ends(&s, ":") || ends(&s, "："));
}

/* ---- repeated headers ----------------------------------------------- */

enum header_label
signs_header(const char *line, size_t len)
{
	static const struct {
		const char *label;
		enum header_label kind;
	} labels[] = {
	    {"发件人", LABEL_FROM},
	    {"寄件者", LABEL_FROM},
	    {"寄件人", LABEL_FROM},
	    {"發件人", LABEL_FROM},
	    {"from", LABEL_FROM},
	    {"发自", LABEL_FROM},
	    {"发送时间", LABEL_DATE},
	    {"发送日期", LABEL_DATE},
	    {"发件时间", LABEL_DATE},
	    {"发件日期", LABEL_DATE},
	    {"已发送", LABEL_DATE},
	    {"日期", LABEL_DATE},
	    {"时间", LABEL_DATE},
	    {"傳送時間", LABEL_DATE},
	    {"寄件日期", LABEL_DATE},
	    {"date", LABEL_DATE},
	    {"sent", LABEL_DATE},
	    {"senttime", LABEL_DATE},
	    {"收件人", LABEL_TO},
	    {"收件者", LABEL_TO},
	    {"to", LABEL_TO},
	    {"抄送", LABEL_CC},
	    {"抄送人", LABEL_CC},
	    {"副本", LABEL_CC},
	    {"cc", LABEL_CC},
	    {"主题", LABEL_SUBJECT},
	    {"主旨", LABEL_SUBJECT},
	    {"主題", LABEL_SUBJECT},
	    {"标题", LABEL_SUBJECT},
	    {"subject", LABEL_SUBJECT},
	    {"发信人", LABEL_FROM},
	    {"寄信人", LABEL_FROM},
	    {"收信人", LABEL_TO},
	    {"寄件時間", LABEL_DATE},
	    {"von", LABEL_FROM},
	    {"gesendet", LABEL_DATE},
	    {"datum", LABEL_DATE},
	    {"an", LABEL_TO},
	    {"betreff", LABEL_SUBJECT},
	    {"de", LABEL_FROM},
	    {"enviado", LABEL_DATE},
	    {"enviadoel", LABEL_DATE},
	    {"enviadaem", LABEL_DATE},
	    {"fecha", LABEL_DATE},
	    {"para", LABEL_TO},
	    {"asunto", LABEL_SUBJECT},
	    {"assunto", LABEL_SUBJECT},
	    {"envoyé", LABEL_DATE},
	    {"à", LABEL_TO},
	    {"objet", LABEL_SUBJECT},
	    {"da", LABEL_FROM},
	    {"inviato", LABEL_DATE},
	    {"data", LABEL_DATE},
	    {"a", LABEL_TO},
	    {"oggetto", LABEL_SUBJECT},
	    {"från", LABEL_FROM},
	    {"skickat", LABEL_DATE},
	    {"till", LABEL_TO},
	    {"ämne", LABEL_SUBJECT},
	    {"Ämne", LABEL_SUBJECT},
	    {"fra", LABEL_FROM},
	    {"sendt", LABEL_DATE},
	    {"til", LABEL_TO},
	    {"emne", LABEL_SUBJECT},
	    {"van", LABEL_FROM},
	    {"verzonden", LABEL_DATE},
	    {"aan", LABEL_TO},
	    {"onderwerp", LABEL_SUBJECT},
	    {"От", LABEL_FROM},
	    {"Отправлено", LABEL_DATE},
	    {"Дата", LABEL_DATE},
	    {"Кому", LABEL_TO},
	    {"Тема", LABEL_SUBJECT},
	    {"差出人", LABEL_FROM},
	    {"送信日時", LABEL_DATE},
	    {"宛先", LABEL_TO},
	    {"件名", LABEL_SUBJECT},
	    {"보낸사람", LABEL_FROM},
	    {"보낸날짜", LABEL_DATE},
	    {"받는사람", LABEL_TO},
	    {"제목", LABEL_SUBJECT},
	};
	struct squeezed s;
	size_t n;

	/* The label is in front; the value may be of any length. */
	if (!squeeze(line, len < 64 ? len : 64, 64, &s))
		return LABEL_NONE;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		n = strlen(labels[i].label);
		if (starts(&s, labels[i].label) &&
		    (s.text[n] == ':' || strncmp(s.text + n, "：", 3) == 0))
			return labels[i].kind;
	}
	return LABEL_NONE;
}

/* ---- signatures ----------------------------------------------------- */

bool
signs_is_address(const char *line, size_t len)
{
	const char *at = memchr(line, '@', len);

	return at != NULL && at > line && line + len - at > 3 &&
	       memchr(at + 1, '@', (size_t)(line + len - at - 1)) == NULL &&
	       memchr(line, ' ', len) == NULL && line[0] > ' ' &&
	       memchr(at, '.', (size_t)(line + len - at)) != NULL &&
	       line[len - 1] > ' ' && len < FOOTER_MAX;
}

/* "从 … 发送" around the name of a program or device. */
static bool
is_sent_from(const struct squeezed *s)
{
	static const char *const things[] = {"iphone", "ipad", "windows",
	    "outlook", "手机", "android", "邮箱", "foxmail", "mail", "邮件",
	    "galaxy", "huawei", "华为", NULL};

	if (!starts(s, "从") || !(ends(s, "发送") || ends(s, "发送。") ||
				    ends(s, "发来") || ends(s, "發送")))
		return false;
	return has_any(s, things);
}

bool
signs_is_footer(const char *line, size_t len)
{
	static const char *const heads[] = {"发自我的", "發自我的", "来自我的",
	    "发送自我的", "发自手机", "发自网易", "发自iphone", "发自ipad",
	    "发自华为", "发自小米", "发自vivo", "发自oppo", "发自荣耀",
	    "发自魅族", "发自三星", "发自我们的", "发自新浪", "发自qq",
	    "发自安卓", "发自android", "发自139", "发自189", "发自outlook",
	    "发自foxmail", "发自win", "发自邮箱", "来自qq邮箱", "来自网易邮箱",
	    "来自新浪邮箱", "来自139邮箱", "来自华为手机", "来自小米手机",
	    "来自iphone", "来自ipad", "来自outlook", "获取outlookfor",
	    "获取适用于", "下载适用于", "发送自windows", "发送自outlook",
	    "发送自雅虎", "sentfrommy", "sentfrommail", "sentfromoutlook",
	    "sentfromyahoo", "sentfromiphone", "sentviamy", "getoutlookfor",
	    "寄自我的", "從我的", "envoyédemon", "envoyédepuismon",
	    "vonmeinemiphone", "vonmeinemipad", "vonmeinemmobil",
	    "gesendetvonmeinem", "vonmeinemsamsung", "enviadodesdemi",
	    "enviadodomeu", "inviatodaliphone", "inviatodalmio", "sendtframin",
	    "skickatfrånmin", "verzondenvanafmijn", "отправленосiphone",
	    "Отправленосiphone", "iphoneから送信", "나의iphone에서보냄", NULL};
	static const char *const sentence[] = {
	    "，", "。", "！", "；", "内心", "心底", "肺腑", NULL};
	struct squeezed s;
	const char *p;

	/* "发自我的内心，…" begins a sentence. */
	if (!squeeze(line, len, FOOTER_MAX, &s) || has_any(&s, sentence))
		return false;
	/* Frames and dashes in front: "| 发自我的…", "---发自我的…". */
	for (p = s.text; *p == '|' || *p == '-' || *p == '<' || *p == '['; p++)
		;
	s.len -= (size_t)(p - s.text);
	memmove(s.text, p, s.len + 1);
	return starts_any(&s, heads) || is_sent_from(&s);
}

bool
signs_is_card_footer(const char *line, size_t len)
{
	struct squeezed s;

	return squeeze(line, len, FOOTER_MAX, &s) && starts(&s, "签名由") &&
	       (ends(&s, "定制") || ends(&s, "定制|"));
}

bool
signs_is_disclaimer(const char *line, size_t len)
{
	static const char *const heads[] = {"免责声明", "保密声明", "法律声明",
	    "本邮件及其附件", "本邮件及附件", "本邮件包含", "本邮件含有",
	    "本电子邮件及", "本电子邮件包含", "此邮件及其附件", "此电子邮件及",
	    "本邮件所含", "本邮件（包括", "本邮件(包括", "该电子邮件包含",
	    "confidentialitynotice", "disclaimer", "thise-mailandany",
	    "thisemailandany", "thismessageandany", "thise-mailmaycontain",
	    "thisemailmaycontain", "thismessagecontains", "thise-mailcontains",
	    "theinformationinthise", "theinformationcontainedin", NULL};
	struct squeezed s;

	return squeeze(line, len < ATTRIBUTION_MAX ? len : ATTRIBUTION_MAX,
		   ATTRIBUTION_MAX, &s) &&
	       starts_any(&s, heads);
}

bool
signs_is_forward_word(const char *line, size_t len)
{
	static const char *const words[] = {"转发", "转", "转：", "转发：",
	    "转发:", "fwd", "fwd:", "fw", "fw:", "fyi", "fyi.", "见下",
	    "见下文", "如下", "如下：", "见下：", "见下面", "请看下面",
	    "请看下文"};
	struct squeezed s;

	if (!squeeze(line, len, 40, &s))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(s.text, words[i]) == 0)
			return true;
	return false;
}
