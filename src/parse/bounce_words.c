/* SPDX-License-Identifier: ISC */
#include "parse/bounce_words.h"

#include <stddef.h>
#include <string.h>

#include "base/str.h"

static bool
any_of(const char *text, const char *const *phrases)
{
	for (; *phrases != NULL; phrases++) {
		if (str_icontains(text, *phrases) != NULL)
			return true;
	}
	return false;
}

bool
bounce_is_system_name(const char *name, unsigned long len)
{
	static const char *const names[] = {"mailer-daemon", "mailerdaemon",
	    "mailer_daemon", "mailer.daemon", "mailer daemon", "mail-daemon",
	    "maildaemon", "mail.daemon", "mail daemon", "mdaemon", "mmdf",
	    "postmaster", "post_master", "post-master", "mail.delivery.system",
	    "mail-delivery-system", "mail delivery system",
	    "mail delivery subsystem", "mail deliver system",
	    "mail-delivery-subsystem", "maildelivery", "delivery-status",
	    "bounce-notification", "mail administrator", "系统退信",
	    "邮件系统管理员", "邮件投递系统", "退信通知"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == len && str_istarts(name, names[i]))
			return true;
	}
	/* Exchange's own mailbox: this and 32 digits that are the same in every
	 * organisation. */
	return len > 40 && str_istarts(name, "MicrosoftExchange");
}

bool
bounce_is_title(const char *subject)
{
	static const char *const titles[] = {"退信", "邮件被退回", "投递失败",
	    "无法投递", "未能投递", "未能送达", "无法送达", "未送达", "未传递",
	    "退回的邮件", "發送失敗", "投遞失敗", "無法投遞", "無法傳遞",
	    "傳遞失敗", "未傳遞", "退回的郵件", "undeliver", "delivery fail",
	    "delivery has failed", "delivery status", "delivery notification",
	    "delivery problem", "delivery report", "returned mail",
	    "returned to sender", "returning to sender", "returning message",
	    "failure notice", "failure notification", "non delivery",
	    "nondeliver", "non-deliver", "mail delivery", "mail failure",
	    "mail failed", "mail system error", "could not be delivered",
	    "error sending your mail", "could not send", "mail error",
	    "едоставлен", "е доставлен", "配信できません", "メールエラー",
	    "送信エラー", "unzustellbar", "nicht zugestellt", "non remis",
	    "échec de la remise", "no se puede entregar", "não entregue",
	    "mancato recapito", NULL};

	return any_of(subject, titles);
}

bool
bounce_says_failed(const char *text)
{
	static const char *const phrases[] = {"退信", "被退回", "退回",
	    "投递失败", "无法投递", "无法送达", "未能送达", "发送失败",
	    "无法到达", "未送达", "未能到达", "没有到达", "未能投递",
	    "未能发送", "无法递送", "递送失败", "传递失败", "传递消息失败",
	    "没有能够成功", "不能成功", "投遞失敗", "無法投遞", "無法傳送",
	    "無法傳遞", "傳遞失敗", "退信通知", "undeliver", "not delivered",
	    "could not be delivered", "couldn't be delivered",
	    "cannot be delivered", "can't be delivered", "was not delivered",
	    "wasn't delivered", "unable to deliver", "wasn't able to deliver",
	    "not able to deliver", "unable to be delivered", "delivery failed",
	    "delivery has failed", "delivery failure", "delivery error",
	    "failed delivery", "failed permanently", "failed to deliver",
	    "delivery problems", "delivery errors", "error delivering",
	    "trouble delivering", "error occurred while trying to deliver",
	    "attempting to deliver", "to the following recipients was aborted",
	    "returned mail", "returned to sender", "returning to sender",
	    "failure notice", "permanent error", "permanent fatal error",
	    "fatal errors", "failed addresses", "email is returned", "bounce",
	    "did not reach the following recipient",
	    "did not reach some or all", "recipient addresses that were",
	    "rejected recipient", "invalid user address", "едоставлен",
	    "е доставлен", "е удалось доставить", "配信できません",
	    "送信できません", "届けることができません", "配送できません",
	    "nicht zugestellt", "unzustellbar", "n'a pas pu être remis",
	    "no se ha podido entregar", "no se pudo entregar",
	    "não foi entregue", "não pôde ser entregue",
	    "non è stato recapitato", NULL};

	return any_of(text, phrases);
}

bool
bounce_says_delayed(const char *text)
{
	static const char *const phrases[] = {"delayed", "(delay)", "[delay]",
	    "will be retried", "will retry", "will keep trying", "still trying",
	    "warning message only", "could not send mail for past",
	    "could not send message for past", "not yet been delivered", "延迟",
	    "延遲", "稍后重试", "继续尝试", "继续投递", NULL};

	return any_of(text, phrases);
}

bool
bounce_is_copy_line(const char *line)
{
	static const char *const starts[] = {
	    "received:", "return-path:", "原邮件内容", "原始邮件内容", NULL};
	static const char *const phrases[] = {"original message follows",
	    "original message --", "original message-", "- original message",
	    "message headers follow", "message header follows",
	    "message text follows", "copy of the original message",
	    "copy of the message", "copy of your message", "returned message",
	    "unsent message", "below this line is", "headers of the message",
	    "original message headers", "原信内容", NULL};

	for (const char *const *s = starts; *s != NULL; s++) {
		if (str_istarts(line, *s))
			return true;
	}
	return any_of(line, phrases);
}

int
bounce_weigh_words(const char *line)
{
	static const char *const theirs[] = {"final-recipient",
	    "original-recipient", "recipient", "rcpt to", "收件人", "接收人",
	    "发送到", "发往", "发给", "delivering your mail to", "delivered to",
	    "deliver to", "delivery to", "deliver message to",
	    "deliver mail to", "your message to", "address:", "userid",
	    "unknown user", "wasn't delivered", "宛先", NULL};
	static const char *const others[] = {"contact", "assistance", "support",
	    "help", "abuse", "message-id", "mail from", "from:", "sender",
	    "reply-to", "发件人", "寄件人", "发信人", "联系", "客服",
	    "reporting", "postmaster", "envelope-from", "was sent from",
	    "お問い合わせ", "ご連絡", NULL};

	if (any_of(line, others))
		return -4;
	return any_of(line, theirs) ? 4 : 0;
}

/* The first that fits; what is said more exactly stands in front. */
static const struct {
	const char *phrase, *detail;
} reasons[] = {{"mailbox full", "2.2"}, {"mailbox is full", "2.2"},
    {"mailfolder is full", "2.2"}, {"folder is full", "2.2"},
    {"over quota", "2.2"}, {"overquota", "2.2"}, {"quota exceeded", "2.2"},
    {"exceeded the quota", "2.2"}, {"storage quota", "2.2"},
    {"exceeded storage", "2.2"}, {"exceeds allowed size", "2.2"},
    {"exceeded the local limit", "2.2"}, {"mailbox size", "2.2"},
    {"out of storage", "2.2"}, {"no storage space", "2.2"}, {"邮箱已满", "2.2"},
    {"邮箱空间", "2.2"}, {"空间不足", "2.2"}, {"空间已满", "2.2"},
    {"容量不足", "2.2"}, {"已锁定", "2.1"}, {"被锁定", "2.1"},
    {"容量已满", "2.2"}, {"超出容量", "2.2"}, {"郵箱已滿", "2.2"},
    {"account is disabled", "2.1"}, {"account disabled", "2.1"},
    {"account has been disabled", "2.1"}, {"account is locked", "2.1"},
    {"account is inactive", "2.1"}, {"inactive user", "2.1"},
    {"account suspended", "2.1"}, {"mailbox disabled", "2.1"},
    {"已停用", "2.1"}, {"已禁用", "2.1"}, {"被禁用", "2.1"}, {"已冻结", "2.1"},
    {"被冻结", "2.1"}, {"已注销", "2.1"}, {"message too large", "3.4"},
    {"too big", "3.4"}, {"size limit", "3.4"}, {"message size exceeds", "3.4"},
    {"邮件过大", "3.4"}, {"邮件太大", "3.4"}, {"超过大小", "3.4"},
    {"超出大小", "3.4"}, {"超过了最大", "3.4"}, {"host not found", "1.2"},
    {"host unknown", "1.2"}, {"unknown host", "1.2"},
    {"domain not found", "1.2"}, {"domain does not exist", "1.2"},
    {"domain doesn't exist", "1.2"}, {"name service error", "4.4"},
    {"no such domain", "1.2"}, {"no mx", "1.2"}, {"dns error", "4.4"},
    {"dns lookup failure", "1.2"}, {"unrouteable address", "1.2"},
    {"could not find a gateway", "4.4"}, {"域名不存在", "1.2"},
    {"域名错误", "1.2"}, {"域名解析", "4.4"}, {"找不到域名", "1.2"},
    {"user unknown", "1.1"}, {"unknown user", "1.1"},
    {"unknown recipient", "1.1"}, {"recipient unknown", "1.1"},
    {"recipient not found", "1.1"}, {"recipient name is not rec", "1.1"},
    {"no such user", "1.1"}, {"no such recipient", "1.1"},
    {"no such address", "1.1"}, {"no such mailbox", "1.1"},
    {"user not found", "1.1"}, {"address not found", "1.1"},
    {"mailbox not found", "1.1"}, {"mailbox unavailable", "1.1"},
    {"user not exist", "1.1"}, {"找不到该电子邮件", "1.1"},
    {"找不到您输入的电子邮件", "1.1"}, {"找不到收件人", "1.1"},
    {"未找到收件人", "1.1"}, {"收件人未找到", "1.1"}, {"does not exist", "1.1"},
    {"doesn't exist", "1.1"}, {"may not exist", "1.1"},
    {"not listed in", "1.1"}, {"doesn't have a", "1.1"},
    {"invalid recipient", "1.1"}, {"invalid mailbox", "1.1"},
    {"invalid user", "1.1"}, {"invalid final delivery", "1.1"},
    {"invalid address", "1.1"}, {"unknown address", "1.1"},
    {"unknown local", "1.1"}, {"no mailbox here", "1.1"},
    {"not a valid mailbox", "1.1"}, {"not a known user", "1.1"},
    {"no valid recipients", "1.1"}, {"地址不存在", "1.1"},
    {"用户不存在", "1.1"}, {"邮箱不存在", "1.1"}, {"帐号不存在", "1.1"},
    {"账号不存在", "1.1"}, {"帐户不存在", "1.1"}, {"账户不存在", "1.1"},
    {"收件人不存在", "1.1"}, {"不存在该", "1.1"}, {"无此用户", "1.1"},
    {"没有此用户", "1.1"}, {"查无此", "1.1"}, {"地址错误", "1.1"},
    {"地址有误", "1.1"}, {"无效的收件人", "1.1"}, {"地址不正确", "1.1"},
    {"spam", "7.1"}, {"dt:spm", "7.1"}, {"blacklist", "7.1"},
    {"blocked", "7.1"}, {"policy", "7.1"}, {"access denied", "7.1"},
    {"relay", "7.1"}, {"not authorized", "7.1"}, {"not allowed", "7.1"},
    {"垃圾邮件", "7.1"}, {"黑名单", "7.1"}, {"拒收", "7.1"}, {"拒绝", "7.1"},
    {"屏蔽", "7.1"}, {"retry timeout", "4.7"}, {"expired", "4.7"},
    {"giving up", "4.7"}, {"multiple retries", "4.7"}, {"attempts", "4.7"},
    {"timed out", "4.7"}, {"timeout", "4.7"},
    {"not accept our requests", "4.1"}, {"connection refused", "4.1"},
    {"unable to connect", "4.1"}, {"host not reachable", "4.1"},
    {"超时", "4.7"}, {"无法连接", "4.1"}, {"连接失败", "4.1"},
    {"多次尝试", "4.7"}};

const char *
bounce_detail(const char *text)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (str_icontains(text, reasons[i].phrase) != NULL)
			return reasons[i].detail;
	}
	return NULL;
}
