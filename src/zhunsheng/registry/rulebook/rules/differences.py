"""What changed between two packs: versions, articles (matched by topic, since numbers move), findings, measures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.registry.rulebook.rules.packs import RulePack
from zhunsheng.registry.rulebook.rules.parts import Article, Basis, FindingClass, Version

Kind = Literal["version", "article", "finding", "measure"]
Said = dict[tuple[str, ...], tuple[Text, Text]]
"""By key: what it is about, and what is said about it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same; None where it was not, or is no more."""

    kind: Kind
    subject: Text
    before: Text | None
    after: Text | None


def differences(old: RulePack, new: RulePack, classes: Mapping[str, FindingClass]) -> list[Difference]:
    """Everything that differs, versions first."""
    return [
        *compare("version", versions(old), versions(new)),
        *of_articles(old, new),
        *compare("finding", findings(old, classes), findings(new, classes)),
        *compare("measure", measures(old), measures(new)),
    ]


def compare(kind: Kind, old: Said, new: Said) -> Iterator[Difference]:
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key), new.get(key)
        if before is None or after is None or before[1] != after[1]:
            subject = (after or before or (t("", ""),))[0]
            yield Difference(kind, subject, before[1] if before else None, after[1] if after else None)


def versions(pack: RulePack) -> Said:
    return {(one.regulation.id,): (one.regulation.title, one.label) for one in pack.versions}


def articles(pack: RulePack) -> dict[tuple[str, str], tuple[Version, Article]]:
    """By regulation and topic."""
    return {(v.regulation.id, one.topic): (v, one) for v in pack.versions for one in v.articles}


def of_articles(old: RulePack, new: RulePack) -> Iterator[Difference]:
    """Articles that came, went, moved or read differently; of one that only moved, the numbers."""
    before, after = articles(old), articles(new)
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = (side[key][1] if key in side else None for side in (before, after))
        if was and now and (was.no, was.paraphrase) == (now.no, now.paraphrase):
            continue
        moved = was is not None and now is not None and was.paraphrase == now.paraphrase
        subject = (after.get(key) or before[key])[0].regulation.number
        yield Difference(
            "article",
            subject,
            worded(was),
            t("{c}: the same words", "{c}：内容未变", c=now.cited) if moved and now else worded(now),
        )


def worded(one: Article | None) -> Text | None:
    return t("{c}: {p}", "{c}：{p}", c=one.cited, p=one.paraphrase) if one else None


def findings(pack: RulePack, classes: Mapping[str, FindingClass]) -> Said:
    """What each class rests on and what follows, all versions together."""
    resting = {code: [v.findings[code] for v in pack.versions if code in v.findings] for code in classes}
    return {
        (code,): (t("{c} {n}", "{c} {n}", c=code, n=classes[code].name), join(map(basis, found)))
        for code, found in resting.items()
        if found
    }


def basis(one: Basis) -> Text:
    return t("{c}: {w}", "{c}：{w}", c=one.cited, w=one.follows)


def measures(pack: RulePack) -> Said:
    return {(one.key,): (one.name, t("{a} ({c})", "{a}（{c}）", a=one.amount, c=one.cited)) for one in pack.measures}
