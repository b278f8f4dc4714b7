"""Things of the catalogue as a form takes them: typed, with suggestions, and only one thing can be meant."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.catalogue.queries import matrices_named, methods_named, suggested_parameters
from zhunsheng.registry.catalogue.rules.standard_numbers import normal_method
from zhunsheng.registry.catalogue.rules.writing import same

NEAR = 4
"""So many are named where several may be meant."""


class TypedField(forms.CharField):
    """A thing by one of its names or its number, however it is written; of several that may be meant none is guessed."""

    named: Callable[[str], Sequence[tuple[Any, Sequence[str]]]]
    missing: Text

    def __init__(self, *, list: str, **kwargs: Any) -> None:
        attributes = {"list": list, "autocomplete": "off", "type": "search"}
        super().__init__(max_length=200, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> Any:
        if not (typed := super().clean(value)):
            return None
        found = self.named(typed)
        meant = [one for one, names in found if same(typed) in {same(name) for name in names if name}]
        if len(meant) == 1:
            return meant[0]
        if len(found) == 1:
            return found[0][0]
        raise fault(self._several(typed, found) if found else self.missing.with_(x=typed))

    def _several(self, typed: str, found: Sequence[tuple[Any, Sequence[str]]]) -> Text:
        near = [getattr(one, "number", "") or one.name for one, _ in found[:NEAR]]
        return t(
            "“{x}” may be {near}. Choose one.", "“{x}”可能是{near}，请选择其一。", x=typed,
            near=Text(en=", ".join(getattr(n, "en", n) for n in near), zh="、".join(getattr(n, "zh", n) for n in near)),
        )  # fmt: skip


class ParameterField(TypedField):
    missing = t("No parameter is called “{x}”.", "没有名为“{x}”的参数。")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(list="whats", **kwargs)

    def named(self, typed: str) -> list[tuple[Parameter, list[str]]]:
        return [
            (one.parameter, [one.parameter.name_zh, one.parameter.name_en, one.parameter.code, one.parameter.cas, one.also_called])
            for one in suggested_parameters(typed)
        ]  # fmt: skip


class MatrixField(TypedField):
    missing = t("No matrix is called “{x}”.", "没有名为“{x}”的基质。")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(list="matrices", **kwargs)

    def named(self, typed: str) -> list[tuple[Matrix, list[str]]]:
        return [(one, [one.name_zh, one.name_en, one.code]) for one in matrices_named(typed)[: 2 * NEAR]]


class MethodField(TypedField):
    missing = t(
        "No method of the catalogue has the number “{x}”. Enter it there first.",
        "方法目录中没有“{x}”，请先在目录中登记。",
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(list="methods", **kwargs)

    def named(self, typed: str) -> list[tuple[Method, list[str]]]:
        exact = Method.objects.filter(number=normal_method(typed)).first()
        found = [exact] if exact else methods_named(typed)[: 2 * NEAR]
        return [(one, [one.number, one.name_zh, one.name_en]) for one in found]
