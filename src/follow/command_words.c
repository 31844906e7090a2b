/* SPDX-License-Identifier: ISC */
#include "follow/command_words.h"

#include <stddef.h>

#define WORDS(...) \
	(const char *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}
#define OFFICER COMMAND_BY_OFFICER
#define OFFICE COMMAND_BY_OFFICE
#define BOTH (COMMAND_BY_OFFICER | COMMAND_BY_OFFICE)

/* Behind an outcome only these may stand without a blank: "查实后再报" and
 * "不属于我" are something else. */
const struct verb_words command_words[VERB_COUNT] = {
    [VERB_ACCEPT] = {"accept", "签收", BOTH, WANTS_NOTHING,
	WORDS("签收", "已签收", "已签", "accept", "accepted"),
	WORDS("签收", "了", "完毕", "完成", "确认", "无误", "已阅", "并办理", "并核查",
	    "办理", "此件", "本件", "该线索", "此线索", "本线索"),
	"已收到，开始办理", "签收"},
    [VERB_FEEDBACK] = {"feedback", "反馈", BOTH, WANTS_TEXT,
	WORDS("反馈", "回馈", "阶段反馈", "情况反馈", "feedback"), NULL, "阶段进展",
	"反馈 今日已到现场核查，正在调取施工合同。"},
    [VERB_RETURN] = {"return", "退回", BOTH, WANTS_TEXT,
	WORDS("退回", "退囘", "return"),
	WORDS("给", "专班", "理由", "原因", "因", "不", "非", "本", "该", "此",
	    "由于", "我", "至"),
	"不归本人办理的理由", "退回 该地点属邻区管辖。"},
    [VERB_REASSIGN] = {"reassign", "转办", BOTH, WANTS_PERSON,
	WORDS("转办", "reassign"), NULL, "接办人姓名", "转办 王某某"},
    [VERB_EXTEND] = {"extend", "延期", BOTH, WANTS_DAYS,
	WORDS("延期", "extend"), NULL, "天数和理由",
	"延期 5天 需调取施工合同。"},
    [VERB_SUSPEND] = {"suspend", "挂账", BOTH, WANTS_TEXT,
	WORDS("挂账", "suspend"),
	WORDS("理由", "原因", "因", "待", "等", "需", "由于", "申请"), "理由",
	"挂账 当事人在逃，待公安机关抓捕。"},
    [VERB_TRANSFER] = {"transfer", "移送", BOTH, WANTS_BODY,
	WORDS("移送", "transfer", "transferred"),
	WORDS("公安", "派出所", "政法", "扫黑", "纪检", "纪委", "监察", "检察",
	    "法院", "市", "区", "县", "省", "交警", "刑警", "税务", "街道",
	    "至", "给", "到", "海", "其他", "司法"),
	"接收单位和文号", "移送 公安机关 海公〔2026〕12号"},
    [VERB_SUBSTANTIATED] = {"substantiated", "查实", BOTH, WANTS_TEXT,
	WORDS("查实办结", "查实", "substantiated"), WORDS("属实", "情况属实"),
	"核查结果", "查实 举报属实，已责令拆除并罚款。"},
    [VERB_UNSUBSTANTIATED] = {"unsubstantiated", "查否", BOTH, WANTS_TEXT,
	WORDS("查否办结", "查否", "unsubstantiated"),
	WORDS("不实", "举报不实", "情况不实", "不属实"), "核查结果",
	"查否 经三次现场核查，未发现所反映的问题。"},
    [VERB_NOT_APPLICABLE] = {"not-applicable", "不属于", BOTH, WANTS_TEXT,
	WORDS("不属于涉黑涉恶线索", "不属于涉黑涉恶", "不属于", "不涉黑涉恶",
	    "not-applicable", "not applicable"),
	WORDS("涉黑", "涉恶", "黑恶", "扫黑"), "不属于涉黑涉恶的理由",
	"不属于 属一般邻里纠纷，已告知诉讼途径。"},
    [VERB_RECUSE] = {"recuse", "回避", BOTH, WANTS_NOTHING,
	WORDS("回避", "recuse"),
	WORDS("该", "本", "此", "因", "申请", "我", "线索", "由于", "理由",
	    "原因"),
	"本人与线索有关，请另派他人", "回避"},
    [VERB_ASK] = {"ask", "问举报人", BOTH, WANTS_TEXT,
	WORDS("问举报人", "询问举报人", "请问举报人", "ask"), NULL,
	"要向举报人了解的问题（双方互不知道对方）",
	"问举报人 您看到的车牌号是多少？大约几点？"},
    [VERB_HELP] = {"help", "帮助", BOTH, WANTS_NOTHING,
	WORDS("帮助", "全部指令", "help", "?"),
	WORDS("指令", "信息", "一下", "我", "?", "me"), "全部指令", "帮助"},
    [VERB_ASSIGN] = {"assign", "分派", OFFICE, WANTS_PERSON,
	WORDS("分派", "指派", "交办", "assign"), NULL, "责任人姓名",
	"分派 王某某"},
    [VERB_DOMAIN] = {"domain", "改域", OFFICE, WANTS_DOMAIN,
	WORDS("改域", "domain"), NULL, "领域名称", "改域 占道经营"},
    [VERB_GRANT] = {"grant", "同意延期", OFFICE, WANTS_MAYBE_DAYS,
	WORDS("同意延期", "批准延期", "grant"), NULL, "批准责任人申请的延期",
	"同意延期"},
    [VERB_REFUSE] = {"refuse", "不同意延期", OFFICE, WANTS_TEXT,
	WORDS("不同意延期", "不批准延期", "refuse"), NULL, "理由",
	"不同意延期 材料已足够，请按期办结。"},
    [VERB_GRANT_SUSPEND] = {"grant-suspend", "同意挂账", OFFICE, WANTS_NOTHING,
	WORDS("同意挂账", "批准挂账", "grant-suspend"), NULL,
	"批准责任人申请的挂账", "同意挂账"},
    [VERB_REFUSE_SUSPEND] = {"refuse-suspend", "不同意挂账", OFFICE, WANTS_TEXT,
	WORDS("不同意挂账", "不批准挂账", "refuse-suspend"), NULL, "理由",
	"不同意挂账 请继续核查。"},
    [VERB_REVIEW] = {"review", "办结复核", OFFICE, WANTS_VERDICT,
	WORDS("办结复核", "复核", "review"), NULL, "通过，或 不通过 理由",
	"办结复核 不通过 未附现场照片。"},
    [VERB_DUPLICATE] = {"duplicate", "重复", OFFICE, WANTS_FIRST,
	WORDS("重复", "合并", "duplicate"), NULL, "在先线索的编号",
	"重复 LY-2026-000012"},
    [VERB_REOPEN] = {"reopen", "重新办理", OFFICE, WANTS_TEXT,
	WORDS("重新办理", "恢复办理", "reopen"), NULL, "理由",
	"重新办理 举报人补充了新证据。"},
    [VERB_NOTE] = {"note", "备注", OFFICE, WANTS_TEXT, WORDS("备注", "note"),
	NULL, "记入台账的内容", "备注 已电话告知责任人。"},
    [VERB_QUERY] = {"query", "查询", OFFICE, WANTS_NOTHING,
	WORDS("查询", "query"), NULL, "线索编号", "查询 LY-2026-000123"},
};

const char *const command_denials[] = {"吗", "么", "呢", "?", "不了", "不",
    "没", "后", "前", "时", "与否", "还是", "或", "失败", "的", "是否", "怎",
    "哪", "什么", "率", "单", "表", "函", "书", "人", "方", "之", NULL};

const char *const command_prefixes[] = {"指令", "回复", "答复", "内容", "结果",
    "处理结果", "办理结果", "处理意见", "意见", "命令", "command", "回执",
    "好的", "好", "收到", "已阅", "阅", "嗯", "ok", "您好", "你好", "已",
    "现已", "现", "我已", "我", "本人已", "本人", "我单位", "我们", "同志",
    "特此", "特", "予以", "确认", "申请", "请求", "该线索", "此线索", "本线索",
    "线索", "已经", "现在", "谢谢", "专班同志", "领导", "第一", "一", "yes",
    "please", "re", "首先", "答", "回", "正式", "我方", "请", "现予", "现将",
    "此件", "本件", "经核查", "经核实", "经调查", "经查", "经了解", "经走访",
    "经现场核查", "不好意思", "麻烦", "各位", "尊敬的", "老师", "您", NULL};

const char *const command_greetings[] = {"您好", "你好", "好的", "好", "收到",
    "领导", "专班", "同志", "各位", "尊敬的", "老师", "大家", "hi", "hello",
    "dear", "早上", "上午", "下午", "谢谢", "辛苦了", "办公室", "sir", "的",
    "您", "们", NULL};
