"""The table of transitions, its sentences, its picture."""

import pytest

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import Machine, NotAllowedNow, State, Transition

DOOR = Machine(
    subject=t("door", "门"),
    initial="closed",
    states={
        "closed": State(t("closed", "关着"), t("the porter", "门卫")),
        "open": State(t("open", "开着"), t("the porter", "门卫")),
        "walled": State(t("walled up", "砌死"), t("nobody", "无人")),
    },
    transitions={
        "open": Transition(t("open", "打开"), ("closed",), "open"),
        "shut": Transition(t("shut", "关上"), ("open",), "closed"),
        "wall": Transition(t("wall up", "砌死"), ("closed", "open"), "walled"),
    },
)
TRUTH = {
    ("open", "closed"): True, ("open", "open"): False, ("open", "walled"): False,
    ("shut", "closed"): False, ("shut", "open"): True, ("shut", "walled"): False,
    ("wall", "closed"): True, ("wall", "open"): True, ("wall", "walled"): False,
}  # fmt: skip


def test_the_truth_table_is_whole() -> None:
    assert TRUTH.keys() == {(verb, state) for verb in DOOR.transitions for state in DOOR.states}


@pytest.mark.parametrize(("verb", "state"), [question for question, answer in TRUTH.items() if answer])
def test_what_the_table_holds_may_be_done(verb: str, state: str) -> None:
    assert DOOR.can(verb, state)
    DOOR.check(verb, state)


@pytest.mark.parametrize(("verb", "state"), [question for question, answer in TRUTH.items() if not answer])
def test_what_it_does_not_hold_is_refused_by_question_and_check_alike(verb: str, state: str) -> None:
    assert not DOOR.can(verb, state)
    with pytest.raises(NotAllowedNow):
        DOOR.check(verb, state)


def test_the_refusal_is_a_sentence_in_both_languages() -> None:
    with pytest.raises(NotAllowedNow) as refused:
        DOOR.check("shut", "walled")
    assert refused.value.reason.en == "“shut” is not possible while the door is “walled up”."
    assert refused.value.reason.zh == "门处于“砌死”状态时，不能“关上”。"


def test_a_verb_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        DOOR.can("paint", "open")


def test_the_picture_holds_every_state_and_every_arrow() -> None:
    assert DOOR.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> closed",
        "    closed: 关着 / closed",
        "    open: 开着 / open",
        "    walled: 砌死 / walled up",
        "    closed --> open: 打开 / open",
        "    open --> closed: 关上 / shut",
        "    closed --> walled: 砌死 / wall up",
        "    open --> walled: 砌死 / wall up",
    ]
