"""Is a draw file what it says it is? Everything in it is computed again, and the first place that differs is named."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from zhunsheng.activities.campaigns.draw.rules.chance import list_sha256, secret_sha256, seed_of
from zhunsheng.activities.campaigns.draw.rules.drawfile import Result, compute
from zhunsheng.activities.campaigns.draw.rules.possible import obstacles
from zhunsheng.activities.campaigns.draw.rules.shape import first_fault, pointed
from zhunsheng.activities.campaigns.draw.rules.tickets import tickets
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import JsonError, canonical_json
from zhunsheng.foundation.signing.canonical import parse_strict

Outcome = Literal["holds", "differs", "not_examined"]


class Check(NamedTuple):
    """One question asked of the file; `place` is the first that differs (JSON pointer, empty for the whole file)."""

    name: str
    outcome: Outcome
    place: str | None
    reason: Text


class Difference(NamedTuple):
    place: str
    reason: Text


Question = Callable[[dict[str, Any]], Difference | None]


def verify(data: bytes) -> list[Check]:
    """Every check of a draw file, in order; those that make no sense after an earlier difference are not examined."""
    try:
        document = parse_strict(data)
        if canonical_json(document) != data:
            raise JsonError(t("The file is not in canonical form (RFC 8785).", "文件不是规范形式（RFC 8785）。"))
    except JsonError as error:
        return _broken("", error.message)
    if fault := first_fault(document):
        return _broken(fault.place, fault.reason)
    return [Check("form", "holds", None, HOLDS["form"]), *_answers(document)]


def holds(checks: list[Check]) -> bool:
    return all(one.outcome == "holds" for one in checks)


def _broken(place: str, reason: Text) -> list[Check]:
    unread = [Check(name, "not_examined", None, NOT_EXAMINED) for name in HOLDS if name != "form"]
    return [Check("form", "differs", place, reason), *unread]


def _answers(document: dict[str, Any]) -> Iterator[Check]:
    for name, question in QUESTIONS.items():
        yield _check(name, question(document))
    if _possible(document):
        yield from (Check(name, "not_examined", None, NOT_EXAMINED) for name in RESULT)
        return
    right = compute(document["list"], _true_seed(document))
    for name, parts in RESULT.items():
        yield _check(name, _of_result(right, document["result"], parts))


def _check(name: str, found: Difference | None) -> Check:
    return Check(name, "differs", *found) if found else Check(name, "holds", None, HOLDS[name])


def _tickets(document: dict[str, Any]) -> Difference | None:
    policy = document["list"]["policy"]
    for i, one in enumerate(document["list"]["laboratories"]):
        if one["tickets"] != (right := tickets(policy, one["risk"], one["no_shows"])):
            return Difference(f"/list/laboratories/{i}/tickets", _should_be(str(one["tickets"]), str(right)))
    return None


def _commitment(document: dict[str, Any]) -> Difference | None:
    found, promised = list_sha256(document["list"]), document["commitment"]["list_sha256"]
    return None if found == promised else Difference("/commitment/list_sha256", _should_be(promised, found))


def _secrets(document: dict[str, Any]) -> Difference | None:
    """As many promises as parties, no two alike; as many secrets, each the promised one."""
    promised, revealed = document["commitment"]["secrets"], document["reveal"]["secrets"]
    parties = len(document["list"]["parties"])
    if len(promised) != parties or len(set(promised)) != parties:
        return Difference(
            "/commitment/secrets", t("Each party promises a secret of its own.", "各方须分别作出不同的承诺。")
        )
    if len(revealed) != parties:
        return Difference("/reveal/secrets", t("Each party reveals its secret.", "各方均须公开秘密值。"))
    for i, secret in enumerate(revealed):
        if secret_sha256(secret) != promised[i]:
            return Difference(f"/reveal/secrets/{i}", _should_be(secret_sha256(secret), promised[i]))
    return None


def _seed(document: dict[str, Any]) -> Difference | None:
    found, stated = _true_seed(document), document["result"]["seed"]
    return None if found == stated else Difference("/result/seed", _should_be(stated, found))


def _true_seed(document: dict[str, Any]) -> str:
    revealed = document["reveal"]
    return seed_of(list_sha256(document["list"]), revealed["secrets"], revealed["beacon"])


def _possible(document: dict[str, Any]) -> Difference | None:
    return next((Difference(*one) for one in obstacles(document["list"])), None)


def _of_result(right: Result, stated: dict[str, Any], parts: tuple[str, ...]) -> Difference | None:
    computed: dict[str, Any] = dict(right)
    each = (first_difference(computed[part], stated[part], f"/result/{part}") for part in parts)
    return next((found for found in each if found), None)


def first_difference(right: Any, stated: Any, place: str) -> Difference | None:
    """The first place where two values of one shape differ: keys in their order, lists of other length as a whole."""
    if isinstance(right, dict):
        steps = ((f"{place}/{pointed(key)}", right[key], stated[key]) for key in sorted(right))
    elif isinstance(right, list):
        if len(right) != len(stated):
            return Difference(place, _other_length(len(stated), len(right)))
        steps = ((f"{place}/{i}", one, stated[i]) for i, one in enumerate(right))
    else:
        return None if right == stated else Difference(place, _should_be(str(stated), str(right)))
    return next((found for where, a, b in steps if (found := first_difference(a, b, where))), None)


def _should_be(stated: str, right: str) -> Text:
    return t("The file says {a}; computed again it is {b}.", "文件中为 {a}，重新计算得 {b}。", a=stated, b=right)


def _other_length(stated: int, right: int) -> Text:
    return t(
        "The file has {a} entries here; computed again there are {b}.",
        "文件中此处有 {a} 项，重新计算得 {b} 项。",
        a=stated,
        b=right,
    )


RESULT = {"laboratories": ("strata",), "officers": ("teams", "caps_raised")}
"""The checks of the result, and the parts of it that each compares."""

QUESTIONS: dict[str, Question] = {
    "tickets": _tickets, "commitment": _commitment, "secrets": _secrets, "seed": _seed, "possible": _possible,
}  # fmt: skip

HOLDS: dict[str, Text] = {
    "form": t(
        "The file is in its one form: canonical JSON, every part there, every list in order.",
        "文件形式唯一：为规范 JSON，各部分齐全，各列表次序正确。",
    ),
    "tickets": t(
        "Every laboratory has the tickets that the policy gives to its class and absences.",
        "每家机构的签数均与规则按其类别和缺席次数所定的一致。",
    ),
    "commitment": t("The list is the one whose hash was published beforehand.", "名单与事先公布的哈希值一致。"),
    "secrets": t("Each party revealed the secret that it had promised.", "各方公开的秘密值均与其承诺一致。"),
    "seed": t("The seed follows from list, secrets and beacon value.", "种子由名单、秘密值和信标值算出，计算无误。"),
    "possible": t(
        "Every stratum has enough candidates, and every candidate enough officers who may be sent.",
        "各层候选机构不少于名额，每家候选机构都有足够的可选派检查人员。",
    ),
    "laboratories": t("Exactly these laboratories are drawn, in this order.", "抽中的机构及次序完全一致。"),
    "officers": t("Exactly these officers are sent to them.", "选派的检查人员完全一致。"),
}
"""The checks in their order, and what is said of each that holds."""

NOT_EXAMINED = t("Not examined, because of a difference found before.", "因前面已发现不一致，未再核对。")

BEYOND_THE_FILE = t(
    "Not in the file, for a person to compare: that the beacon ({source}) of {on} was “{value}”, and that these hashes were "
    "published before that day: {hashes}.",
    "文件本身无法证明，须由人核对：信标（{source}）{on} 的值是否为“{value}”；以下哈希值是否在该日之前已公布：{hashes}。",
)
"""What no computation can show."""


def beyond_the_file(document: dict[str, Any]) -> Text:
    """What remains to be compared by a person, of a file whose form holds."""
    source, promised = document["list"]["beacon"]["source"], document["commitment"]
    return BEYOND_THE_FILE.with_(
        source=Text(en=source["en"], zh=source["zh"]), on=document["list"]["beacon"]["on"],
        value=document["reveal"]["beacon"], hashes=", ".join([promised["list_sha256"], *promised["secrets"]]),
    )  # fmt: skip


def file_sha256(data: bytes) -> str:
    """What names a file among others."""
    return hashlib.sha256(data).hexdigest()
