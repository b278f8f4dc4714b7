"""All verbs that the code writes into the journal, found in its text, whether they are written at the call or handed over."""

import ast
from collections.abc import Iterator
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
JOURNAL = ("record", "record_new")


class Verbs:
    """`found`: the verbs that can be told from the text."""

    def __init__(self, source: Path) -> None:
        self.found: set[str] = set()
        self.hand_over: dict[tuple[Path, str], tuple[str, str]] = {}
        """functions that journal under a verb they are given: the parameter, and the form that the verb gets"""
        trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in source.rglob("*.py")}
        self.functions = {path: list(_functions_of(tree)) for path, tree in trees.items()}
        self.imported = {path: _imported(tree) for path, tree in trees.items()}
        self._functions()
        self._called()

    def _functions(self) -> None:
        again = True
        while again:
            again = False
            for path, function, calls in self._all():
                for call in calls:
                    if (verb := self._verb_of(path, call)) is not None:
                        again |= self._note(path, function, verb)

    def _note(self, path: Path, function: Function, verb: tuple[ast.expr, str]) -> bool:
        given, form = verb
        if isinstance(given, ast.JoinedStr):
            names = [part.value for part in given.values if isinstance(part, ast.FormattedValue)]
            form = form.format(
                "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in given.values)
            )
            given = names[0]
        named = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
        if not isinstance(given, ast.Name) or given.id not in named or (path, function.name) in self.hand_over:
            return False
        self.hand_over[path, function.name] = (given.id, form)
        return True

    def _all(self) -> Iterator[tuple[Path, Function, list[ast.Call]]]:
        for path, functions in self.functions.items():
            yield from ((path, one, calls) for one, calls in functions)

    def _verb_of(self, path: Path, call: ast.Call) -> tuple[ast.expr, str] | None:
        """What a call hands to the journal as the verb, and the form that it gets there."""
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in JOURNAL and isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "journal":
            return call.args[0], "{}"
        homes = [home for home, function in self.hand_over if function == name]
        home = path if path in homes else next((home for home in homes if name in self.imported[path]), None)
        if home is None:
            return None
        parameter, form = self.hand_over[home, name]
        places = [argument.arg for one, _ in self.functions[home] if one.name == name for argument in one.args.args]
        if parameter in places and len(call.args) > places.index(parameter):
            return call.args[places.index(parameter)], form
        return next(((word.value, form) for word in call.keywords if word.arg == parameter), None)

    def _called(self) -> None:
        for path, _, calls in self._all():
            for call in calls:
                if (verb := self._verb_of(path, call)) is not None:
                    self.found |= {verb[1].format(text) for text in _constants(verb[0])}


def _functions_of(tree: ast.Module) -> Iterator[tuple[Function, list[ast.Call]]]:
    """Every function with the calls in it, which are looked at again and again."""
    for one in ast.walk(tree):
        if isinstance(one, Function):
            yield one, [call for call in ast.walk(one) if isinstance(call, ast.Call)]


def _imported(tree: ast.Module) -> set[str]:
    found = (one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom))
    return {name for one in found for alias in one.names for name in (alias.name, alias.asname) if name}


def _constants(given: ast.expr) -> Iterator[str]:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.IfExp):
        yield from (*_constants(given.body), *_constants(given.orelse))
