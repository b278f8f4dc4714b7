"""The program that looks at a restored database before it becomes the one: brings it up to date, verifies its journal.

A process of its own, since it works on another database than the one in the settings. Arguments: the keys to trust. Standard
input, as JSON: the checkpoint that the backup was taken with. Exit code 0: sound; 1: damaged. What is
written into the database here becomes the site's with the switch, or is gone with the database.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> int:
    from zhunsheng.faces.cli.serve import setup

    setup()
    from django.core.management import call_command

    from zhunsheng.faces.cli.journal import summary
    from zhunsheng.foundation.bilingual import t
    from zhunsheng.foundation.journal.rules.checkpoints import BadNote, opened
    from zhunsheng.foundation.journal.verification import verify
    from zhunsheng.foundation.signing import PublicKey

    trusted = [PublicKey.load(Path(name)) for name in sys.argv[1:]]
    call_command("migrate", verbosity=0, interactive=False)
    note = json.loads(sys.stdin.read())["checkpoint"]
    try:
        outside = [opened(note, trusted)] if note else []
    except BadNote as fault:
        print(t("The checkpoint in the backup: {why}.", "备份中的检查点：{why}。", why=fault.reason).both())
        _settle()
        return 1
    found = verify(trusted=trusted, outside=outside)
    for line in summary(found):
        print(line.both())
    _settle()
    return 0 if found.sound else 1


def _settle() -> None:
    from zhunsheng.faces.backups.settling import settle
    from zhunsheng.faces.factors import unopenable_factors

    for line in (*settle(), *unopenable_factors()):
        print(line.both())


if __name__ == "__main__":
    sys.exit(main())
