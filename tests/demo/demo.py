#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The demonstration: sample tips go through a real SMTP server into a real
mailbox, clued works it off, and one screen shows what came of each.

    tests/demo/demo.py --build build [--keep]

Everything it shows it also asserts; the exit status is 0 only when all is as
it should be."""
import argparse
import os
import pathlib
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
sys.path.insert(0, str(HERE))

import tips  # noqa: E402
from bed import Bed, JUNK  # noqa: E402
from office import Office, TIPS, office_users  # noqa: E402
from officers import Person, by_program  # noqa: E402

# Nothing of these may ever reach an officer.
CITIZENS = ["陈大明", "林小雨", "黄国强", "周小燕", "吴桂英", "赵铁柱",
            "何美丽", "沈建军", "郑海", "孙丽", "马晓东", "example.net",
            "IMG_20261120_老王家门口"]

# For whoever lets it run on and sends one of his own.
NEW_TIP = tips.plain(
    99, "陈大明", "chen@mail.example.net", "渣土车又来了",
    "墟沟街道的工地昨晚又被渣土车堵门，说土方只能交给他们运，保安上前劝阻被推倒。")

# name, sender, message, expected kind, domain, person who is told
SAMPLES = [
    ("渣土，UTF-8", "chen@mail.example.net", tips.plain(
        1, "陈大明", "chen@mail.example.net", "举报渣土车队强揽工程",
        "墟沟街道这边的工地都被一伙人把持，强揽土方和渣土外运，不让别的车队进场，"
        "谁不同意就堵工地大门，夜里还把渣土乱倒在河边。\n\n陈大明\n"
        "联系邮箱 chen@mail.example.net"), "tip", "muck-transport",
     "lu.wenbo@example.org"),
    ("占道，GB18030", "lin@mail.example.net", tips.plain(
        2, "林小雨", "lin@mail.example.net", "中山路夜市收保护费",
        "中山路夜市有人霸占人行道摆摊，还向我们每个摊位收保护费，不交就掀摊子，"
        "占道经营的都是他们自己人。镕", "gb18030"), "tip",
     "street-occupation", "qiu.shan@example.org"),
    ("广告，标 gb2312 实为 GBK", "huang@mail.example.net", tips.plain(
        3, "黄国强", "huang@mail.example.net", "违规大型户外广告牌",
        "海州湾街道路口有人强占公共绿地立了大型户外广告牌，对外出租收钱，"
        "没有任何审批手续。老闆叫喆哥。", "gbk", label="gb2312"), "tip",
     "outdoor-advertising", "shi.qing@example.org"),
    ("环卫作业，只有 HTML", "wu@mail.example.net", tips.html_only(
        4, "吴桂英", "wu@mail.example.net", "垃圾偷倒没人管",
        "<html><body><style>p{color:red}</style><p>我们小区后面每天半夜有人开车"
        "偷倒生活垃圾，</p><p>环卫工人去清扫还被他们威胁阻拦，垃圾清运车进不来。"
        "</p><img src='http://t.example.net/p.gif' width=1 height=1>"
        "</body></html>"), "tip", "sanitation-work", "jiang.mo@example.org"),
    ("环卫监管，带照片", "he@mail.example.net", tips.with_photo(
        5, "何美丽", "he@mail.example.net", "餐厨垃圾收运被垄断",
        "餐厨垃圾收运被一家公司垄断，饭店不签他的合同就被威胁，"
        "垃圾中转站的招标也是围标串标，见照片。", tips.jpeg("老王"),
        "IMG_20261120_老王家门口.jpg"), "tip", "sanitation-oversight",
     "he.yun@example.org"),
    ("违建，quoted-printable", "shen@mail.example.net", tips.plain(
        6, "沈建军", "shen@mail.example.net", "连云街道违章建筑",
        "连云街道有人带一帮社会闲散人员强行抢建违章建筑，楼顶加盖了两层，"
        "邻居劝阻就被恐吓，材料只能买他们的。", cte="quoted-printable"), "tip",
     "illegal-construction", "tang.jia@example.org"),
    ("暴力抗法", "zheng@mail.example.net", tips.plain(
        7, "郑海", "zheng@mail.example.net", "城管队员被打",
        "昨天城管执法人员在菜场劝离时，被几个人围殴，执法车被砸，"
        "还持刀威胁执法队员不许再来。"), "tip", "violent-resistance",
     "tang.jia@example.org"),
    ("保护伞", "sun@mail.example.net", tips.plain(
        8, "孙丽", "sun@mail.example.net", "有人充当保护伞",
        "渣土车老板给管理部门的领导送钱，那个领导给他们通风报信，"
        "充当保护伞，每次检查之前都先打电话通知。"), "tip",
     "protective-umbrella", "discipline@example.org"),
    ("其他：路灯", "ma@mail.example.net", tips.plain(
        9, "马晓东", "ma@mail.example.net", "路灯不亮",
        "板桥街道小区门口的路灯坏了半个月，晚上一片漆黑，请维修。"), "tip",
     "other", "office@example.org"),
    ("举报责任人本人", "anon@mail.example.net", tips.plain(
        10, "赵铁柱", "anon@mail.example.net", "举报渣土所的人",
        "渣土管理所的陆文博和渣土车队是一伙的，强揽渣土外运，渣土车都听他的。"),
     "tip", None, "discipline@example.org"),
    ("垃圾箱里的真线索", "quiet@mail.example.net", tips.plain(
        11, "", "quiet@mail.example.net", "渣土车夜里乱倒",
        "渣土车队每天夜里在云山街道强行倾倒渣土，不让拍照，拍照就打人。"),
     "tip", "muck-transport", "lu.wenbo@example.org"),
    ("看不出领域", "vague@mail.example.net", tips.plain(
        12, "", "vague@mail.example.net", "请你们管一管",
        "有些事情不方便在信里说，请派人联系我。"), "tip", "other",
     "office@example.org"),
    ("退信", "", tips.bounce(13), "bounce", None, None),
    ("自动回复", "", tips.auto_reply(14), "auto", None, None),
    ("单位月报", "haulage-report@example.org", tips.plain(
        15, "渣土管理所", "haulage-report@example.org",
        "2026年11月扫黑除恶月报表", "附上本月月报，无新增线索。"), "unit-report",
     None, None),
    ("订阅资讯", "news@list.example.net", tips.newsletter(16), "list", None,
     None),
]
IN_JUNK = "<demo-11@mail.example.net>"


class Demo:
    def __init__(self, bed, office):
        self.bed, self.office, self.wrong = bed, office, []

    def check(self, what, good):
        if not good:
            self.wrong.append(what)

    def mail_in(self):
        for _, sender, raw, *_ in SAMPLES:
            self.bed.deliver(TIPS, raw, sender=sender, wait=False)
        self.bed.wait_delivered()
        # What a provider's filter does with a real tip.
        for mail in self.bed.mailbox(TIPS):
            if mail.msg["Message-ID"] == IN_JUNK:
                self.bed.move(TIPS, mail.uid, JUNK)

    def work(self):
        self.office.once()
        self.bed.wait_delivered()

    def show_ledger(self):
        print("\n台账 / the ledger\n")
        print(self.office.ctl("list"))

    def show_mailboxes(self):
        print("信箱 / what landed in whose mailbox\n")
        total = 0
        for user in office_users():
            if user == TIPS:
                continue
            for mail in self.bed.mailbox(user):
                parts = [p.get_content_type() for p in mail.msg.walk()
                         if not p.is_multipart()]
                photos = sum(p.startswith("image/") for p in parts)
                extra = f"  （附图 {photos} 张）" if photos else ""
                print(f"  {user:<26} {mail.msg['Subject']}{extra}")
                total += 1
        print()
        return total

    def clue_of(self, number):
        """The clue made of sample `number`, by its Message-ID."""
        rows = self.office.sql(
            "SELECT m.kind, c.number, c.domain, c.officer FROM message m "
            "LEFT JOIN clue c ON c.message = m.id WHERE m.message_id LIKE "
            f"'demo-{number}@%'")
        return rows[0] if len(rows) == 1 else None

    def check_samples(self):
        for number, (name, _, _, kind, domain, person) in enumerate(
                SAMPLES, 1):
            row = self.clue_of(number)
            self.check(f"{name}: stored once", row is not None)
            if row is None:
                continue
            self.check(f"{name}: is {row['kind']}, not {kind}",
                       row["kind"] == kind)
            if kind != "tip":
                continue
            self.check(f"{name}: domain {row['domain']}, not {domain}",
                       domain in (None, row["domain"]))
            self.check_told(name, row["number"], person)

    def check_told(self, name, number, person):
        told = [user for user in office_users() if user != TIPS and any(
            number in str(m.msg["Subject"]) for m in self.bed.mailbox(user))]
        self.check(f"{name}: told {told}, not {person}", told == [person])

    def check_privacy(self):
        for user in office_users():
            if user == TIPS:
                continue
            for mail in self.bed.mailbox(user):
                seen = mail.raw.decode("ascii", "replace")
                for part in mail.msg.walk():
                    if not part.is_multipart():
                        payload = part.get_payload(decode=True) or b""
                        seen += payload.decode("utf-8", "replace")
                        seen += str(part.get_filename() or "")
                        self.check("a photo went along with its metadata",
                                   not any(word in payload for word in
                                           (b"Exif", b"GPS", b"adobe")))
                for secret in CITIZENS:
                    self.check(f"{user} could read {secret}",
                               secret not in seen)

    def check_deadlines(self):
        for clue in self.office.list():
            dues = [d["due"] for d in clue["deadlines"].values()]
            if not clue["triage"]:
                self.check(f"{clue['number']}: three deadlines in order",
                           all(dues) and dues == sorted(dues))

    def check_twice(self):
        before = self.office.sql("SELECT count(*) AS n FROM message")
        self.office.once()
        self.check("a second run took nothing twice", before ==
                   self.office.sql("SELECT count(*) AS n FROM message"))


    def obey(self):
        """An officer answers his notice with one word, from his phone."""
        lu = Person(self.bed, "lu.wenbo@example.org")
        notice = lu.last("线索交办")
        number = str(notice.msg["Subject"]).split("】")[1].split()[0]
        self.bed.deliver(TIPS, by_program("iPhone", lu.address, notice,
                                          "签收"), sender=lu.address)
        self.office.once()
        answer = lu.last()
        print("回信办理 / an officer replies with one word: 签收\n")
        for line in answer.text().splitlines()[2:8]:
            if line.strip():
                print(f"  {line}")
        print()
        self.check("签收 was obeyed", [
            c["state"] for c in self.office.list()
            if c["number"] == number] == ["accepted"])
        self.check("and answered", "签收：已签收" in answer.text())


def say_how_to_talk(bed, office, build):
    ctl = f"{build / 'cluectl'} -c {office.conf}"
    talk = f"/usr/bin/python3 {HERE / 'talk.py'}"
    mail = office.dir / "tip.eml"
    mail.write_bytes(NEW_TIP)
    print(f"""It goes on running; a daemon polls the tip mailbox.

  {ctl} list
  {ctl} show {office.list()[0]["number"]}
  {ctl} status
  {talk} send {bed.smtp_at()} {TIPS} {mail}
  {talk} read {bed.imap_at()} lu.wenbo@example.org '{bed.password}'
  tail -f {office.log_path}

End it and clean up:  kill {os.getpid()}
""", flush=True)


def keep_running(bed, office, build):
    """Detaches: the servers and the daemon stay until SIGTERM."""
    said, done = os.pipe()
    if os.fork() > 0:
        os.close(done)
        os.read(said, 1)  # the prompt comes after what is said
        os._exit(0)
    os.setsid()
    office.start()
    say_how_to_talk(bed, office, build)
    os.close(done)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


def run(bed, office, args, start):
    demo = Demo(bed, office)
    demo.mail_in()
    demo.work()
    demo.show_ledger()
    total = demo.show_mailboxes()
    demo.check_samples()
    demo.check_deadlines()
    demo.check_twice()
    demo.obey()
    demo.check_privacy()
    for what in demo.wrong:
        print(f"WRONG: {what}")
    print(f"{len(SAMPLES)} mails in, {total} letters out, "
          f"{len(demo.wrong)} wrong, {time.monotonic() - start:.1f} s")
    sys.stdout.flush()
    if args.keep:
        keep_running(bed, office, args.build)
    return 1 if demo.wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    args.build = args.build.resolve()
    if args.keep:
        signal.pthread_sigmask(
            signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    start = time.monotonic()
    with Bed(users=office_users()) as bed:
        with Office(bed, args.build) as office:
            return run(bed, office, args, start)


if __name__ == "__main__":
    sys.exit(main())
