"""The record of a verification as a document to file: HTML that needs nothing else, or PDF with the extra [report]."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path

import numpy
import scipy

from intercomp.verify.runner import CaseRecord, Record
from intercomp.verify.text import shown, summary

SUFFIXES = (".html", ".pdf")


class NoReport(RuntimeError):
    """The report cannot be written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What was verified, with what, and on which day."""

    date: str
    engine: str
    files: tuple[str, ...]
    strict: bool = False

    def rows(self) -> list[tuple[str, str]]:
        """What a later reader needs to repeat the verification."""
        system = f"{platform.python_implementation()} {platform.python_version()} on {platform.machine()}"
        return [
            ("Software verified", f"intercomp {self.engine}"),
            ("Date", self.date),
            ("Python", f"{system}, {platform.system()}"),
            ("NumPy", numpy.__version__),
            ("SciPy", scipy.__version__),
            ("Case files", "; ".join(self.files)),
            ("Uncovered figures", "count as a failure" if self.strict else "are listed, not counted as passed"),
        ]


def write_report(path: Path, record: Record, circumstances: Circumstances) -> None:
    """Write the record to a .html or .pdf file. Raises NoReport on another ending or without the extra for PDF."""
    writers = {".html": html, ".pdf": pdf}
    if path.suffix.lower() not in writers:
        raise NoReport(f"{path}: the ending tells the format; name it .html or .pdf")
    content = writers[path.suffix.lower()](record, circumstances)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise NoReport(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def verdict(record: Record, *, strict: bool) -> str:
    if record.holds(strict=strict):
        return "All compared figures hold."
    return "NOT all figures hold." if record.failed else "Some figures are uncovered."


# --- HTML ---------------------------------------------------------------------------------------------------------------


def html(record: Record, circumstances: Circumstances) -> bytes:
    """One page without scripts, fonts or pictures from elsewhere, set for A4 paper."""
    style = files("intercomp.verify").joinpath("report.css").read_text("utf-8")
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Verification of intercomp {escape(circumstances.engine)}</title>",
        f"<style>{style}</style></head><body><main>",
        "<h1>Record of software verification</h1>",
        *_front(record, circumstances),
        *_overview(record.cases),
        *(line for case in record.cases for line in _case(case)),
        *_signatures(),
        "</main></body></html>",
    ]
    return "\n".join(parts).encode("utf-8")


def _front(record: Record, circumstances: Circumstances) -> Iterator[str]:
    held = record.holds(strict=circumstances.strict)
    yield f'<p class="verdict {"ok" if held else "not"}">{verdict(record, strict=circumstances.strict)}</p>'
    yield f"<p>{escape(summary(record))}.</p>"
    yield '<table class="facts"><tbody>'
    for name, value in circumstances.rows():
        yield f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
    yield "</tbody></table>"
    yield (
        "<p>Every figure was computed by the engine from the data and options of its case alone and compared with the "
        "value of the source within the precision printed there (ISO/IEC 17025:2017, 7.11.2). Figures the engine does "
        "not compute are listed as uncovered.</p>"
    )


def _overview(cases: Sequence[CaseRecord]) -> Iterator[str]:
    yield "<h2>Cases</h2><table><thead><tr>"
    yield '<th scope="col">Case</th><th scope="col">Source</th><th scope="col" class="n">Passed</th>'
    yield '<th scope="col" class="n">Failed</th><th scope="col" class="n">Uncovered</th></tr></thead><tbody>'
    for case in cases:
        passed = sum(figure.ok for figure in case.figures)
        failed = len(case.figures) - passed
        yield f"<tr{'' if case.ok else ' class=not'}><td>{escape(case.id)}</td><td>{escape(case.source)}</td>"
        yield f'<td class="n">{passed}</td><td class="n">{failed}</td><td class="n">{len(case.uncovered)}</td></tr>'
    yield "</tbody></table><h2>Figures</h2>"


def _case(case: CaseRecord) -> Iterator[str]:
    yield f"<section><h3>{escape(case.id)}</h3><p>{escape(case.source)} · {escape(case.kind)} · {escape(case.file)}</p>"
    yield '<table><thead><tr><th scope="col">Figure</th><th scope="col">Expected</th><th scope="col">Computed</th>'
    yield '<th scope="col">Tolerance</th><th scope="col">Result</th></tr></thead><tbody>'
    for figure in case.figures:
        cells = (figure.name, _whole(figure.expected), _whole(figure.got), figure.tolerance)
        told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f"<tr{'' if figure.ok else ' class=not'}>{told}<td>{'pass' if figure.ok else 'FAIL'}</td></tr>"
    for name in case.uncovered:
        yield f"<tr><td>{escape(name)}</td><td></td><td></td><td></td><td>uncovered</td></tr>"
    yield "</tbody></table></section>"


def _whole(value: object) -> str:
    """A figure in full: what is filed shows every element and every digit that was compared."""
    if isinstance(value, list):
        return "[" + ", ".join(_whole(one) for one in value) + "]"
    return repr(value) if isinstance(value, float) else shown(value)


def _signatures() -> Iterator[str]:
    yield '<section class="signatures"><h2>Approval</h2>'
    for role in ("Verified by", "Reviewed by (quality manager)"):
        yield f'<div><span>{role}</span><span class="line">Name</span>'
        yield '<span class="line">Signature</span><span class="line">Date</span></div>'
    yield "</section>"


# --- PDF ----------------------------------------------------------------------------------------------------------------


def pdf(record: Record, circumstances: Circumstances) -> bytes:
    """The same record typeset by Typst. Raises NoReport where the extra [report] is not installed."""
    try:
        import typst
    except ImportError as error:
        raise NoReport('for a PDF install the extra: pip install "intercomp[report]", or write .html') from error
    template = files("intercomp.verify").joinpath("report.typ").read_bytes()
    content: bytes = typst.compile(template, sys_inputs={"record": json.dumps(_for_typst(record, circumstances))})
    return content


def _for_typst(record: Record, circumstances: Circumstances) -> dict[str, object]:
    return {
        "verdict": verdict(record, strict=circumstances.strict),
        "holds": record.holds(strict=circumstances.strict),
        "summary": summary(record),
        "engine": circumstances.engine,
        "facts": [list(row) for row in circumstances.rows()],
        "cases": [
            {
                "id": case.id,
                "source": case.source,
                "kind": case.kind,
                "figures": [
                    [one.name, _whole(one.expected), _whole(one.got), one.tolerance, "pass" if one.ok else "FAIL"]
                    for one in case.figures
                ],
                "uncovered": list(case.uncovered),
            }
            for case in record.cases
        ],
    }
