"""The key of a name: however it is written, it is one; what says something stays."""

from __future__ import annotations

import pytest

from zhunsheng.foundation.imports.rules.names import name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("示范检测（杭州）有限公司", "示范检测(杭州)有限公司"), ("示范 检测", "示范检测"),
        ("阿依·买买提", "阿依•买买提"), ("阿依·买买提", "阿依买买提"),
        ("Ａ实验室", "a实验室"), ("PCB-28", "PCB 28"), ("DEHP", "dehp"), ("1,2-二氯苯", "1，2-二氯苯"),
    ],
)  # fmt: skip
def test_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PCB 1-18", "PCB 118"),
        ("(+)-儿茶素", "(-)-儿茶素"),
        ("1,2-二氯苯", "12-二氯苯"),
        ("α-六六六", "γ-六六六"),
        ("铅", "铬"),
    ],
)
def test_two_names(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
