"""States, transitions, and the one conditional UPDATE that performs one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhunsheng.foundation.bilingual import Text, t

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class State:
    """A word for where a thing stands, and who has to do something next."""

    name: Text
    owner: Text


@dataclass(frozen=True, slots=True)
class Transition:
    """A verb, the states it may start from and the one it ends in."""

    name: Text
    sources: tuple[str, ...]
    target: str


class NotAllowedNow(Exception):
    """The thing is not (or no longer) in a state from which this verb may start."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Machine:
    """All states and transitions of one kind of thing."""

    subject: Text
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    initial: str

    def can(self, verb: str, state: str) -> bool:
        """May `verb` start from `state`?"""
        return state in self.transitions[verb].sources

    def check(self, verb: str, state: str) -> None:
        """Raise NotAllowedNow with a sentence unless `verb` may start from `state`."""
        if not self.can(verb, state):
            raise NotAllowedNow(
                t(
                    "“{verb}” is not possible while the {subject} is “{state}”.",
                    "{subject}处于“{state}”状态时，不能“{verb}”。",
                    verb=self.transitions[verb].name,
                    subject=self.subject,
                    state=self.states[state].name,
                )
            )

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, labels in both languages."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {key}: {state.name.both()}" for key, state in self.states.items()]
        lines += [
            f"    {source} --> {verb.target}: {verb.name.both()}"
            for verb in self.transitions.values()
            for source in verb.sources
        ]
        return "\n".join(lines) + "\n"


def move(machine: Machine, verb: str, things: QuerySet[Any], **also: Any) -> int:
    """Perform `verb` on the one row of `things` by a conditional UPDATE; raise NotAllowedNow if someone else got there first.

    Two people pressing the same button at once: the database lets one row count be 1, the other 0.
    """
    transition = machine.transitions[verb]
    moved = things.filter(state__in=transition.sources).update(state=transition.target, **also)
    if moved != 1:
        raise NotAllowedNow(
            t(
                "“{verb}” was not done: the {subject} has moved on meanwhile. Load the page again to see where it stands.",
                "未能“{verb}”：{subject}的状态已改变。请刷新页面查看当前状态。",
                verb=transition.name,
                subject=machine.subject,
            )
        )
    return moved
