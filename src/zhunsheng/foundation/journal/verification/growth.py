"""The tree as it grows, held against the checkpoints that were signed: which of two contradicting rows is the genuine one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.restorations import Restoration, given_up
from zhunsheng.foundation.journal.rules.checkpoints import Source, Statement, sources_digest
from zhunsheng.foundation.journal.rules.tree import GrowingTree
from zhunsheng.foundation.journal.verification import acts
from zhunsheng.foundation.journal.verification.damage import CHANGED, GONE, Found
from zhunsheng.foundation.journal.verification.signatures import newest_size, statements
from zhunsheng.foundation.signing import PublicKey

NOTHING = bytes(32)


@dataclass
class Stretch:
    """What was read since the last checkpoint, and cannot be judged before the next."""

    sources: list[Source] = field(default_factory=list)
    contradictions: list[tuple[int, acts.Act]] = field(default_factory=list)
    """leaves whose hash is not that of their act, though both are whole in themselves"""
    homeless: list[tuple[int, str, str, int | None]] = field(default_factory=list)
    """leaves whose act is not under their number; and the number under which it is, if anywhere"""
    subtrees: list[tuple[int, bytes, bytes, str]] = field(default_factory=list)
    """position, root if the leaves are genuine, root if the acts are, root as it is kept"""
    holes: bool = False


class Growth:
    """The tree over the leaves as the log has them and, where acts contradict it, the one over the acts: one has the signed root."""

    def __init__(self, found: Found, trusted: Sequence[PublicKey], outside: Sequence[Statement]) -> None:
        self.found = found
        self.by_leaves = GrowingTree()
        self.by_acts: GrowingTree | None = None
        self.stretch = Stretch()
        self.last_size = newest_size(trusted)
        self.signed: Iterator[Statement] = statements(found, trusted)
        self.next: Statement | None = next(self.signed, None)
        self.outside = sorted(outside, key=lambda one: one.size)
        self.roots_outside: dict[int, tuple[bytes, bytes]] = {}
        self.begun, self.broken = 0, False

    @property
    def size(self) -> int:
        return self.by_leaves.size

    def add(self, source: Source, leaf_hash: str, *, doubt: acts.Act | None, kept: Mapping[int, str]) -> None:
        """Add a leaf; `doubt` is its act if that contradicts it; `kept` are the stored roots by position."""
        self.stretch.sources.append(source)
        self.stretch.holes = self.stretch.holes or not source[1]
        if doubt is not None:
            self.stretch.contradictions.append((source[0], doubt))
            if self.by_acts is None:
                self.by_acts = self.by_leaves.copy()
        leaf = _bytes(leaf_hash)
        done, other = self.by_leaves.append(leaf), None
        if self.by_acts is not None:
            other = dict(self.by_acts.append(leaf if doubt is None else bytes.fromhex(doubt.own_hash)))
        self.stretch.subtrees += [(n, root, other[n] if other else root, kept[n]) for n, root in done if n in kept]
        if self.outside:
            self._note_outside()
        while self.next is not None and self.next.size <= self.size:
            self._judge(self.next)
            self.next = next(self.signed, None)

    def doubt_source(self, index: int, kind: str, key: str, other: int | None) -> None:
        """A leaf's act is not under its number; `other` is the number of an act with that very hash."""
        self.stretch.homeless.append((index, kind, key, other))

    def _note_outside(self) -> None:
        if any(one.size == self.size for one in self.outside):
            other = self.by_acts or self.by_leaves
            self.roots_outside[self.size] = self.by_leaves.root, other.root

    def _judge(self, statement: Statement) -> None:
        """A checkpoint is reached: whose tree is it?"""
        self.found.checkpoints += 1
        acts_are_genuine = False
        if not self.broken:
            acts_are_genuine = self._judge_roots(statement)
        self._judge_sources(statement)
        if not self.broken:
            self._judge_subtrees(acts_are_genuine)
        self._judge_outside(acts_are_genuine)
        if acts_are_genuine and self.by_acts is not None:
            self.by_leaves = self.by_acts
        self.by_acts, self.stretch, self.begun = None, Stretch(), self.size

    def _judge_roots(self, statement: Statement) -> bool:
        if statement.root == self.by_leaves.root:
            for _, act in self.stretch.contradictions:
                self.found.say(acts.TABLE, act.key, "", acts.REWRITTEN)
            return False
        if self.by_acts is not None and statement.root == self.by_acts.root:
            for index, _ in self.stretch.contradictions:
                self.found.say("journal_leaf", index, "leaf_hash", CHANGED)
            return True
        self.broken = True
        if not self.stretch.holes:
            self.found.say("journal_leaf", self._span(), "leaf_hash", REWRITTEN_TOGETHER)
        return False

    def _judge_sources(self, statement: Statement) -> None:
        genuine = sources_digest(self.stretch.sources) == statement.sources
        for index, _, key, other in self.stretch.homeless:
            if genuine and other is None:
                self.found.say(acts.TABLE, key, "", GONE)
            elif genuine:
                self.found.say(acts.TABLE, key, "id", t("its number is now {n}", "其编号现为 {n}", n=other))
            else:
                self.found.say("journal_leaf", index, "kind" if str(other) == key else "key", CHANGED)
        if not genuine and not self.stretch.homeless and not self.stretch.holes:
            self.found.say("journal_leaf", self._span(), "key", CHANGED)

    def _judge_subtrees(self, acts_are_genuine: bool) -> None:
        for number, by_leaves, by_acts, kept in self.stretch.subtrees:
            if not kept:
                self.found.say("journal_subtree", number, "", GONE)
            elif kept != (by_acts if acts_are_genuine else by_leaves).hex():
                self.found.say("journal_subtree", number, "root", CHANGED)

    def _judge_outside(self, acts_are_genuine: bool) -> None:
        for one in [one for one in self.outside if one.size in self.roots_outside]:
            if one.root != self.roots_outside[one.size][acts_are_genuine] and not self.stretch.holes:
                self.found.say("journal_checkpoint", one.size, "root", self._why(one, ANOTHER_HISTORY))
            self.outside.remove(one)

    def _span(self) -> str:
        return f"{self.begun}–{self.size - 1}" if self.size - self.begun > 1 else str(self.begun)

    def end(self) -> None:
        """The last leaf has been read: whatever was signed or kept outside beyond it is missing."""
        if self.next is not None:
            self.found.say("journal_leaf", self.size, "", CUT)
        elif self.stretch.sources:
            self.found.say("journal_checkpoint", self.size, "", unsigned(self.begun))
        self._judge_outside(acts_are_genuine=False)
        for one in self.outside:
            self.found.say("journal_checkpoint", one.size, "", self._why(one, rolled_back(self.size, one.size)))

    def _why(self, outside: Statement, otherwise: Text) -> Text:
        """Why a checkpoint that was kept outside is not in the log: a restore that the journal tells of, or the worse."""
        restore = given_up(outside.size, outside.origin, self.found.restored)
        return superseded(restore, outside) if restore else otherwise


def _bytes(leaf_hash: str) -> bytes:
    """A hash as it is kept; anything else cannot be under any signed root."""
    try:
        found = bytes.fromhex(leaf_hash)
    except (TypeError, ValueError):
        return NOTHING
    return found if len(found) == 32 and found.hex() == leaf_hash else NOTHING


REWRITTEN_TOGETHER = t(
    "acts and log were rewritten together: they do not lead to the root that was signed",
    "操作记录与日志被一并改写：与已签名的根不符",
)
ANOTHER_HISTORY = t(
    "the checkpoint kept outside was signed over another history: the log was rewritten since",
    "外部保存的检查点所签的是另一段历史：此后日志已被改写",
)
CUT = t("the log ends before its newest checkpoint", "日志在其最新检查点之前中断")


def unsigned(first: int) -> Text:
    """The sentence for leaves whose checkpoint is gone."""
    return t("leaves from {n} on stand under no checkpoint", "自第 {n} 位起的叶子没有检查点", n=first)


def superseded(restore: Restoration, outside: Statement) -> Text:
    """The sentence for a checkpoint of the history that a restore gave up."""
    return t(
        "the checkpoint kept outside has {m} leaves of a history that was given up: a backup of {n} leaves was restored at {at}",
        "外部保存的检查点有 {m} 个叶子，属于已放弃的历史：{at} 恢复了只有 {n} 个叶子的备份，数据库被恢复到旧状态",
        m=outside.size,
        n=restore.size,
        at=f"{restore.at:%Y-%m-%d %H:%M} UTC",
    )


def rolled_back(size: int, kept: int) -> Text:
    """The sentence for a log that is shorter than it once was."""
    return t(
        "the log has {n} leaves, the checkpoint kept outside {m}: an older state was restored, or the end was cut off",
        "日志现有 {n} 个叶子，而外部保存的检查点为 {m} 个：数据库被恢复到旧状态，或末尾被截去",
        n=size,
        m=kept,
    )
