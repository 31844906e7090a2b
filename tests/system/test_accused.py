# SPDX-License-Identifier: ISC
"""A roster of 200 and tips that name its people in every way, through real mail
servers and the whole ladder of letters: no byte about a tip reaches whom it
names.

Every tip is about the domain and area of the very person it names (as officer,
deputy or leader of the duty), so that without the guard he would be told.
CLUED_ACCUSED=N sends N tips instead of the few of a usual run; `make accused`
sends each person's in every way."""
import email.message
import email.policy
import email.utils
import math
import os
import random
import re

import pytest

from bed import Bed
from desk import Desk
from office import ROOT, TIPS

TIPS_SENT = int(os.environ.get("CLUED_ACCUSED", "70"))
INNOCENT = 10
N, PER_UNIT = 200, 10
FIRST = "2026-10-12 09:00"
LATER = ("2026-10-13 11:30", "2026-11-09 09:00")

SURNAMES = ("王李张刘陈杨赵吴周徐孙朱胡郭林梁宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋"
            "杜叶程魏苏吕丁任卢姚沈钟崔谭陆范汪廖石姜邱侯孟秦薛阎段雷")
GIVEN = ("文博建国晓燕志强丽华海涛玉兰振东立新春梅秀英俊杰佳琪思远雪梅宏伟永刚"
         "慧敏明辉德胜长青静宜浩然景行书瑶嘉禾")
UNITS = ("青口沙河赣马墩尚厉庄班庄柘汪石桥海头宋庄塔山欢墩黑林夹山门河大岭罗阳"
         "九里城西金山")
RANKS = ("所长", "副所长", "科长", "副科长", "队长", "副队长", "站长", "主任",
         "副主任", "班长")
MATTER = {
    "muck-transport": "渣土车每晚在{area}强行倾倒渣土，一路抛洒。",
    "street-occupation": "{area}的烧烤摊天天占道经营，人行道走不了人。",
    "outdoor-advertising": "{area}路口竖起一块大型户外广告牌，没有审批。",
    "sanitation-work": "{area}的生活垃圾堆成山，好几天没人清运。",
    "sanitation-oversight": "{area}的垃圾中转站臭气扰民，渗滤液流到路上。",
    "illegal-construction": "{area}有人在楼顶违章搭建彩钢房，是违法建筑。",
    "violent-resistance": "{area}的商户暴力抗法，拿棍棒殴打执法人员。",
}
TRADITIONAL = str.maketrans("国强丽华东兰刚伟杰书张刘陈杨赵吴孙邓冯谭阎钟苏韩卢叶",
                            "國強麗華東蘭剛偉傑書張劉陳楊趙吳孫鄧馮譚閻鐘蘇韓盧葉")
HAN_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def sounds():
    """Character → (its sound, all characters of that sound)."""
    text = (ROOT / "src/route/sound_table.c").read_text(encoding="utf-8")
    table = "".join(re.findall(r'"([^"]*)"', text.split("[] =")[1]))
    out = {}
    for sound, chars in re.findall("([a-z]+)([^a-z]+)", table):
        out.update((c, (sound, chars)) for c in chars)
    return out


SOUNDS = sounds()
SOUNDS["曾"] = SOUNDS["增"]  # as a surname


class Person:
    """One of the roster, with what only his tips have in them."""

    def __init__(self, i, rnd):
        unit = i // PER_UNIT
        self.id, self.unit = f"p{i:03}", f"u{unit:02}"
        surname = SURNAMES[i % len(SURNAMES)]
        self.surname = surname
        at = rnd.randrange(0, len(GIVEN) // 2) * 2
        self.name = surname + GIVEN[at:at + 2]
        self.alias = f"老{surname}头{'甲乙丙丁'[i % 4]}"
        self.phone = f"139{i:04}{(i * 7919) % 10000:04}"
        self.unit_name = UNITS[unit * 2:unit * 2 + 2] + "环卫所"
        self.rank = RANKS[i % PER_UNIT]
        self.address = f"{self.id}@example.org"

    def alike(self, rnd, at):
        """The name with other characters of the same sound from place `at`."""
        def other(c):
            sound, same = SOUNDS[c]
            rest = [x for x in same if x != c]
            return rnd.choice(rest) if rest else c
        if at == 0:
            return other(self.name[0]) + self.name[1:]
        return self.name[:at] + "".join(map(other, self.name[at:]))

    def latin(self):
        return [SOUNDS[c][0] for c in self.name]


def mixed(p):
    return p.name[0] + "".join(p.latin()[1:])


# What is written, from the person and a source of chance.
WAYS = {
    "name": lambda p, r: p.name,
    "blanks": lambda p, r: " ".join(p.name),
    "stars": lambda p, r: "*".join(p.name),
    "commas": lambda p, r: "，".join(p.name),
    "dots": lambda p, r: "·".join(p.name),
    "zero width": lambda p, r: "\u200b".join(p.name),
    "lines": lambda p, r: "\n".join(p.name),
    "brackets": lambda p, r: f"【{p.name}】",
    "traditional": lambda p, r: p.name.translate(TRADITIONAL),
    "alias": lambda p, r: p.alias,
    "alias blanks": lambda p, r: "　".join(p.alias),
    "phone": lambda p, r: p.phone,
    "phone dashes": lambda p, r: "-".join((p.phone[:3], p.phone[3:7],
                                           p.phone[7:])),
    "phone country": lambda p, r: f"+86 {p.phone}",
    "phone wide": lambda p, r: p.phone.translate(WIDE_DIGITS),
    "phone han": lambda p, r: p.phone.translate(HAN_DIGITS),
    "role": lambda p, r: p.unit_name + p.rank,
    "role of": lambda p, r: f"{p.unit_name}的{p.rank}",
    "role blanks": lambda p, r: " ".join(p.unit_name + p.rank),
    "called": lambda p, r: p.unit_name + p.surname + p.rank,
    "called far": lambda p, r: f"{p.surname}{p.rank}，就是{p.unit_name}那个",
    "masked": lambda p, r: f"{p.unit_name}{p.surname}某某",
    "masked star": lambda p, r: f"{p.unit_name}{p.surname}*{p.name[2]}",
    "masked x": lambda p, r: f"{p.unit_name}{p.surname}XX",
    "surname": lambda p, r: f"{p.unit_name}姓{p.surname}的",
    "sound": lambda p, r: p.alike(r, 1),
    "sound of the last": lambda p, r: p.alike(r, 2),
    "sound of the surname": lambda p, r: p.alike(r, 0),
    "sound and title": lambda p, r: p.alike(r, 1) + p.rank,
    "sound and unit": lambda p, r: f"{p.unit_name}的{p.alike(r, 1)}",
    "sound blanks": lambda p, r: " ".join(p.alike(r, 2)),
    "latin": lambda p, r: " ".join(p.latin()),
    "latin capitals": lambda p, r: "".join(p.latin()).upper(),
    "latin mixed": lambda p, r: mixed(p),
    "first letters": lambda p, r: p.name[0] + "".join(
        x[0] for x in p.latin()[1:]),
}
# Where it is written.
PLACES = ("text", "subject", "html", "file name", "quoted", "gbk", "base64")


def tip(n, words, matter, place):
    """The mail n, with words in the given place; nobody has its mark but it."""
    m = email.message.EmailMessage(policy=email.policy.SMTP)
    m["From"] = f"citizen{n}@example.net"
    m["To"] = TIPS
    m["Date"] = email.utils.format_datetime(
        email.utils.parsedate_to_datetime("Mon, 12 Oct 2026 08:30:00 +0800"))
    m["Message-ID"] = f"<accused-{n}@mail.example.net>"
    m["Subject"] = ("反映问题 " + " ".join(words.split()) if place == "subject"
                    else "反映问题")
    text = f"{matter}渣土车上写着{mark(n)}。"
    if place in ("text", "gbk", "base64", "html"):
        text += f"听说是{words}安排的。"
    if place == "quoted":
        text += (f"\n\n在 2026-10-11 08:00，citizen 写道：\n"
                 f"> 听说是{' '.join(words.split())}安排的。\n")
    if place == "html":
        m.set_content("<html><body><p>" + text.replace("\n", "<br>") +
                      "</p></body></html>", subtype="html")
    elif place == "gbk":
        m.set_content(text.replace("\u200b", ""), charset="gb18030")
    elif place == "base64":
        m.set_content(text, cte="base64")
    else:
        m.set_content(text)
    if place == "file name":
        m.add_attachment(b"\x89PNG\r\n\x1a\n" + bytes(64), maintype="image",
                         subtype="png",
                         filename=f"{' '.join(words.split())}的照片.png")
    return m.as_bytes()


def mark(n):
    return f"MARK{n:05}X"


def roster(people, duties):
    """roster.conf: the 200, an office and discipline."""
    units = ",\n".join(
        f'{{ id = "u{u:02}"; name = "{UNITS[u * 2:u * 2 + 2]}环境卫生管理所";'
        f' address = ""; aliases = [ "{UNITS[u * 2:u * 2 + 2]}环卫所" ];'
        f' leader = "p{u * PER_UNIT:03}"; }}' for u in range(N // PER_UNIT))
    persons = ",\n".join(
        f'{{ id = "{p.id}"; name = "{p.name}"; address = "{p.address}";'
        f' aliases = [ "{p.alias}" ]; phones = [ "{p.phone}" ];'
        f' role = "{p.unit_name}{p.rank}"; unit = "{p.unit}";'
        f' digest = {"true" if i % 3 == 0 else "false"}; }}'
        for i, p in enumerate(people))
    lines = ",\n".join(
        f'{{ domain = "{d}"; area = "{a}"; officer = "{who[0].id}";'
        f' deputy = "{who[1].id}"; leader = "{who[2].id}"; }}'
        for (d, a), who in duties.items())
    return f"""units = ( {units} );
persons = ( {persons},
{{ id = "office"; name = "扫黑除恶办公室"; address = "office@example.org";
   aliases = [ "扫黑办" ]; kind = "office"; common_name = true; }},
{{ id = "discipline"; name = "纪检组"; address = "discipline@example.org";
   kind = "discipline"; common_name = true; }} );
duties = ( {lines} );
office = "office"; discipline = "discipline"; bureau_leader = "";
"""


def areas():
    text = (ROOT / "etc/areas.conf").read_text(encoding="utf-8")
    return re.findall(r'id = "([^"]+)"; name = "([^"]+)"', text)


class World:
    """The people, who has which duty, and the tips."""

    def __init__(self, count):
        self.rnd = random.Random(20261012)
        self.people = []
        names = set()
        while len(self.people) < N:
            p = Person(len(self.people), self.rnd)
            if p.name not in names:
                names.add(p.name)
                self.people.append(p)
        pairs = [(d, a) for d in MATTER for a in areas()]
        self.names = dict(areas())
        self.duties = {}
        for k, (domain, area) in enumerate(pairs):
            self.duties[domain, area[0]] = [
                self.people[(k + m * len(pairs)) % N] for m in range(3)]
        self.tips = [self.make(n) for n in range(count)]
        self.innocent = [self.blank(count + n) for n in range(INNOCENT)]

    def duty_of(self, person, n):
        mine = [x for x, who in self.duties.items() if person in who]
        return mine[n % len(mine)]

    def make(self, n):
        person = self.people[n * 7 % N]
        ways = list(WAYS)
        # After lcm(ways, N) tips the pairs would come again.
        way = ways[(n + n // math.lcm(N, len(ways))) % len(ways)]
        place = PLACES[n // 5 % len(PLACES)]
        domain, area = self.duty_of(person, n)
        words = WAYS[way](person, self.rnd)
        matter = MATTER[domain].format(area=self.names[area])
        return (n, person, way, place, tip(n, words, matter, place))

    def blank(self, n):
        """A tip that names nobody."""
        (domain, area), who = list(self.duties.items())[n % len(self.duties)]
        matter = MATTER[domain].format(area=self.names[area])
        return (n, who[0], tip(n, "", matter, "nowhere"))


@pytest.fixture(scope="module")
def world():
    return World(TIPS_SENT)


def everything_of(mails):
    """All that a mailbox tells, decoded and raw."""
    out = []
    for mail in mails:
        out.append(mail.raw.decode("utf-8", "replace"))
        out.append(str(mail.msg["Subject"]))
        for part in mail.msg.walk():
            out.append(part.get_filename() or "")
            data = part.get_payload(decode=True)
            if data is not None:
                out.append(data.decode("utf-8", "replace"))
    return "\n".join(out)


def test_no_byte_reaches_the_accused(world, build, tmp_path):
    path = tmp_path / "roster.conf"
    path.write_text(roster(world.people, world.duties), encoding="utf-8")
    users = [TIPS, "office@example.org", "discipline@example.org",
             *(p.address for p in world.people)]
    with Bed(users=users) as bed, Desk(bed, build, roster=path) as desk:
        bed.fill(TIPS, [t[-1] for t in world.tips + world.innocent])
        for when in (FIRST, *LATER):
            desk.once(timeout=1200, **desk.clock(when))
        bed.wait_delivered(timeout=600)
        told = {p.id: everything_of(bed.mailbox(p.address))
                for p in world.people}
        clues = desk.sql("SELECT id, number, text, officer, excluded"
                         " FROM clue")
        letters = {(x["clue"], x["to_person"]) for x in desk.sql(
            "SELECT clue, to_person FROM letter")}
    by_mark = {}
    for c in clues:
        found = re.search(r"MARK\d{5}X", c["text"])
        by_mark[found.group()] = c
    assert len(by_mark) == len(world.tips) + len(world.innocent)

    for n, officer, _ in world.innocent:  # or nothing below could fail
        assert mark(n) in told[officer.id], by_mark[mark(n)]["number"]
    bad = []
    for n, person, way, place, _ in world.tips:
        clue = by_mark[mark(n)]
        if (mark(n) in told[person.id] or clue["number"] in told[person.id]
                or person.id not in clue["excluded"]
                or clue["officer"] not in ("office", "discipline")
                or (clue["id"], person.id) in letters):
            bad.append(f"{person.id} {person.name}: {way}, {place}: "
                       f"{clue['text']!r} {clue['excluded']!r}")
    assert not bad, "\n".join(bad)
