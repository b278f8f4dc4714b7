"""Where this person's signing key is kept."""

from __future__ import annotations

import os
from pathlib import Path

NAME = "signing-key.pem"


def default_key_path() -> Path:
    """$ZHUNSHENG_HOME/signing-key.pem, else in $XDG_CONFIG_HOME/zhunsheng/, else in ~/.config/zhunsheng/."""
    home = os.environ.get("ZHUNSHENG_HOME")
    if home:
        return Path(home) / NAME
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "zhunsheng" / NAME


def public_key_path(key: Path) -> Path:
    """The public key that stands beside a signing key: what the receivers of reports need."""
    return key.with_name(f"{key.stem}.pub.pem")
