"""The journal's tables: the acts, the lists of the rows they wrote for ever, and the Merkle log over all of it."""

from collections.abc import Callable

from django.conf import settings
from django.db import models

from zhunsheng.foundation.journal.append_only import AppendOnly


class Entry(AppendOnly):
    """One act. `canonical` holds the very bytes that `leaf_hash` covers, so a check never re-serialises."""

    verb = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    subject = models.CharField(max_length=64, db_index=True, help_text="what it was done to: kind:id")
    touched = models.PositiveIntegerField(help_text="how many rows the act touched")
    set_digest = models.CharField(max_length=64, help_text="SHA-256 over those rows that its manifest does not list")
    canonical = models.BinaryField()
    leaf_hash = models.CharField(max_length=64, unique=True)

    token: Callable[[], None] | None = None
    """What the transaction that wrote this very object knows it by; none on one that was read."""
    covered: frozenset[tuple[str, str]] = frozenset()
    """Table and key of each row in the manifest; known to the very object that was written."""

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["verb", "at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} {self.at:%Y-%m-%d %H:%M}"


class Manifest(AppendOnly):
    """A part of the list of rows that an act wrote for ever: a line a row, as `rules.manifests` says."""

    sha256 = models.CharField(max_length=64, primary_key=True, help_text="over this part, bound to its act")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="manifests")
    part = models.PositiveIntegerField()
    table = models.CharField(max_length=64)
    columns = models.TextField(help_text="the columns that the digests cover, with spaces between")
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "part"], name="manifest_part_once_an_act")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.table} {self.part}"


class Leaf(AppendOnly):
    """A place in the log: the hash there, and the row that it stands for."""

    index = models.BigIntegerField(primary_key=True)
    leaf_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, help_text="what kind of row it is")
    key = models.CharField(max_length=36, help_text="the row's primary key")

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_leaf_a_row")]

    def __str__(self) -> str:
        return f"{self.index}: {self.kind}:{self.key}"


class Subtree(AppendOnly):
    """The root of a complete subtree of 64 leaves or more, which no later leaf changes."""

    position = models.BigIntegerField(primary_key=True, help_text="(2·index + 1)·2^level − 1")
    root = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.position)


class Checkpoint(AppendOnly):
    """The signed word of the log at one size; `note` is what was signed, the other columns say the same for queries."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    previous = models.BigIntegerField(help_text="the size of the checkpoint before, 0 for the first")
    settled = models.BigIntegerField(help_text="every act up to this number is in the log, or never happened")
    sources = models.CharField(max_length=64, help_text="SHA-256 over which row each leaf added since then stands for")
    note = models.TextField()

    class Meta:
        ordering = ["-size"]

    def __str__(self) -> str:
        return f"{self.size} {self.at:%Y-%m-%d %H:%M}"
