"""The rules of the draw: who is drawn, who is sent, and when it is refused."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.activities.campaigns.draw.drawing import (
    drawn,
    laboratories,
    laboratory,
    listed,
    officer,
    officers,
    policy,
    promised,
    recusal,
    secret,
    stratum,
    words,
)
from tests.activities.campaigns.draw.vectors import FILES, NAMES, TIGHT, accepted, expected, vectors
from zhunsheng.activities.campaigns.draw.policies import policy_on
from zhunsheng.activities.campaigns.draw.rules.chance import Numbers, list_sha256
from zhunsheng.activities.campaigns.draw.rules.drawfile import check_reveal, commit, compute
from zhunsheng.activities.campaigns.draw.rules.refusals import DrawRefused
from zhunsheng.activities.campaigns.draw.rules.seating import Seating
from zhunsheng.activities.campaigns.draw.rules.selection import smallest
from zhunsheng.activities.campaigns.draw.rules.tickets import even_share, tickets
from zhunsheng.activities.campaigns.draw.rules.verification import first_difference, holds, verify
from zhunsheng.foundation.signing import canonical_json

SEED = "ab" * 32
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# Tickets and shares


@pytest.mark.parametrize(
    ("risk", "no_shows", "expected_tickets"),
    [("A", 0, 1), ("B", 0, 2), ("C", 0, 4), ("D", 0, 6), ("none", 0, 2), ("A", 1, 3), ("D", 1, 8), ("D", 9, 8)],
)
def test_tickets_follow_from_class_and_absences(risk: str, no_shows: int, expected_tickets: int) -> None:
    assert tickets(policy(), risk, no_shows) == expected_tickets


@pytest.mark.parametrize(("quota", "share"), [(1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3), (100, 20)])
def test_a_fifth_rounded_up_is_drawn_evenly(quota: int, share: int) -> None:
    assert even_share(policy(), quota) == share


def test_no_policy_was_in_force_before_the_first() -> None:
    with pytest.raises(LookupError):
        policy_on("draw", date(2025, 12, 31))


# The numbers, computed once more from the description in docs/reference/draw.md


def told_in_the_manual(document: dict[str, Any]) -> list[str]:
    """The drawn laboratories of the first stratum, in the few lines that the manual promises."""
    frozen, told = document["list"], document["reveal"]

    def sha(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    plain = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    seed = sha(sha(plain) + b"".join(map(bytes.fromhex, told["secrets"])) + told["beacon"].encode())
    first, (a, b) = frozen["strata"][0], frozen["policy"]["even"]
    share = -(-first["quota"] * a // b)
    them = {one["id"]: one["tickets"] for one in frozen["laboratories"] if one["stratum"] == first["id"]}
    even = sorted(them, key=lambda one: sha(seed + f"even|{one}".encode()))[:share]
    left = [one for one in them if one not in even]
    left.sort(key=lambda one: min(sha(seed + f"lab|{one}|{k}".encode()) for k in range(them[one])))
    return even + left[: first["quota"] - share]


@pytest.mark.parametrize("name", [name for name in accepted() if "nfc" not in name])
def test_the_manual_suffices_to_draw_the_same(name: str) -> None:
    document = accepted()[name]
    assert [one["laboratory"] for one in document["result"]["strata"][0]["drawn"]] == told_in_the_manual(document)


# The shipped vectors


def test_the_shipped_vectors_are_those_of_this_program() -> None:
    shipped = {path.stem: path.read_bytes() for path in FILES.glob("*.json") if path.stem != "expected"}
    assert shipped == vectors()
    assert json.loads((FILES / "expected.json").read_text(encoding="utf-8")) == expected()


@pytest.mark.parametrize("name", sorted(expected()))
def test_each_vector_is_told_as_expected(name: str) -> None:
    checks = verify((FILES / f"{name}.json").read_bytes())
    assert [one.name for one in checks] == list(NAMES)
    assert {one.name: [one.outcome, one.place] for one in checks} == expected()[name]
    assert holds(checks) == name.startswith("accept")
    assert all(one.reason.en and one.reason.zh for one in checks)


@pytest.mark.parametrize(("hashing", "zone"), [("1", "Pacific/Kiritimati"), ("4242", "America/Los_Angeles")])
def test_trap_20_another_process_elsewhere_draws_the_same(hashing: str, zone: str) -> None:
    """Neither the order of Python's sets, nor the zone, nor the language of a machine has a part in a draw."""
    program = (
        "import sys, json; from zhunsheng.activities.campaigns.draw.rules.drawfile import compute;"
        "told = json.loads(sys.stdin.buffer.read());"
        "print(json.dumps(compute(told['list'], told['result']['seed']) == told['result']))"
    )
    machine = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": hashing, "TZ": zone, "LC_ALL": "C", "LANG": "C"}
    shipped = (FILES / "accept-weights-recusals.json").read_bytes()
    done = subprocess.run([sys.executable, "-c", program], input=shipped, env=machine, capture_output=True, check=True)
    assert done.stdout == b"true\n"


def test_any_changed_digit_of_a_file_is_found() -> None:
    data = canonical_json(drawn(listed()))
    digits = [i for i, byte in enumerate(data) if chr(byte) in "123456789"]
    for i in digits[::5]:
        other = data[:i] + (b"7" if data[i : i + 1] != b"7" else b"3") + data[i + 1 :]
        assert not holds(verify(other)), data[i - 30 : i + 5]


# What does not change a draw


@quick
@given(st.randoms(use_true_random=False), st.integers(0, 2**32))
def test_the_order_of_the_input_changes_nothing(random: Any, n: int) -> None:
    seed = hashlib.sha256(str(n).encode()).hexdigest()
    parts: dict[str, list[Any]] = {
        "laboratories": laboratories(9, risk="C") + laboratories(4, "water"), "officers": officers(6, "food", "water"),
        "strata": [stratum(quota=4), stratum("water", quota=2)],
        "recusals": [recusal("F01", "N01"), recusal("W02", "N02", "origin"), recusal("F01", "N03", "interest")],
    }  # fmt: skip
    straight = listed(**parts)
    for part in parts.values():
        random.shuffle(part)
    shuffled = listed(**parts)
    assert list_sha256(shuffled) == list_sha256(straight)
    assert compute(shuffled, seed) == compute(straight, seed)


@quick
@given(st.integers(0, 2**32))
def test_an_excluded_laboratory_or_officer_changes_nothing_under_one_seed(n: int) -> None:
    seed = hashlib.sha256(str(n).encode()).hexdigest()
    out = {"id": "A0", "name": words("Out", "排除机构"), "stratum": "food", "reason": words("closed", "停业")}
    away = {"id": "N00", "reason": words("on leave", "休假")}
    assert compute(listed(excluded=[out], excluded_officers=[away]), seed) == compute(listed(), seed)


@quick
@given(st.integers(0, 2**32), st.integers(1, 9))
def test_a_candidate_who_is_not_drawn_changes_nothing_by_leaving(n: int, leaver: int) -> None:
    """Independence of the others' numbers: the outcome is the same without one who was not drawn anyway."""
    seed = hashlib.sha256(str(n).encode()).hexdigest()
    them = laboratories(9, risk="D")
    result = compute(listed(laboratories=them), seed)
    gone = them[leaver - 1]["id"]
    if gone not in {one["laboratory"] for one in result["strata"][0]["drawn"]}:
        assert compute(listed(laboratories=[one for one in them if one["id"] != gone]), seed) == result


def test_equal_numbers_are_decided_by_the_identifier() -> None:
    frozen = listed(laboratories=laboratories(4))
    same = smallest(frozen["laboratories"], 3, lambda one: "00", "even")
    assert [one["laboratory"] for one in same] == ["F01", "F02", "F03"]


def test_names_are_composed_before_they_are_hashed() -> None:
    composed, decomposed = (
        listed(laboratories=[*laboratories(4), {**laboratory("Z"), "name": words(name, "示例")}])
        for name in ("Café", "Cafe\u0301")
    )
    assert list_sha256(composed) == list_sha256(decomposed)


# Officers


@quick
@given(st.data())
def test_teams_are_competent_not_recused_within_caps_and_looked_ahead(data: st.DataObject) -> None:
    """Whoever is sent may be sent; and the caps are raised only where no seating at all exists (all are tried)."""
    n = data.draw(st.integers(2, 4))
    seed = hashlib.sha256(str(data.draw(st.integers(0, 10**6))).encode()).hexdigest()
    them = [officer(f"N{i}", cap=data.draw(st.integers(1, 3))) for i in range(1, data.draw(st.integers(3, 5)) + 1)]
    them.append(officer("W1", "water"))
    labs = laboratories(n)
    pairs = [(a["id"], b["id"]) for a in labs for b in them if b["id"] != "W1"]
    barred = data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=len(pairs) // 3))
    frozen = listed(
        strata=[stratum(quota=n)], laboratories=labs, officers=them, recusals=[recusal(a, b) for a, b in barred]
    )
    may = {a["id"]: [b["id"] for b in them if b["id"] != "W1" and (a["id"], b["id"]) not in barred] for a in labs}
    if any(len(some) < 2 for some in may.values()):
        return
    result = compute(frozen, seed)
    seats = Counter(one for team in result["teams"] for one in team["officers"])
    assert all(set(team["officers"]) <= set(may[team["laboratory"]]) for team in result["teams"])
    assert all(len(set(team["officers"])) == 2 for team in result["teams"])
    caps = {one["id"]: one["cap"] for one in them}
    assert all(n <= caps[one] + result["caps_raised"] for one, n in seats.items())
    assert result["teams"] == tried_one_by_one(frozen, result, may)


def tried_one_by_one(frozen: Any, result: Any, may: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The same teams by looking through every seating there is: the naive twin."""
    order, numbers = [one["laboratory"] for one in result["teams"]], Numbers(result["seed"])
    every: list[tuple[tuple[str, ...], ...]] = []
    raised = 0
    while not every:
        caps = {one["id"]: one["cap"] + raised for one in frozen["officers"]}
        for seating in itertools.product(*(itertools.permutations(may[one], 2) for one in order)):
            seats = Counter(itertools.chain(*seating))
            if all(n <= caps[one] for one, n in seats.items()):
                every.append(seating)
        raised += 1
    assert raised - 1 == result["caps_raised"]
    load: Counter[str] = Counter()
    for i, j in itertools.product(range(len(order)), range(2)):
        best = min({s[i][j] for s in every}, key=lambda one: (load[one], numbers.officer(order[i], one)))
        every, load[best] = [s for s in every if s[i][j] == best], load[best] + 1
    return [{"laboratory": one, "officers": list(team)} for one, team in zip(order, every[0], strict=True)]


def test_load_is_even_where_nobody_is_recused() -> None:
    for i in range(50):
        seed = hashlib.sha256(str(i).encode()).hexdigest()
        frozen = listed(strata=[stratum(quota=7)], laboratories=laboratories(9), officers=officers(6))
        seats = Counter(one for team in compute(frozen, seed)["teams"] for one in team["officers"])
        assert sorted(seats.values()) == [2, 2, 2, 2, 3, 3]


def test_trap_08_a_mentor_is_never_drawn_as_inspector() -> None:
    frozen = listed(
        strata=[stratum(quota=4)], laboratories=laboratories(4), officers=officers(4),
        recusals=[recusal("F02", "N01", reason) for reason in ("mentor", "origin", "consultant", "interest")],
    )  # fmt: skip
    for i in range(300):
        seed = hashlib.sha256(str(i).encode()).hexdigest()
        teams = {one["laboratory"]: one["officers"] for one in compute(frozen, seed)["teams"]}
        assert "N01" not in teams["F02"]


def test_a_seating_that_cannot_be_is_left_as_it_was() -> None:
    seating = Seating({"a": ["x", "y"], "b": ["x", "y"]}, {"x": 1, "y": 1}, 1)
    assert seating.fill() and seating.fix("a", "y")
    assert not seating.fix("b", "y")
    assert seating.fix("b", "x")


# Refusals


def refusal(**given: Any) -> str:
    frozen = listed(**given)
    with pytest.raises(DrawRefused) as refused:
        commit(frozen, promised(frozen))
    assert refused.value.reason.zh
    return refused.value.reason.en


def test_a_stratum_with_fewer_candidates_than_its_quota_is_named_with_its_mend() -> None:
    said = refusal(
        strata=[stratum(quota=3), stratum("water", quota=5)], laboratories=laboratories(8) + laboratories(2, "water")
    )
    assert "“Water” has 2 candidates for a quota of 5" in said and "Lower the quota to 2" in said


def test_a_laboratory_to_which_nobody_may_be_sent_is_named_with_its_mend() -> None:
    said = refusal(officers=[*officers(2), officer("W1", "water")], recusals=[recusal("F07", "N02", "consultant")])
    assert "Laboratory F07 (stratum “Food”) could be given 1 of 2 officers" in said and "Add 1 officers" in said


def test_officers_who_cannot_make_so_many_visits_are_refused() -> None:
    assert "may make 5 visits together and 6 are needed" in refusal(officers=officers(5, cap=1))
    assert "visits together" in refusal(officers=[*officers(2, cap=1), officer("N03", cap=99)])


@pytest.mark.parametrize(
    ("hashes", "said"),
    [(["aa" * 32], "secret of its own"), (["aa" * 32] * 2, "secret of its own"), (["aa" * 32, "xyz"], "64 digits")],
)
def test_every_party_promises_a_secret_of_its_own(hashes: list[str], said: str) -> None:
    with pytest.raises(DrawRefused, match=said):
        commit(listed(), hashes)


@pytest.mark.parametrize(
    ("secrets", "beacon", "said"),
    [
        ([secret(1), secret(3)], "123456", "party 2"), ([secret(1)], "123456", "Each party"),
        ([secret(1), secret(2)], "12 34 56", "beacon"), ([secret(1), secret(2)], "１２３４５６", "beacon"),
    ],
)  # fmt: skip
def test_only_what_was_promised_is_revealed(secrets: list[str], beacon: str, said: str) -> None:
    frozen = listed()
    with pytest.raises(DrawRefused, match=said):
        check_reveal(commit(frozen, promised(frozen)), secrets, beacon)


def test_a_list_of_odd_shape_is_refused_before_anything_is_promised() -> None:
    assert "/list/laboratories/1" in refusal(laboratories=[*laboratories(3), laboratory("F01")])
    assert "/list/recusals/0/officer" in refusal(recusals=[recusal("F01", "N77")])


def test_a_tight_list_has_a_seating_within_its_caps() -> None:
    for i in range(100):
        assert compute(listed(**TIGHT), hashlib.sha256(str(i).encode()).hexdigest())["caps_raised"] == 0


def test_the_first_difference_is_told_by_its_place() -> None:
    assert first_difference({"a": [1, 2], "b": 3}, {"a": [1, 5], "b": 4}, "").place == "/a/1"
    assert first_difference([1], [1, 2], "/x").place == "/x"
    assert first_difference({"a/b": 1}, {"a/b": 1}, "") is None
