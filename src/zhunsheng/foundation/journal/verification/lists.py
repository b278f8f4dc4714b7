"""The rows that acts wrote for ever, held against the digests that the acts' rows list."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.manifests import chunks
from zhunsheng.foundation.journal.models import Checkpoint, Entry, Leaf, Manifest, Subtree
from zhunsheng.foundation.journal.rules import manifests as rules
from zhunsheng.foundation.journal.verification.acts import Act, as_bytes
from zhunsheng.foundation.journal.verification.damage import CHANGED, GONE, MOST, Found
from zhunsheng.foundation.journal.verification.reading import among, rows_of
from zhunsheng.foundation.journal.verification.stored import AT_ONCE, UNREADABLE, as_key, is_text, keys_of

TABLE = Manifest._meta.db_table
COLUMNS = ("entry_id", "part", "table", "columns", "content")
OF_THE_JOURNAL: tuple[type[Model], ...] = (Entry, Manifest, Leaf, Subtree, Checkpoint)
"""Append-only tables that are checked in ways of their own."""
JOURNAL_TABLES = {model._meta.db_table for model in OF_THE_JOURNAL}


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the lists, as it was read."""

    sha256: str
    entry_id: int
    part: int
    table: str
    columns: str
    content: bytes

    def digest(self, salt: str) -> str:
        return rules.part_digest(salt, self.part, self.table, self.columns, self.content)


@dataclass(frozen=True, slots=True)
class Line:
    """A row that an act vouches for."""

    entry_id: int
    salt: str
    key: str
    digest: str
    hints: list[str]


class Lists:
    """Goes through the lists act by act, and through the rows that they name."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.models = {model._meta.db_table: model for model in apps.get_models()}
        self.listed: Counter[str] = Counter()
        self.gone: Counter[str] = Counter()
        self.read = 0
        self.without: list[tuple[int, str]] = []
        """acts whose list is not there, with their nonces"""
        self.strays: list[Part] = []
        """parts of a list that are not of the act they name"""

    def of(self, vouching: Sequence[tuple[Act, dict[str, Any]]]) -> None:
        """Check the lists of these acts, and every row on them."""
        written = {act.key: said for act, said in vouching}
        parts: dict[int, list[Part]] = {}
        rows: dict[tuple[str, str], list[Line]] = {}
        listed = Manifest.objects.filter(among("entry_id", list(written))).values_list("pk", "entry_id")
        shas = [sha for sha, entry_id in listed if entry_id in written]
        for sha in shas:
            if not is_text(sha):
                self.found.say(TABLE, sha, "sha256", CHANGED)
        for part in _parts(shas):
            self.read += 1
            salt = str(written[part.entry_id].get("nonce"))
            if part.digest(salt) == part.sha256:
                rows.setdefault((part.table, part.columns), []).extend(_lines(part, salt))
            parts.setdefault(part.entry_id, []).append(part)
        for entry_id, said in written.items():
            self._check_list(entry_id, said, sorted(parts.get(entry_id, []), key=lambda one: (one.part, one.sha256)))
        for (table, columns), lines in rows.items():
            self._check_rows(table, columns, lines)

    def _check_list(self, entry_id: int, said: dict[str, Any], parts: list[Part]) -> None:
        listed, salt = said.get("manifest"), str(said.get("nonce"))
        whole = [one for one in parts if one.digest(salt) == one.sha256]
        if listed is None or rules.manifest_digest(one.sha256 for one in whole) == listed:
            self.strays += [one for one in parts if one not in whole]
        elif rules.manifest_digest(one.digest(salt) for one in parts) == listed:
            for one in parts:
                if one not in whole:
                    self.found.say(TABLE, one.digest(salt), "sha256", CHANGED)
        elif len(whole) == len(parts):
            self.without.append((entry_id, salt))
        else:
            for one in parts:
                if one not in whole:
                    self.found.say(TABLE, one.sha256, self._column_of(one, salt, len(parts)), CHANGED)

    def _column_of(self, part: Part, salt: str, parts: int) -> str:
        """In which column a part was changed: where a guess makes it whole or shows it broken, else the longest one."""
        for number in range(parts + 10):
            if rules.part_digest(salt, number, part.table, part.columns, part.content) == part.sha256:
                return "part"
        model = self.models.get(part.table)
        if model is None:
            return "table"
        return "content" if _has(model, part.columns.split()) else "columns"

    def _check_rows(self, table: str, columns: str, lines: list[Line]) -> None:
        names, model = columns.split(" "), self.models.get(table)
        self.listed[table] += len(lines)
        if model is None or not _has(model, names):
            self.found.beyond_reading[table] = self.found.beyond_reading.get(table, 0) + len(lines)
            return
        for some in chunks(lines, AT_ONCE):
            wanted = {one.key: one for one in some}
            keys = [key for one in some if (key := as_key(model._meta.pk, one.key)) is not None]
            for key, values in rows_of(model, keys, names):
                if line := wanted.pop(str(key), None):
                    self._check_row(model, names, line, values)
            for key in wanted:
                self.gone[table] += 1
                self.found.say(table, key, "", GONE)

    def _check_row(self, model: type[Model], names: list[str], line: Line, values: Sequence[Any]) -> None:
        self.found.rows += 1
        values = [_as_written(model, name, value, line.entry_id) for name, value in zip(names, values, strict=True)]
        try:
            digest, hints = rules.row_digests(line.key, values, salt=line.salt)
        except ValueError:  # a value that no canonical JSON can hold
            digest, hints = "", line.hints
        if digest == line.digest and UNREADABLE not in values:
            return
        wrong = [name for name, now, then in zip(names, hints, line.hints, strict=False) if now != then]
        for name in wrong or [""]:
            self.found.say(model._meta.db_table, line.key, name, CHANGED)

    def end(self, *, moved: set[int]) -> None:
        """All acts have been read: match lists without acts and acts without lists, then rows that no act vouches for.

        `moved` are numbers of acts that are gone or stand under another number, which has been said.
        """
        if Manifest.objects.count() > self.read:
            lost = Manifest.objects.filter(~Exists(Entry.objects.filter(pk=OuterRef("entry_id"))))
            self.strays += _parts(list(lost.exclude(entry_id__in=moved).values_list("pk", flat=True)))
        for entry_id, salt in self.without:
            mine = next((one for one in self.strays if one.digest(salt) == one.sha256), None)
            if mine is None:
                self.found.say(
                    TABLE,
                    "",
                    "",
                    t("a part of the list of act {n} is gone", "第 {n} 号操作的清单缺少一部分", n=entry_id),
                )
            else:
                self.found.say(TABLE, mine.sha256, "entry_id", CHANGED)
                self.strays.remove(mine)
        for one in self.strays:
            self.found.say(TABLE, one.sha256, "", t("it is on no act's account", "不属于任何操作"))
        if not any(
            one.table in JOURNAL_TABLES for one in self.found.damages
        ):  # else a list may be missing that we need
            for model in self._vouched_for():
                self._check_for_unlisted(model)

    def _vouched_for(self) -> Iterator[type[Model]]:
        for model in self.models.values():
            if getattr(model, "append_only", False) and model not in OF_THE_JOURNAL:
                yield model

    def _check_for_unlisted(self, model: type[Model]) -> None:
        """Name rows that no act lists, the first ones of a table too: every verb that writes for ever lists what it writes.

        A row's own word on when it was written excuses nothing: whoever puts it in chooses that.
        """
        table, rows = model._meta.db_table, model._base_manager.count()
        listed = self.listed[table]
        if rows and not listed:
            self.found.unlisted[table] = rows
        if rows > listed - self.gone[table]:
            for key in islice(_unlisted_keys(model), MOST):
                self.found.say(table, key, "", PUT_IN)


PUT_IN = t("no act vouches for it: it was put in past the journal", "没有操作为其作证：该行绕过日志写入")


def _parts(shas: Sequence[str]) -> Iterator[Part]:
    for sha, (entry_id, part, table, columns, content) in rows_of(Manifest, shas, COLUMNS):
        yield Part(str(sha), entry_id, part, str(table), str(columns), as_bytes(content))


def _lines(part: Part, salt: str) -> Iterator[Line]:
    for line in part.content.decode().split("\n"):
        key, digest, hints = rules.parted(line)
        yield Line(part.entry_id, salt, key, digest, hints)


def _has(model: type[Model], names: Sequence[str]) -> bool:
    return set(names) <= {field.attname for field in model._meta.concrete_fields}


def _as_written(model: type[Model], name: str, value: Any, entry_id: int) -> Any:
    """The value as the list knew it: it did not know its own act's number yet."""
    field = next(field for field in model._meta.concrete_fields if field.attname == name)
    return rules.SELF if field.related_model is Entry and value == entry_id else value


def _unlisted_keys(model: type[Model]) -> Iterator[str]:
    """Only asked when there are some: holds a number for each key in memory."""
    table = model._meta.db_table
    listed: set[int] = set()
    for pk in Manifest.objects.filter(table=table).values_list("pk", flat=True).iterator(chunk_size=AT_ONCE):
        listed.update(hash(line.split(b" ", 1)[0]) for one in _parts([pk]) for line in one.content.split(b"\n"))
    for key, as_written in keys_of(model):
        # A listed key in capitals is another key to the database, so a second row can stand under it.
        if not as_written or hash(key.encode()) not in listed:
            yield key
