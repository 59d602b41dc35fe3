"""A registration file as a city really hands it over: thousands of sound rows, and among them all that goes wrong.

Every odd row says what an officer may expect of it. `python -m tests.registration_file OUT.csv [ROWS]` writes one to look at.
"""

import csv
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.import_rows import code, wrong

HEADER = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "法人代表",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)
NAME, CODE, DAY, TYPE, PERSON, CAPITAL, SCOPE, PROVINCE, DISTRICT, ADDRESS = HEADER
DISTRICTS = {
    "长安区": "130102",
    "桥西区": "130104",
    "新华区": "130105",
    "裕华区": "130108",
    "藁城区": "130109",
    "鹿泉区": "130110",
    "正定县": "130123",
    "行唐县": "130125",
    "无极县": "130130",
}
EVERY = 20  # one row in so many is odd

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Oddity:
    """One way in which a row goes wrong. `refused` and `flagged` are (column, words an officer reads); neither: taken in.

    `stored` is what the register must hold, by column of `operator`, where the row is taken in.
    """

    what: str
    change: Callable[[Row], Row]
    refused: tuple[str, str] | None = None
    flagged: tuple[str, str] | None = None
    stored: Callable[[Row], dict[str, object]] = lambda row: {}
    unchanged: bool = False


@dataclass(slots=True)
class Written:
    """What was written: the oddity of each line that has one, the row as it was meant, and how many are sound."""

    odd: dict[int, tuple[Oddity, Row]] = field(default_factory=dict)
    sound: int = 0


def sound_row(serial: int, chance: random.Random) -> Row:
    """An invented company that nothing is wrong with."""
    district = chance.choice(list(DISTRICTS))
    word = "".join(chance.choices("瑞祥恒达鑫源华泰永安博雅嘉禾", k=3))
    trade = chance.choice(["商贸", "电子商务", "食品", "网络科技"])
    return {
        NAME: f"石家庄{word}{serial}{trade}有限公司",
        CODE: code(f"91{DISTRICTS[district]}MA{serial:07d}"),
        DAY: f"20{chance.randrange(5, 25):02d}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
        TYPE: "有限责任公司(自然人投资或控股)",
        PERSON: chance.choice(["张伟", "王芳", "欧阳建国", "李娜"]),
        CAPITAL: f"{chance.choice([10, 50, 500])}万元人民币",
        SCOPE: "日用百货、食品销售；计算机软硬件技术开发。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        PROVINCE: "河北省",
        DISTRICT: f"石家庄市{district}",
        ADDRESS: f"河北省石家庄市{district}中山路{serial}号",
    }


def _set(**cells: str) -> Callable[[Row], Row]:
    return lambda row: {**row, **cells}


def _with(column: str, change: Callable[[str], str]) -> Callable[[Row], Row]:
    return lambda row: {**row, column: change(row[column])}


def _held(**columns: object) -> Callable[[Row], dict[str, object]]:
    return lambda row: columns


ODDITIES = (
    # codes
    Oddity("lower case", _with(CODE, str.lower), stored=lambda row: {"uscc": row[CODE]}),
    Oddity("full width", _with(CODE, lambda c: c.translate({n: n + 0xFEE0 for n in range(48, 91)})),
           stored=lambda row: {"uscc": row[CODE]}),
    Oddity("blanks inside", _with(CODE, lambda c: f" {c[:8]} {c[8:]}\t"), stored=lambda row: {"uscc": row[CODE]}),
    Oddity("byte order mark inside", _with(CODE, lambda c: "\ufeff" + c), stored=lambda row: {"uscc": row[CODE]}),
    Oddity("Cyrillic letters", _with(CODE, lambda c: c.replace("MA", "\u041c\u0410")),
           stored=lambda row: {"uscc": row[CODE]}),
    Oddity("17 characters", _with(CODE, lambda c: c[:17]), refused=(CODE, "共17位")),
    Oddity("19 characters", _with(CODE, lambda c: c + "0"), refused=(CODE, "共19位")),
    Oddity("letter O for a zero", _with(CODE, lambda c: c[:3] + "O" + c[4:]), refused=(CODE, "4: O")),
    Oddity("misprinted", _with(CODE, wrong), refused=(CODE, "校验码不符")),
    Oddity("masked", _with(CODE, lambda c: c[:6] + "*" * 10 + c[16:]), refused=(CODE, "星号遮盖")),
    Oddity("made a number", _set(**{CODE: "9.11301E+17"}), refused=(CODE, "表格软件")),
    Oddity("made a number in lower case", _set(**{CODE: "9.11301e+17"}), refused=(CODE, "表格软件")),
    Oddity("a number of fifteen digits", _set(**{CODE: "911301051077436000"}), refused=(CODE, "表格软件")),
    Oddity("18 zeros", _set(**{CODE: "0" * 18}), refused=(CODE, "全部为0")),
    Oddity("placeholder", _set(**{CODE: "0" * 17 + "X"}), refused=(CODE, "17个0加X")),
    Oddity("no code", _set(**{CODE: ""}), refused=(CODE, "至少填写一项")),
    Oddity("code is -", _set(**{CODE: "-"}), refused=(CODE, "至少填写一项")),
    Oddity("code is 无", _set(**{CODE: "无"}), refused=(CODE, "至少填写一项")),
    Oddity("code is nan", _set(**{CODE: "nan"}), refused=(CODE, "至少填写一项")),
    # days
    Oddity("short day", _set(**{DAY: "2015-3-9"}), stored=_held(established_on="2015-03-09")),
    Oddity("day with slashes and midnight", _set(**{DAY: "2015/03/09 00:00:00"}),
           stored=_held(established_on="2015-03-09")),
    Oddity("day as Excel exports it", _set(**{DAY: "2015/3/9 0:00"}), stored=_held(established_on="2015-03-09")),
    Oddity("serial day", _set(**{DAY: "42072"}), stored=_held(established_on="2015-03-09")),
    Oddity("serial day of a program", _set(**{DAY: "42072.0"}), stored=_held(established_on="2015-03-09")),
    Oddity("Chinese day", _set(**{DAY: "2015年3月9日"}), stored=_held(established_on="2015-03-09")),
    Oddity("compact day", _set(**{DAY: "20150309"}), stored=_held(established_on="2015-03-09")),
    Oddity("no day", _set(**{DAY: "NULL"}), stored=_held(established_on=None)),
    Oddity("not a time", _set(**{DAY: "NaT"}), stored=_held(established_on=None)),
    Oddity("zero day", _set(**{DAY: "0000-00-00 00:00:00"}), stored=_held(established_on=None)),
    Oddity("30 February", _set(**{DAY: "2015-02-30"}), refused=(DAY, "不是有效日期")),
    Oddity("future", _set(**{DAY: "2035-01-01"}), refused=(DAY, "不能晚于今天")),
    Oddity("day in words", _set(**{DAY: "二〇一五年三月"}), refused=(DAY, "不是有效日期")),
    # names
    Oddity("no name", _set(**{NAME: ""}), refused=(NAME, "必须填写")),
    Oddity("name is nan", _set(**{NAME: "nan"}), refused=(NAME, "必须填写")),
    Oddity("half-width brackets", _with(NAME, lambda name: name.replace("石家庄", "石家庄(河北)")),
           stored=lambda row: {"name": row[NAME].replace("石家庄", "石家庄(河北)")}),
    Oddity("full-width brackets", _with(NAME, lambda name: name.replace("石家庄", "石家庄（河北）")),
           stored=lambda row: {"name": row[NAME].replace("石家庄", "石家庄（河北）")}),
    Oddity("blanks and tabs around", _with(NAME, lambda name: f"\u3000{name} \t"),
           stored=lambda row: {"name": row[NAME]}),
    Oddity("invisible characters", _with(NAME, lambda name: f"{name[:3]}\u200b{name[3:]}\ufeff"),
           stored=lambda row: {"name": row[NAME]}),
    Oddity("line break in the name", _with(NAME, lambda name: f"{name[:3]}\n{name[3:]}"),
           stored=lambda row: {"name": f"{row[NAME][:3]} {row[NAME][3:]}"}),
    Oddity("broken characters", _with(NAME, lambda name: name.replace("石家庄", "石家\ufffd")),
           refused=(NAME, "无法显示")),
    # the rest
    Oddity("quoted line breaks", _set(**{SCOPE: '食品销售；\r\n"日用百货"、\n服装,鞋帽'}),
           stored=_held(business_scope='食品销售；\n"日用百货"、\n服装,鞋帽')),
    Oddity("a scope that is too long", _set(**{SCOPE: "食" * 8001}), refused=(SCOPE, "8000")),
    Oddity("what programs write for nothing", _set(**{TYPE: "NULL", PERSON: "None", CAPITAL: "nan", SCOPE: "\\N"}),
           stored=_held(company_type=None, responsible_person=None, registered_capital=None, business_scope=None)),
    Oddity("what people write for nothing", _set(**{PERSON: "无", CAPITAL: "-", SCOPE: "/", ADDRESS: "——"}),
           stored=_held(responsible_person=None, registered_capital=None, business_scope=None, address=None)),
    Oddity("all empty but name and code",
           lambda row: {name: row[name] if name in (NAME, CODE) else "" for name in HEADER},
           stored=_held(region=None, address=None)),
    Oddity("capital in words", _set(**{CAPITAL: "500万元人民币 "}), stored=_held(registered_capital="500万元人民币")),
    # regions
    Oddity("homonym by code", _set(**{DISTRICT: "130703", ADDRESS: "石家庄市桥西区自强路1号"}),
           flagged=(DISTRICT, "区划留空"), stored=_held(region=None, region_text="河北省130703")),
    Oddity("homonym by name", _set(**{DISTRICT: "张家口市桥西区", ADDRESS: "石家庄市桥西区自强路1号"}),
           flagged=(DISTRICT, "区划留空"), stored=_held(region=None)),
    Oddity("唐县 is not 行唐县", _set(**{DISTRICT: "130627", ADDRESS: "石家庄市行唐县龙州镇1号"}),
           flagged=(DISTRICT, "区划留空"), stored=_held(region=None)),
    Oddity("唐县 by name", _set(**{DISTRICT: "唐县", ADDRESS: "行唐县龙州镇1号"}),
           flagged=(DISTRICT, "区划留空"), stored=_held(region=None)),
    Oddity("a district without its city", _set(**{DISTRICT: "桥西区", ADDRESS: "自强路1号"}),
           flagged=(DISTRICT, "区划留空"), stored=_held(region=None)),
    Oddity("a district that the address settles", _set(**{DISTRICT: "桥西区", ADDRESS: "石家庄市桥西区自强路1号"}),
           stored=_held(region="130104")),
    Oddity("the city alone", _set(**{DISTRICT: "石家庄市", ADDRESS: "石家庄市正定县府西街1号"}),
           stored=_held(region="130123")),
    Oddity("a withdrawn district", _set(**{DISTRICT: "石家庄市藁城市"}), stored=_held(region="130109")),
    Oddity("an area without a code", _set(**{DISTRICT: "石家庄高新区"}), stored=_held(region="130171")),
    Oddity("another province", _set(**{PROVINCE: "山东省", DISTRICT: "济南市"}),
           flagged=(DISTRICT, "区划留空"), stored=_held(region=None)),
    # rows about one company
    Oddity("the row above again", lambda row: row, unchanged=True),
    Oddity("the row above with other brackets", lambda row: row, unchanged=True),
    Oddity("the row above with another name", _with(NAME, lambda name: "河北别家有限公司"),
           refused=("", "与本文件前面的行相矛盾")),
)  # fmt: skip


def rows_of(count: int, seed: int = 20261124) -> tuple[list[list[str]], Written]:
    """`count` rows, one in EVERY odd, and what is to be expected of them. Line 1 of the file is the header."""
    chance = random.Random(seed)
    written = Written()
    rows: list[list[str]] = []
    for serial in range(1, count + 1):
        meant = sound_row(serial, chance)
        if serial % EVERY:
            written.sound += 1
            rows.append([meant[name] for name in HEADER])
            continue
        oddity = ODDITIES[serial // EVERY % len(ODDITIES)]
        if "row above" in oddity.what:
            meant = dict(zip(HEADER, rows[-1], strict=True))
        odd = oddity.change(meant)
        if "other brackets" in oddity.what:
            odd = {**odd, NAME: odd[NAME].replace("石家庄", "（石家庄）")}
        written.odd[serial + 1] = (oddity, meant)
        rows.append([odd[name] for name in HEADER])
    return rows, written


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig") -> Path:
    """The rows as csv, as Excel writes it."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


if __name__ == "__main__":
    write(Path(sys.argv[1]), rows_of(int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)[0])
