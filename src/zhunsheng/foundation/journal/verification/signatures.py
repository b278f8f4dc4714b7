"""The checkpoints one after the other, each held against its own signed note, and all against the chain that they name."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from django.db.models import QuerySet

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.models import Checkpoint
from zhunsheng.foundation.journal.restorations import mark_at, marked
from zhunsheng.foundation.journal.rules.checkpoints import BadNote, Statement, opened
from zhunsheng.foundation.journal.verification.damage import CHANGED, GONE, Found
from zhunsheng.foundation.journal.verification.reading import rows_of
from zhunsheng.foundation.journal.verification.stored import AT_ONCE
from zhunsheng.foundation.signing import PublicKey

TABLE = Checkpoint._meta.db_table
NEVER = datetime.min.replace(tzinfo=UTC)


UNTOLD = t(
    "its name tells of a restored backup of which no act tells: the act is gone or was changed",
    "其名称表明曾从备份恢复，但没有相应的操作记录：该记录已不存在或已被更改",
)


def another_name(mark: str) -> Text:
    """The sentence for a checkpoint signed under the name of another stretch of the log's history."""
    if not mark:
        return t(
            "it was signed under the name of a log after a restore, though no backup had been restored by then",
            "其署名为恢复后的日志，而当时并未从备份恢复",
        )
    return t(
        "it was signed under another name than {m}, which the log has borne since a backup was restored",
        "从备份恢复后日志名为 {m}，而它以另一名称签名",
        m=mark,
    )


def newest_size(trusted: Sequence[PublicKey]) -> int:
    """How many leaves the log says it has: by the newest signed note, else by the column beside it."""
    largest = Checkpoint.objects.order_by("-size").values("size")[:1]
    newest = next(_rows(Checkpoint.objects.filter(size__in=list(largest.values_list("size", flat=True)))), None)
    return _said(newest, trusted).size if newest else 0


def statements(found: Found, trusted: Sequence[PublicKey]) -> Iterator[Statement]:
    """What the checkpoints say, from small to large. A row whose columns differ from its note, or that is gone, is named."""
    return _Chain(found, trusted).walk()


class _Chain:
    def __init__(self, found: Found, trusted: Sequence[PublicKey]) -> None:
        self.found, self.trusted = found, trusted
        self.last = 0
        self.moved: dict[int, Statement] = {}
        """statements whose rows stand under another size, by the size that they say"""

    def walk(self) -> Iterator[Statement]:
        for row in _rows():
            said = self._check(row)
            if said.size == row.size:
                yield from self._missing(said)
                yield self._passed(said)
            else:
                self.moved.setdefault(said.size, said)
        for size in sorted(size for size in self.moved if size > self.last):
            yield from self._missing(self.moved[size])
            yield self._passed(self.moved[size])

    def _passed(self, said: Statement) -> Statement:
        self.last = said.size
        return said

    def _missing(self, said: Statement) -> Iterator[Statement]:
        """The checkpoint that this one names as its forerunner, if it is not the one just read."""
        if said.previous <= self.last:
            return
        earlier = self.moved.get(said.previous) or self._further_on(said.previous)
        if earlier is not None:
            yield self._passed(earlier)
        else:
            self.found.say(TABLE, said.previous, "", GONE)

    def _further_on(self, size: int) -> Statement | None:
        """A row that was moved to a larger size than its note says."""
        named = Checkpoint.objects.filter(note__contains=f"\n{size}\n", size__gt=size)
        for row in _rows(named):
            said = self._check(row)
            if said.size == size:
                self.moved[size] = said
                return said
        return None

    def _check(self, row: Checkpoint) -> Statement:
        try:
            said = opened(str(row.note), self.trusted)
        except BadNote as fault:
            self.found.say(TABLE, row.size, "note", fault.reason)
            return _columns(row)
        columns = _columns(row)
        for name in ("size", "root", "at", "previous", "settled", "sources"):
            if getattr(columns, name) != getattr(said, name):
                self.found.say(TABLE, said.size, name, CHANGED)
        self._check_name(said)
        return said

    def _check_name(self, said: Statement) -> None:
        """A checkpoint bears the mark of the last restore before it, and none where nothing was restored."""
        mark = mark_at(said.size, self.found.restored)
        borne = marked(said.origin)
        if borne == mark:
            return
        known = {one.mark for one in self.found.restored}
        self.found.say(TABLE, said.size, "note", UNTOLD if borne and borne not in known else another_name(mark))


def _rows(among: QuerySet[Checkpoint] | None = None) -> Iterator[Checkpoint]:
    """The checkpoints by size, so many at a time."""
    names, after = [field.attname for field in Checkpoint._meta.concrete_fields], -1
    asked = Checkpoint.objects.all() if among is None else among
    while sizes := list(asked.filter(size__gt=after).order_by("size").values_list("size", flat=True)[:AT_ONCE]):
        read = dict(rows_of(Checkpoint, sizes, names))
        yield from (Checkpoint(**dict(zip(names, read[size], strict=True))) for size in sizes)
        after = sizes[-1]


def _said(row: Checkpoint, trusted: Sequence[PublicKey]) -> Statement:
    try:
        return opened(str(row.note), trusted)
    except BadNote:
        return _columns(row)


def _columns(row: Checkpoint) -> Statement:
    """What the columns say; a root that is no hash in its one form, small digits, is none."""
    try:
        root = bytes.fromhex(row.root)
    except (TypeError, ValueError):
        root = b""
    root = root if len(root) == 32 and root.hex() == row.root else b""
    at = row.at if isinstance(row.at, datetime) else NEVER
    return Statement("", row.size, root, at, row.previous, row.settled, row.sources)
