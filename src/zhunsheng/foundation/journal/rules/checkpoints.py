"""The signed word of the log: so many leaves, under this root. A note that any text editor shows.

The form is the signed note of the transparency logs (C2SP signed-note and tlog-checkpoint), which witnesses understand:

    pt.example.gov.cn/journal            which log
    20852163                             how many leaves
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2…    the root, in base64
    at 2026-04-15T01:30:00+00:00         when
    previous 20852160                    the size that the checkpoint before this one signed, 0 for the first
    settled 20860011                     every act up to this number is in the log, or never happened
    sources 9f86d081884c7d65…            SHA-256 over the lines "index kind key" of the leaves added since then

    — pt.example.gov.cn/journal Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5…

An empty line parts the text from its signature: base64 of four bytes that name the key and the 64 of Ed25519 over the text.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import PublicKey, SigningKey

DASH = "\N{EM DASH}"
ED25519 = b"\x01"
LONGEST_NOTE = 4096

Source = tuple[int, str, str]
"""A leaf's index, and which row it stands for: kind and key."""


class BadNote(ValueError):
    """A note that cannot be read, or whose signature is not one of a trusted key; `.reason` says which."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    at: datetime
    previous: int
    settled: int
    sources: str

    def text(self) -> str:
        """The lines that are signed."""
        return "\n".join(
            [
                self.origin, str(self.size), base64.b64encode(self.root).decode(), f"at {self.at.astimezone(UTC).isoformat()}",
                f"previous {self.previous}", f"settled {self.settled}", f"sources {self.sources}", "",
            ]
        )  # fmt: skip


def sources_digest(sources: Iterable[Source]) -> str:
    """SHA-256 (hex) over which row each leaf stands for: the leaf hash alone does not say under which number it is kept."""
    digest = hashlib.sha256()
    for index, kind, key in sources:
        digest.update(f"{index} {kind} {key}\n".encode("utf-8", "surrogateescape"))  # of a damaged leaf its very bytes
    return digest.hexdigest()


def signed(statement: Statement, key: SigningKey) -> str:
    """The statement as a signed note."""
    text = statement.text()
    signature = _key_id(statement.origin, key.public) + key.sign(text.encode())
    return f"{text}\n{DASH} {statement.origin} {base64.b64encode(signature).decode()}\n"


def opened(note: str, trusted: Sequence[PublicKey]) -> Statement:
    """What a note says, after its signature by one of the trusted keys has been verified. Raises BadNote."""
    text, _, signatures = note.rpartition("\n\n")
    statement = read(note)
    for line in signatures.split("\n")[:-1]:  # each ends with a line feed, and with no other end of line
        if any(_signs(line, text + "\n", statement.origin, key) for key in trusted):
            return statement
    raise BadNote(
        t(
            "its signature does not hold for any of the {n} trusted keys",
            "其签名与 {n} 个受信任的公钥均不相符",
            n=len(trusted),
        )
    )


def read(note: str) -> Statement:
    """What a note says, whoever signed it. Raises BadNote for any form but the one that `signed` writes."""
    text, _, _ = note.rpartition("\n\n")
    try:
        origin, size, root, *rest = text.split("\n")
        at, previous, settled, sources = (_after(word, line) for word, line in zip(EXTENSIONS, rest, strict=True))
        statement = Statement(
            origin, int(size), base64.b64decode(root, validate=True), datetime.fromisoformat(at), int(previous),
            int(settled), sources,
        )  # fmt: skip
        if len(note) > LONGEST_NOTE or len(statement.root) != 32 or statement.text() != text + "\n":
            raise ValueError(note)
    except ValueError as fault:
        raise BadNote(t("it is not a readable checkpoint", "它不是可读的检查点")) from fault
    return statement


EXTENSIONS = ("at ", "previous ", "settled ", "sources ")


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ValueError(line)
    return line.removeprefix(word)


def _signs(line: str, text: str, origin: str, key: PublicKey) -> bool:
    start, _, encoded = line.rpartition(" ")
    try:
        signature = base64.b64decode(encoded, validate=True)
    except ValueError:
        return False
    exact = base64.b64encode(signature).decode() == encoded  # base64 has bits to spare in its last character
    named = start == f"{DASH} {origin}" and signature[:4] == _key_id(origin, key)
    return exact and named and key.verifies(signature[4:], text.encode())


def _key_id(origin: str, key: PublicKey) -> bytes:
    """Four bytes that name a key in a note: SHA-256 over the name, a line feed, the kind of key, the key."""
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + key.raw).digest()[:4]
