"""The bytes of a journal row, the Merkle tree over their hashes (RFC 9162), its proofs and its signed checkpoints; pure."""

from zhunsheng.foundation.journal.rules.entries import entry_bytes, leaf_hash, plain, set_digest

__all__ = ["entry_bytes", "leaf_hash", "plain", "set_digest"]
