/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/str.h"
#include "intake/signs.h"
#include "parse/message.h"

#define LENGTH(list) (sizeof(list) / sizeof(*(list)))

/* Texts of programs are short; what is longer was written by somebody. */
#define SHORT_BYTES 1500

static bool
contains_any(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_icontains(s, list[i]) != NULL)
			return true;
	return false;
}

/* Whether what follows a keyword closes it: a colon, a bracket, the end. */
static bool
closed(const char *s)
{
	static const char *const marks[] = {
	    ":", "：", "]", "】", ")", "）", "-", "—", ".", "。", "!", "！"};

	while (*s == ' ')
		s++;
	if (*s == '\0')
		return true;
	for (size_t i = 0; i < LENGTH(marks); i++)
		if (str_starts(s, marks[i]))
			return true;
	return false;
}

static const char *
skip_opening(const char *s)
{
	static const char *const marks[] = {
	    " ", "[", "【", "(", "（", "<", "*", NULL};

	return signs_skip(s, marks);
}

/* Words that a person may begin a sentence with: they must stand closed. */
static bool
begins_closed(const char *s)
{
	static const char *const list[] = {"自动回复", "自动答复", "自动应答",
	    "自动响应", "自动回信", "系统自动回复", "邮件自动回复",
	    "休假自动回复", "假期自动回复", "外出自动回复", "出差自动回复",
	    "离职自动回复", "假期回复", "休假通知", "外出通知", "不在办公室",
	    "我不在办公室", "自動回覆", "自動回復", "自動答覆", "不在辦公室",
	    "自動返信", "自動応答", "不在通知", "자동 회신", "자동회신",
	    "자동 응답", "자동응답", "부재중", "auto response", "autoresponse",
	    "auto responder", "autoresponder", "autorespons", "vacation",
	    "vacation reply", "vacation message", "absence", "absent", "ooo",
	    "afwezig", "ausência", "автоответ"};

	for (size_t i = 0; i < LENGTH(list); i++)
		if (str_istarts(s, list[i]) && closed(s + strlen(list[i])))
			return true;
	return false;
}

/* Words that only programs begin a subject with. */
static bool
begins_as_programs(const char *s)
{
	static const char *const list[] = {"automatic reply", "auto reply",
	    "auto-reply", "autoreply", "out of office", "out of the office",
	    "out-of-office", "away until", "away from my mail",
	    "away from the office", "on vacation until", "i am out of",
	    "i'm out of the office", "automated reply", "automated response",
	    "automatische antwort", "abwesenheitsnotiz",
	    "abwesenheitsnachricht", "réponse automatique", "absence du bureau",
	    "respuesta automática", "respuesta automatica",
	    "fuera de la oficina", "resposta automática", "risposta automatica",
	    "fuori ufficio", "fuori sede", "automatisch antwoord",
	    "automatyczna odpowiedź", "odpowiedź automatyczna",
	    "автоматический ответ", "Автоматический ответ", "Автоответ",
	    "автоматична відповідь", "Автоматична відповідь",
	    "automatiskt svar", "automatisk svar", "autosvar",
	    "automaattinen vastaus", "automatická odpověď",
	    "automatická odpoveď", "otomatik yanıt", "trả lời tự động",
	    "automatikus válasz", "răspuns automat", "αυτόματη απάντηση"};

	for (size_t i = 0; i < LENGTH(list); i++)
		if (str_istarts(s, list[i]))
			return true;
	return false;
}

bool
sign_auto_subject(const struct message *m)
{
	static const char *const inside[] = {"is out of the office",
	    "out of office reply", "out of office autoreply",
	    "(automatic response)", "(autoresponder)", "[auto-reply]",
	    "(out of office)"};
	const char *s = skip_opening(m->subject);

	return begins_closed(s) || begins_as_programs(s) ||
	       contains_any(m->subject, inside, LENGTH(inside));
}

bool
sign_receipt(const struct message *m)
{
	static const char *const heads[] = {"已读", "已讀", "未读", "已读回执",
	    "阅读回执", "邮件回执", "回执", "讀取", "read", "not read",
	    "read receipt", "return receipt", "gelesen", "lu", "开封通知",
	    "開封通知", "开封确认", "開封確認"};
	static const char *const says[] = {"已阅读", "已被阅读", "阅读了",
	    "已于", "已讀", "被删除", "未阅读", "收件人已打开", "阅读回执",
	    "已读回执", "was read on", "was displayed", "was deleted without",
	    "return receipt", "read receipt", "has been read", "wurde gelesen",
	    "a été lu", "開封"};
	const char *s = skip_opening(m->subject);
	bool headed = false;

	/* Hardly any subject begins so; the text is read then only. */
	for (size_t i = 0; i < LENGTH(heads) && !headed; i++)
		headed = str_istarts(s, heads[i]) &&
		    closed(s + strlen(heads[i]));
	return headed && strlen(m->text) <= SHORT_BYTES &&
	       m->n_attachments <= 1 && !sign_plea_text(m) &&
	       contains_any(m->text, says, LENGTH(says));
}

bool
sign_challenge(const struct message *m)
{
	static const char *const says[] = {"requires verification",
	    "confirm that you are a human", "confirm you are human",
	    "prove that you are human", "verify that you are human",
	    "verify your email address to deliver", "allowed list",
	    "approved sender", "to release your message",
	    "to deliver your message", "ensure delivery of your",
	    "sender verification", "message is awaiting",
	    "held until you confirm", "confirm your message",
	    "验证您的发件人身份", "确认您的发件人身份", "发件人身份验证",
	    "发信人验证", "确认后邮件才会", "验证后邮件才会",
	    "点击链接完成投递", "请点击确认发送"};

	return strlen(m->text) <= 2 * SHORT_BYTES &&
	       (str_icontains(m->text, "http") != NULL ||
		   str_icontains(m->text, "reply to this") != NULL) &&
	       !sign_plea(m) && contains_any(m->text, says, LENGTH(says));
}
