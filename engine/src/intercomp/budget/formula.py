"""A measurement model as text: parsed into arithmetic on named inputs, never run as a program.

Allowed: numbers, the names of inputs, pi, + − * / **, brackets and the functions of FUNCTIONS. Every multiplication is
written as *, every power as **. The same tree is evaluated on plain arrays (Monte Carlo) and on jets (derivatives).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.budget.jets import FUNCTIONS, Jet, apply, power
from intercomp.errors import InputError

_LONGEST = 10_000
_DEEPEST = 300

Evaluator = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: its text and the names it uses, in the order of their first use."""

    text: str
    names: tuple[str, ...]
    _evaluate: Evaluator

    @classmethod
    def parse(cls, text: str) -> Formula:
        """InputError names the place (column from 1) and the mend; nothing of the text is ever executed."""
        if not isinstance(text, str) or not text.strip():
            raise InputError("formula", "it is empty", "write the model, such as m/V*P")
        if len(text) > _LONGEST:
            raise InputError("formula", f"{len(text)} characters", f"keep it below {_LONGEST}")
        tree = _parsed(text)
        names = dict.fromkeys(node.id for node in _names(tree) if node.id != "pi")
        return cls(text, tuple(names), _compiled(tree, 0))

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """The value at named numbers, arrays or jets; what cannot be computed comes out as NaN or an infinity."""
        with np.errstate(all="ignore"):
            return self._evaluate(values)


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        place = f"not understood at column {error.offset}" if error.offset else "not understood"
        mend = "write every multiplication as * and every power as **, and close every bracket"
        raise InputError("formula", place, mend) from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise InputError("formula", "nested too deeply", "split it into parts") from error


def _names(tree: ast.expr) -> Iterator[ast.Name]:
    """Names of inputs in reading order; the name of a called function is none."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _compiled(node: ast.expr, depth: int) -> Evaluator:
    if depth > _DEEPEST:
        raise InputError("formula", "nested too deeply", "split it into parts")
    if isinstance(node, ast.Constant):
        return _constant(node)
    if isinstance(node, ast.Name):
        return _named(node.id)
    if isinstance(node, ast.UnaryOp):
        return _signed(node, depth)
    if isinstance(node, ast.BinOp):
        return _combined(node, depth)
    if isinstance(node, ast.Call):
        return _called(node, depth)
    raise _refused(node, f"{type(node).__name__} is no arithmetic", "use numbers, inputs, + - * / ** and functions")


def _constant(node: ast.Constant) -> Evaluator:
    if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
        raise _refused(node, f"{node.value!r} is no number", "write a real number")
    try:
        number = float(node.value)
    except OverflowError as error:
        raise _refused(node, "too large a number", "write it with an exponent, below 1e308") from error
    return lambda _values: number


def _named(name: str) -> Evaluator:
    if name in FUNCTIONS:
        raise InputError("formula", f"the function {name} stands without brackets", f"write {name}(…)")

    def value(values: Mapping[str, Any]) -> Any:
        return np.pi if name == "pi" and "pi" not in values else values[name]

    return value


def _signed(node: ast.UnaryOp, depth: int) -> Evaluator:
    inner = _compiled(node.operand, depth + 1)
    if isinstance(node.op, ast.UAdd):
        return inner
    if isinstance(node.op, ast.USub):
        return lambda values: -inner(values)
    raise _refused(node, "neither a plus nor a minus sign", "use + or -")


def _combined(node: ast.BinOp, depth: int) -> Evaluator:
    left, right = _compiled(node.left, depth + 1), _compiled(node.right, depth + 1)
    match node.op:
        case ast.Add():
            return lambda values: left(values) + right(values)
        case ast.Sub():
            return lambda values: left(values) - right(values)
        case ast.Mult():
            return lambda values: left(values) * right(values)
        case ast.Div():
            return lambda values: _divided(left(values), right(values))
        case ast.Pow():
            return lambda values: power(left(values), right(values))
        case ast.BitXor():
            raise _refused(node, "^ is no power here", "write ** for a power")
    raise _refused(node, "an operator that is no arithmetic", "use + - * / **")


def _divided(left: Any, right: Any) -> Any:
    if isinstance(left, float) and isinstance(right, float):
        return float(np.divide(left, right))  # where Python would raise, NumPy gives the infinity that is refused later
    return left / right


def _called(node: ast.Call, depth: int) -> Evaluator:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS:
        raise _refused(node, f"{name or 'this'} is no function", f"choose one of {', '.join(FUNCTIONS)}")
    if len(node.args) != 1 or node.keywords:
        raise _refused(node, f"{name} takes one argument", f"write {name}(…)")
    function, argument = FUNCTIONS[name], _compiled(node.args[0], depth + 1)
    return lambda values: apply(function, argument(values))


def _refused(node: ast.expr, problem: str, mend: str) -> InputError:
    return InputError("formula", f"at column {node.col_offset + 1}: {problem}", mend)


def check_names(formula: Formula, given: tuple[str, ...]) -> None:
    """InputError for a name that the inputs lack, with the likeliest they have."""
    missing = [name for name in formula.names if name not in given]
    if missing:
        raise InputError("inputs", f"the formula uses {missing[0]}, which is not among them", "add it or correct it")


def derivatives(formula: Formula, at: Mapping[str, float], directions: np.ndarray[Any, Any]) -> Jet:
    """Value and first three derivatives of the formula along `directions` (directions, inputs), at the point `at`."""
    names = list(at)
    jets = {name: Jet.line(at[name], directions[:, column]) for column, name in enumerate(names)}
    return Jet.of(formula(jets), len(directions))
