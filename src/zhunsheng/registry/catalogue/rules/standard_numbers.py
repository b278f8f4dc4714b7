"""The number of a standard, however it was typed, in its parts; pure.

prefix[/T|/Z] number[.part]-year for Chinese standards (GB/T 20000.1, standards of sectors, regions, associations and enterprises),
number[-part]:year for ISO and IEC, the free forms of BJS and of foreign bodies as they are.
"""

import re
from dataclasses import dataclass, replace

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.rules.writing import clean


def _these(words: str) -> frozenset[str]:
    return frozenset(words.split())


NATIONAL = _these("GB GBZ GBJ GSB JJG JJF TSG")
SECTORS = _these(
    "AQ BB CB CH CJ CJJ CY DA DL DZ EJ FZ GA GD GH GM GY HB HG HJ HS HY JB JC JG JGJ JR JT JTG JY LB LD LS LY MH MT MZ"
    " NB NY QB QC QJ QX RB RF SB SC SF SH SJ SL SN SW SY TB TD TY WB WH WM WS WW XB XF YB YC YD YS YY YZ ZY"
)
INTERNATIONAL = ("ISO", "IEC", "OIML", "ITU", "IAF", "ILAC")
FOREIGN = _these("AOAC ASTM EN DIN BS JIS CAC CXS EPA NF ANSI AS USP CNAS")
PROVINCES = _these(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"
)
YEARS = range(1949, 2100)

_YEAR = r"(?P<edition>\d{4}|\d{2})"
_CHINESE = re.compile(
    rf"(?P<prefix>DB ?\d{{2,6}}|[A-Z]{{2,4}}(?:\([^)]{{1,6}}\))?)(?P<nature> ?/ ?[TZ])? ?(?P<number>\d+[A-Z]?(?:\.\d+)*)(?: ?- ?{_YEAR})?"
)
_GROUP = re.compile(rf"T ?/ ?(?P<who>[A-Z][A-Z0-9]{{1,11}}) ?(?P<number>\d+(?:\.\d+)*)(?: ?- ?{_YEAR})?")
_ENTERPRISE = re.compile(rf"Q ?/ ?(?P<number>[0-9A-Z][0-9A-Z .]*?)(?: ?- ?{_YEAR})?")
_SUPPLEMENTARY = re.compile(r"(?P<prefix>BJS|KJ) ?(?P<number>\d{6})")
_BODIES = "|".join(INTERNATIONAL)
_WORLD = re.compile(
    rf"(?P<prefix>(?:{_BODIES})(?:/(?:{_BODIES}|IEEE|CIE|TS|TR|PAS))*)(?P<nature> (?:TS|TR|PAS|GUIDE|R))? ?"
    r"(?P<number>\d+(?:-\d{1,3})*)(?: ?[:-] ?(?P<edition>\d{4}))?"
)
_ELSEWHERE = re.compile(r"(?P<prefix>[A-Z]{2,4})[ -]?(?P<number>[0-9A-Z][0-9A-Z./: -]*)")
_AMENDED = re.compile(
    r" ?(?:/ ?XG(?P<a>\d+(?:-\d{4})?)|[(]?第 ?(?P<b>\d+) ?号修改单[)]?|[+/ ]AMD ?(?P<c>\d+)(?::\d{4})?)$"
)
_ADOPTED = re.compile(rf"(?<=\d)(?: ?[/(] ?)(?:{_BODIES})[/ ].*$")

_PART = re.compile(r"(?<=[-:]\d{4})(?!\d) ?[^/+ ].*$")


@dataclass(frozen=True, slots=True)
class StandardNumber:
    """The parts: "GB/T", "13081", "2022"; a number keeps its part after a point ("5009.17")."""

    prefix: str
    number: str
    edition: str = ""
    amendment: str = ""

    def __str__(self) -> str:
        mark = ":" if self.prefix.startswith(INTERNATIONAL) else "-"
        amended = f" Amd {self.amendment}" if mark == ":" else f"/XG{self.amendment}"
        return self.family + (mark + self.edition if self.edition else "") + (amended if self.amendment else "")

    @property
    def family(self) -> str:
        """What all editions share: GB 5009.17."""
        return f"Q/{self.number}" if self.prefix == "Q" else f"{self.prefix} {self.number}"

    @property
    def has_editions(self) -> bool:
        """Is the year a part of such a number? Supplementary methods and foreign bodies number otherwise."""
        return self.prefix not in FOREIGN | {"BJS", "KJ"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a number was read as, if it is one, and what is doubtful about it."""

    number: StandardNumber | None
    faults: tuple[Text, ...] = ()


def read_standard_number(text: str) -> Reading:
    """The parts of a standard number; full-width forms, any dash, missing or doubled spaces and small letters are read over."""
    if not (written := clean(text).upper().replace("GB-T", "GB/T")):
        return Reading(None, (t("Give the number of the standard.", "请填写标准编号。"),))
    amended = _AMENDED.search(written)
    bare = _ADOPTED.sub("", written[: amended.start()] if amended else written).strip()
    found = next((made for read in _READERS if (made := read(bare)) is not None), None)
    if found is None:
        return Reading(None, (_unreadable(clean(text)),))
    if amended:
        found = replace(found, amendment=amended["a"] or amended["b"] or amended["c"])
    return _doubted(found)


def normal(text: str) -> str:
    """A number in its normal form; what is no number stays as it is, but clean."""
    found = read_standard_number(text).number
    return str(found) if found else clean(text)


def standard_number_in(number: str) -> str:
    """The standard on which a method rests by its own number: GB 5009.17-2021 for "GB 5009.17-2021 第一篇"; "" for none."""
    return _standard_and_part(number)[0]


def normal_method(number: str) -> str:
    """A method's number with the standard in it in its normal form: GB 5009.17-2021 第一篇."""
    return " ".join(filter(None, _standard_and_part(number))) or clean(number)


def _standard_and_part(number: str) -> tuple[str, str]:
    written = clean(number)
    if (whole := read_standard_number(written).number) is not None:
        return str(whole), ""
    cut = _PART.search(written)
    head = read_standard_number(written[: cut.start()]).number if cut else None
    return (str(head), written[cut.start() :].strip()) if cut and head else ("", written)


def _chinese(text: str) -> StandardNumber | None:
    if (found := _CHINESE.fullmatch(text)) is None or found["prefix"] in FOREIGN | {"BJS", "KJ", *INTERNATIONAL}:
        return None
    nature = (found["nature"] or "").replace(" ", "")
    return StandardNumber(found["prefix"].replace(" ", "") + nature, found["number"], found["edition"] or "")


def _group(text: str) -> StandardNumber | None:
    found = _GROUP.fullmatch(text)
    return StandardNumber(f"T/{found['who']}", found["number"], found["edition"] or "") if found else None


def _enterprise(text: str) -> StandardNumber | None:
    if (found := _ENTERPRISE.fullmatch(text)) is None:
        return None
    who, _, number = found["number"].rpartition(" ")
    return StandardNumber(f"Q/{who}" if who else "Q", number, found["edition"] or "")


def _supplementary(text: str) -> StandardNumber | None:
    found = _SUPPLEMENTARY.fullmatch(text)
    return StandardNumber(found["prefix"], found["number"]) if found else None


def _world(text: str) -> StandardNumber | None:
    found = _WORLD.fullmatch(text)
    return (
        StandardNumber(found["prefix"] + (found["nature"] or ""), found["number"], found["edition"] or "")
        if found
        else None
    )


def _elsewhere(text: str) -> StandardNumber | None:
    found = _ELSEWHERE.fullmatch(text)
    return StandardNumber(found["prefix"], found["number"]) if found and found["prefix"] in FOREIGN else None


_READERS = (_world, _supplementary, _group, _enterprise, _chinese, _elsewhere)


def _doubted(number: StandardNumber) -> Reading:
    faults = [*_prefix_faults(number.prefix)]
    if number.has_editions and not number.edition:
        faults.append(
            t("{n} has no year: the edition cannot be told.", "{n} 缺少年代号，无法确定版本。", n=number.family)
        )
    elif len(number.edition) == 2:
        number = replace(number, edition=f"19{number.edition}")
        faults.append(t("The year has two digits; read as {y}.", "年代号为两位，按 {y} 年理解。", y=number.edition))
    elif number.edition and int(number.edition) not in YEARS:
        faults.append(t("{y} is not a year of a standard.", "{y} 不是标准的年代号。", y=number.edition))
    return Reading(number, tuple(faults))


def _prefix_faults(prefix: str) -> list[Text]:
    head = prefix.split("/")[0].split("(")[0].split(" ")[0]
    if head.startswith("DB") and head[2:].isdigit():
        if head[2:4] in PROVINCES and len(head) in {4, 5, 6, 8}:
            return []
        return [t("{p}: {c} is no province.", "{p}：{c} 不是省级行政区划代码。", p=prefix, c=head[2:4])]
    if head in NATIONAL | SECTORS | FOREIGN | {"BJS", "KJ", "T", "Q", *INTERNATIONAL}:
        return []
    return [t("The prefix {p} is not known.", "标准代号 {p} 未收录。", p=prefix)]


def _unreadable(text: str) -> Text:
    return t(
        "“{x}” is not the number of a standard. Write it like GB/T 13081-2022.",
        "“{x}”不是标准编号，请按 GB/T 13081-2022 的格式填写。",
        x=text,
    )
