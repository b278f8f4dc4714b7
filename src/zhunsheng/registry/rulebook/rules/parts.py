"""What the rulebook is made of: regulations, versions, articles, consequences, measures, classes of findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.registry.rulebook.rules.references import Numbering, base_of, citation
from zhunsheng.registry.rulebook.states import BOUNDS, CLOCK_UNITS, ONE, SEVERAL, Bound, Certainty, Kind, Unit


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation through all its versions."""

    id: str
    number: Text
    name: Text
    issuer: Text

    @property
    def title(self) -> Text:
        return t("{n}, {x}", "《{x}》（{n}）", n=self.number, x=self.name)


@dataclass(frozen=True, slots=True)
class Article:
    """One article in our own words; `topic` stays the same when a revision moves the number."""

    no: str
    topic: str
    paraphrase: Text
    certainty: Certainty
    numbering: Numbering

    @property
    def cited(self) -> Text:
        return citation(self.no, self.numbering)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows, in parts that software can compare; fines in CNY."""

    article: str | None = None
    order_to_correct: bool = False
    fine_cap_cny: int | None = None
    fine_cny: int | None = None
    public_criticism: bool = False
    named: bool = False
    higher_draw: bool = False
    revocation: bool = False
    cancellation: bool = False
    ban_years: int | None = None
    dishonest_list: bool = False
    transfer: bool = False
    nonconforming: bool = False
    self_correct: bool = False
    under: tuple[str, ...] = ()

    def sentences(self) -> list[Text]:
        """Each part in words, in the order of rising weight."""
        said = [words for name, words in _FLAGS.items() if getattr(self, name)]
        if self.fine_cap_cny is not None:
            said.append(t("a fine of at most {n}", "处 {n}以下罚款", n=yuan(self.fine_cap_cny)))
        if self.fine_cny is not None:
            said.append(t("a fine of {n}", "处 {n}罚款", n=yuan(self.fine_cny)))
        if self.ban_years is not None:
            said.append(t("no application for {n} y", "{n} 年内不得再次申请", n=self.ban_years))
        return said

    @property
    def words(self) -> Text:
        return join(self.sentences()) if self.sentences() else t("none named", "未规定")


_FLAGS: dict[str, Text] = {
    "self_correct": t("self-correction", "自行整改"),
    "nonconforming": t("not conforming in the review", "评审不符合"),
    "order_to_correct": t("order to correct", "责令改正"),
    "named": t("named publicly", "予以通报"),
    "higher_draw": t("drawn with a higher probability", "提高抽查概率"),
    "public_criticism": t("public criticism", "通报批评"),
    "revocation": t("approval revoked", "撤销资质认定"),
    "cancellation": t("qualification cancelled", "取消检验检测资格"),
    "dishonest_list": t("list of the seriously dishonest", "列入严重违法失信名单"),
    "transfer": t("transfer of the case", "移送有关部门处理"),
}


def yuan(amount: int) -> Text:
    """An amount as each language writes it: 30,000 CNY, 3 万元."""
    zh = f"{amount // 10000} 万元" if amount % 10000 == 0 else f"{amount} 元"
    return Text(en=f"{amount:,} CNY", zh=zh)


@dataclass(frozen=True, slots=True)
class Basis:
    """On which articles of one version a class of findings rests, and what that version lets follow, if it says so itself."""

    version: str
    regulation: Regulation
    articles: tuple[str, ...]
    consequence: Consequence | None
    numbering: Numbering = "article"
    only_if: Text | None = None

    @property
    def cited(self) -> Text:
        numbers = join((citation(no, self.numbering) for no in self.articles), en=", ", zh="、")
        return t("{r}, {a}", "{r}{a}", r=self.regulation.number, a=numbers)

    @property
    def follows(self) -> Text:
        """What this version lets follow, and under which condition."""
        said = self.consequence.words if self.consequence else t("none named here", "本文件未规定")
        return t("{c}: {w}", "{c}：{w}", c=self.only_if, w=said) if self.only_if else said


@dataclass(frozen=True, slots=True)
class Measure:
    """A clock or a threshold: so many of a unit, with the article that says so."""

    key: str
    name: Text
    value: int
    unit: Unit
    bound: Bound
    article: str
    version: str
    regulation: Regulation
    numbering: Numbering = "article"

    @property
    def is_clock(self) -> bool:
        return self.unit in CLOCK_UNITS

    @property
    def amount(self) -> Text:
        counted = ONE[self.unit] if self.value == 1 else SEVERAL[self.unit].with_(n=self.value)
        return BOUNDS[self.bound].with_(x=counted)

    @property
    def cited(self) -> Text:
        return t("{r}, {a}", "{r}{a}", r=self.regulation.number, a=citation(self.article, self.numbering))


@dataclass(frozen=True, slots=True)
class FindingClass:
    """A class of what a check may find: the software suspects with the evidence named, a person decides."""

    code: str
    kind: Kind
    name: Text
    evidence: Text
    since: str
    to_expert: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A regulation as it stood from a day to a day. `raw` is the data file, which the pack's hash covers but for its dates."""

    id: str
    edition: int
    regulation: Regulation
    label: Text
    published_on: date | None
    valid_from: date
    valid_to: date | None
    replaces: tuple[str, ...]
    replaces_outside: Text | None
    coverage: Literal["part", "title"]
    date_certainty: Certainty
    date_note: Text | None
    certainty: Certainty
    source: Text
    articles: tuple[Article, ...]
    findings: Mapping[str, Basis]
    measures: Mapping[str, Measure]
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def key(self) -> str:
        """The id with its edition, as a pack names it."""
        return f"{self.id}.{self.edition}"

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def article(self, no: str) -> Article | None:
        """The article of a number or of an item of it."""
        return next((one for one in self.articles if one.no == base_of(no)), None)

    def about(self, topic: str) -> Article | None:
        return next((one for one in self.articles if one.topic == topic), None)
