"""Regions of the city: codes, names, areas without a code of their own, and reading a region from printed text.

Source: GB/T 2260 with its withdrawn codes (standards.md 2.5). Two areas have statistical codes (130171, 130172), two
have no code anywhere and carry local codes (1301A1, 1301A2). The county is never read from a USCC, and a district is
never matched by a name alone that other cities have too.
"""

import re
import unicodedata

CITY = "130100"
NAMES = {
    "130100": "石家庄市",
    "130102": "长安区",
    "130104": "桥西区",
    "130105": "新华区",
    "130107": "井陉矿区",
    "130108": "裕华区",
    "130109": "藁城区",
    "130110": "鹿泉区",
    "130111": "栾城区",
    "130121": "井陉县",
    "130123": "正定县",
    "130125": "行唐县",
    "130126": "灵寿县",
    "130127": "高邑县",
    "130128": "深泽县",
    "130129": "赞皇县",
    "130130": "无极县",
    "130131": "平山县",
    "130132": "元氏县",
    "130133": "赵县",
    "130171": "高新区",
    "130172": "循环化工园区",
    "130181": "辛集市",
    "130183": "晋州市",
    "130184": "新乐市",
    "1301A1": "正定新区",
    "1301A2": "综合保税区",
}
"""Every region that can be chosen, and the name it is shown by."""

EXCHANGE_CODES = {"130171": "130100", "130172": "130100", "1301A1": "130123", "1301A2": "130100"}
"""The GB/T 2260 code that stands for an area without one when records are exchanged."""

SUCCESSORS = {
    "130122": "130110",
    "130124": "130111",
    "130182": "130109",
    "130185": "130110",
    "139002": "130181",
}
"""Withdrawn codes with one successor; 130103 桥东区 was divided and has none."""

_OTHER_NAMES = {
    "获鹿县": "130110",
    "鹿泉市": "130110",
    "栾城县": "130111",
    "藁城市": "130109",
    "藁城县": "130109",
    "石家庄高新技术产业开发区": "130171",
    "高新技术产业开发区": "130171",
    "高新技术开发区": "130171",
    "高新开发区": "130171",
    "石家庄高新区": "130171",
    "石家庄循环化工园区": "130172",
    "循环化工基地": "130172",
    "石家庄综合保税区": "1301A2",
}
_ELSEWHERE = frozenset(
    {"桥西区", "新华区", "高新区", "高新技术产业开发区", "高新技术开发区", "高新开发区", "综合保税区"}
)
"""Names that other cities of the province have as well: they count only where the city is named."""

_BY_NAME = {name: code for code, name in NAMES.items()} | _OTHER_NAMES
_LONGEST_FIRST = sorted(_BY_NAME, key=len, reverse=True)
_PROVINCE = re.compile(r"^河北省?")
_CITY_NAME = re.compile(r"^石家庄市?")


def name_of(code: str) -> str | None:
    """The name of a region, of a withdrawn code its successor's; None for a foreign one."""
    return NAMES.get(SUCCESSORS.get(code, code))


def in_other_province(here: str | None, there: str | None) -> bool:
    """Whether two regions lie in different provinces; a region that is not known lies in none."""
    return here is not None and there is not None and here[:2] != there[:2]  # a code begins with its province


def exchange_code(code: str) -> str:
    """The GB/T 2260 code under which a region is exchanged."""
    return EXCHANGE_CODES.get(code, code)


def code_of(province: str, district: str, address: str = "") -> str | None:
    """The region that the columns of a row name; None for none of this city, or for one that could be another city's.

    An address is asked only where the columns leave the county open, and only when it names the city itself.
    """
    if province and not _PROVINCE.match(_plain(province)) and _plain(province) != "130000":
        return None
    found = _code_in(district, whole=True)
    if found not in (None, CITY):
        return found
    if found is None and district and _plain(district) not in _ELSEWHERE:
        return None
    return _code_in_address(address) or found


def _code_in(text: str, *, whole: bool) -> str | None:
    """The code of a region text such as `石家庄市长安区`, `长安区`, `130102`; `whole`: nothing may follow."""
    plain = _PROVINCE.sub("", _plain(text))
    if re.fullmatch(r"1301[0-9A-Z]{2}|139002", plain):
        code = SUCCESSORS.get(plain, plain)
        return code if code in NAMES else None
    rest = _CITY_NAME.sub("", plain) if plain not in _BY_NAME or plain == NAMES[CITY] else plain
    in_city = rest != plain or plain.startswith("石家庄")
    if not rest:
        return CITY if plain else None
    if rest == "市辖区":
        return CITY if in_city else None
    for name in _LONGEST_FIRST:
        if rest == name or (not whole and rest.startswith(name)):
            return _BY_NAME[name] if in_city or name not in _ELSEWHERE else None
    return None


def _code_in_address(address: str) -> str | None:
    plain = _PROVINCE.sub("", _plain(address))
    return _code_in(plain, whole=False) if plain.startswith("石家庄") else None


def _plain(text: str) -> str:
    return re.sub(r"[\s,，、/\-]", "", unicodedata.normalize("NFKC", text))
