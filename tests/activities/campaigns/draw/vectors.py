"""The shipped vectors of the draw, and what a verifier must say of each; written by hand but for the numbers.

`python -m tests.activities.campaigns.draw.vectors` writes the files anew; that is right only for a new format.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.activities.campaigns.draw.drawing import (
    drawn,
    drawn_unpromised,
    laboratories,
    laboratory,
    listed,
    officer,
    officers,
    policy,
    recusal,
    secret,
    stratum,
    words,
)
from zhunsheng.activities.campaigns.draw.rules.chance import list_sha256, secret_sha256
from zhunsheng.activities.campaigns.draw.rules.drawfile import reveal
from zhunsheng.foundation.signing import canonical_json

FILES = Path(__file__).parents[4] / "docs/reference/draw-vectors"
NAMES = ("form", "tickets", "commitment", "secrets", "seed", "possible", "laboratories", "officers")

TIGHT = {
    "strata": [stratum(quota=3)], "laboratories": laboratories(4), "officers": officers(3, cap=2),
    "recusals": [recusal("F02", "N03", "origin")],
}  # fmt: skip
"""Six seats and six visits: a choice that did not look ahead would strand a laboratory."""
BUSY = {
    "strata": [stratum("environment", quota=3), stratum("food", quota=5)],
    "laboratories": [
        *laboratories(3, "environment"),
        *(laboratory(f"F{i}", risk=risk) for i, risk in enumerate(["A", "B", "C", "D", "none", "A", "A", "B"])),
        laboratory("F8", risk="D", no_shows=3), laboratory("F9", risk="A", no_shows=1),
    ],
    "excluded": [
        {
            "id": "X1", "name": words("Closed laboratory", "已停业机构"), "stratum": "food",
            "reason": words("closed since May", "自五月起停业"),
        },
    ],
    "officers": [*officers(6, "food", "environment", cap=3), officer("N07", "food"), officer("N08", "environment")],
    "excluded_officers": [{"id": "N09", "reason": words("on leave", "休假")}],
    "recusals": [
        recusal("F3", "N01", "origin"), recusal("F8", "N02", "mentor"), recusal("E01", "N03", "consultant"),
        recusal("E01", "N08", "interest"), recusal("F8", "N02", "interest"),
    ],
}  # fmt: skip

OTHER = {"laboratories": "/result/strata/0/drawn/0/laboratory", "officers": "/result/teams/0/laboratory"}
"""Where another seed shows itself in these lists."""

Document = dict[str, Any]


def accepted() -> dict[str, Document]:
    odd = words('Laboratoire d’été "№ 1" \\ \u2028\u0007', "한국 시험소 \U0001d7d9 café é")
    again = {
        "id": "test-draw-2", "title": words("Second", "第二次"), "authority": words("Test authority", "测试部门"),
        "on": "2026-06-10",
        "replaces": {"id": "test-draw", "reason": words("the list lacked a laboratory", "名单遗漏一家机构")},
    }  # fmt: skip
    two_fields = {
        "strata": [stratum("a-national", quota=2, field="food"), stratum("b-local", quota=2, field="food")],
        "laboratories": [*laboratories(4, "a-national"), *laboratories(4, "b-local")],
    }
    return {
        "accept-plain": drawn(listed()),
        "accept-weights-recusals": drawn(listed(**BUSY)),
        "accept-quota-all": drawn(listed(strata=[stratum(quota=8)])),
        "accept-officers-tie-tight-caps": drawn(listed(**TIGHT)),
        "accept-caps-raised": drawn(_overloaded()),
        "accept-three-parties": drawn(listed(parties=3)),
        "accept-redraw": drawn(listed(draw=again)),
        "accept-all-even": drawn(listed(policy=policy(even=[1, 1]))),
        "accept-none-even": drawn(listed(policy=policy(even=[0, 1]))),
        "accept-teams-of-three": drawn(listed(policy=policy(officers=3))),
        "accept-two-strata-one-field": drawn(listed(**two_fields)),
        "accept-names-nfc": drawn(listed(laboratories=[*laboratories(4), {**laboratory("Z"), "name": odd}])),
    }


def _overloaded() -> Any:
    """Caps that the sum of visits allows and the recusals do not: everybody's cap goes up by one."""
    return listed(
        strata=[stratum(quota=2)], laboratories=laboratories(2), officers=[*officers(2, cap=1), officer("N03", cap=2)],
        recusals=[recusal("F01", "N03")],
    )  # fmt: skip


def rejected() -> dict[str, tuple[bytes, dict[str, str]]]:
    """Name → the bytes, and the place of each check that differs ("-" where it is not examined)."""
    unread = {name: "-" for name in NAMES if name != "form"}
    untold = {"laboratories": "-", "officers": "-"}
    plain, busy = drawn(listed()), drawn(listed(**BUSY))
    changed = {"commitment": "/commitment/list_sha256", "seed": "/result/seed"}
    return {
        "reject-flipped-ticket": (
            _changed(busy, lambda d: d["list"]["laboratories"][3].update(tickets=2)),
            {"tickets": "/list/laboratories/3/tickets", **changed, **OTHER},
        ),
        "reject-ticket-against-policy": (
            _bytes(_promised_anew(_with_ticket(listed(), 2, 8))),
            {"tickets": "/list/laboratories/2/tickets"},
        ),
        "reject-reordered-population": (
            _changed(plain, lambda d: d["list"]["laboratories"].reverse()),
            {"form": "/list/laboratories/1", **unread},
        ),
        "reject-laboratory-twice": (
            _changed(plain, lambda d: d["list"]["laboratories"].insert(1, d["list"]["laboratories"][0])),
            {"form": "/list/laboratories/1", **unread},
        ),
        "reject-wrong-secret": (
            _changed(plain, lambda d: d["reveal"]["secrets"].__setitem__(1, secret(9))),
            {"secrets": "/reveal/secrets/1", "seed": "/result/seed", **OTHER},
        ),
        "reject-secrets-exchanged": (
            _changed(plain, lambda d: d["reveal"]["secrets"].reverse()),
            {"secrets": "/reveal/secrets/0", "seed": "/result/seed", **OTHER},
        ),
        "reject-one-secret-for-two": (
            _bytes(_same_secret_twice()),
            {"secrets": "/commitment/secrets"},
        ),
        "reject-other-beacon": (
            _changed(plain, lambda d: d["reveal"].update(beacon="051118202734")),
            {"seed": "/result/seed", **OTHER},
        ),
        "reject-other-seed": (
            _changed(plain, lambda d: d["result"].update(seed="0" * 64)),
            {"seed": "/result/seed"},
        ),
        "reject-laboratories-exchanged": (
            _changed(plain, lambda d: d["result"]["strata"][0]["drawn"].reverse()),
            {"laboratories": "/result/strata/0/drawn/0/laboratory"},
        ),
        "reject-laboratory-left-out": (
            _changed(plain, lambda d: d["result"]["strata"][0]["drawn"].pop()),
            {"laboratories": "/result/strata/0/drawn"},
        ),
        "reject-officers-exchanged": (
            _changed(plain, lambda d: d["result"]["teams"][1]["officers"].reverse()),
            {"officers": "/result/teams/1/officers/0"},
        ),
        "reject-recused-officer-sent": (_bytes(_recused_sent(busy)), {"officers": "/result/teams/0/officers/0"}),
        "reject-caps-silently-raised": (
            _changed(plain, lambda d: d["result"].update(caps_raised=1)),
            {"officers": "/result/caps_raised"},
        ),
        "reject-exclusion-removed": (
            _changed(busy, lambda d: d["list"].update(excluded=[])),
            {**changed, **OTHER},
        ),
        "reject-quota-beyond-candidates": (
            _bytes(_forced(listed(strata=[stratum(quota=9)]), plain)),
            {"possible": "/list/strata/0/quota", "seed": "/result/seed", **untold},
        ),
        "reject-too-few-officers": (
            _bytes(_forced(listed(officers=officers(2), recusals=[recusal("F05", "N01")]), plain)),
            {"possible": "/list/laboratories/4", "seed": "/result/seed", **untold},
        ),
        "reject-name-nfd": (
            _bytes(_promised_anew(_with_name(listed(), 4, "Cafe\u0301"))),
            {"form": "/list/laboratories/4/name/en", **unread},
        ),
        "reject-unknown-part": (_changed(plain, lambda d: d.update(note="x")), {"form": "/note", **unread}),
        "reject-missing-part": (_changed(plain, lambda d: d["list"].pop("beacon")), {"form": "/list/beacon", **unread}),
        "reject-fraction-of-a-ticket": (
            _changed(plain, lambda d: d["list"]["laboratories"][0].update(tickets=1.5)),
            {"form": "/list/laboratories/0/tickets", **unread},
        ),
        "reject-one-party": (
            _changed(plain, lambda d: d["list"]["parties"].pop()),
            {"form": "/list/parties", **unread},
        ),
        "reject-not-canonical": (json.dumps(plain, ensure_ascii=False).encode(), {"form": "", **unread}),
        "reject-key-twice": (_bytes(plain)[:-1] + b',"result":{}}', {"form": "", **unread}),
        "reject-byte-order-mark": (b"\xef\xbb\xbf" + _bytes(plain), {"form": "", **unread}),
        "reject-lone-surrogate": (_bytes(plain).replace(b"Test draw", b"Test \\ud800"), {"form": "", **unread}),
        "reject-not-utf-8": (_bytes(plain).replace(b"Test draw", b"Test \xff"), {"form": "", **unread}),
        "reject-not-json": (b"a draw", {"form": "", **unread}),
    }  # fmt: skip


def _bytes(document: Document) -> bytes:
    return canonical_json(document)


def _changed(document: Document, change: Callable[[Document], object]) -> bytes:
    copied = copy.deepcopy(document)
    change(copied)
    return _bytes(copied)


def _with_ticket(frozen: Any, i: int, tickets: int) -> Any:
    frozen["laboratories"][i]["tickets"] = tickets
    return frozen


def _with_name(frozen: Any, i: int, name: str) -> Any:
    frozen["laboratories"][i]["name"]["en"] = name
    return frozen


def _promised_anew(frozen: Any) -> Document:
    return drawn_unpromised(frozen)


def _same_secret_twice() -> Document:
    frozen = listed()
    same = secret_sha256(secret(1))
    return reveal(
        frozen, {"list_sha256": list_sha256(frozen), "secrets": [same, same]}, [secret(1)] * 2, "051118202733"
    )


def _forced(frozen: Any, other: Document) -> Document:
    """A list that nothing can be drawn from, with its own promise and another list's result."""
    return {**other, "list": frozen, "commitment": {**other["commitment"], "list_sha256": list_sha256(frozen)}}


def _recused_sent(document: Document) -> Document:
    copied = copy.deepcopy(document)
    sent = {one["laboratory"]: one["officers"] for one in copied["result"]["teams"]}
    bar = next(one for one in copied["list"]["recusals"] if one["laboratory"] in sent)
    sent[bar["laboratory"]][0] = bar["officer"]
    return copied


def expected() -> dict[str, dict[str, Any]]:
    """Name → check → [outcome, place]."""
    found: dict[str, dict[str, Any]] = {name: {check: ["holds", None] for check in NAMES} for name in accepted()}
    for name, (_, places) in rejected().items():
        found[name] = {check: _expected(places.get(check)) for check in NAMES}
    return found


def _expected(place: str | None) -> list[str | None]:
    if place is None:
        return ["holds", None]
    return ["not_examined", None] if place == "-" else ["differs", place]


def vectors() -> dict[str, bytes]:
    return {
        **{name: _bytes(one) for name, one in accepted().items()},
        **{name: data for name, (data, _) in rejected().items()},
    }


if __name__ == "__main__":
    FILES.mkdir(parents=True, exist_ok=True)
    for name, data in vectors().items():
        (FILES / f"{name}.json").write_bytes(data)
    told = json.dumps(expected(), ensure_ascii=False, indent=1) + "\n"
    (FILES / "expected.json").write_text(told, encoding="utf-8")
