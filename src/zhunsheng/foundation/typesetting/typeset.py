"""From a template and plain data to a PDF: tagged, fonts inside, the same bytes for the same input."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, cast

import typst

TEMPLATES = Path(__file__).parent / "templates"


class Attachment(NamedTuple):
    """A file inside the PDF."""

    content: bytes
    mime: str
    description: str


_lock = Lock()
_compiler: typst.Compiler | None = None
_threads_lost = False


def typeset(
    template: str,
    data: Mapping[str, Any],
    *,
    images: Mapping[str, bytes] | None = None,
    attachments: Mapping[str, Attachment | tuple[bytes, str, str]] | None = None,
    standards: Sequence[str] = ("ua-1",),
) -> bytes:
    """The PDF of `templates/{template}.typ` for `data` (JSON types, with `lang`: "zh", "en" or "both").

    `images` (SVG, PNG, JPEG) are drawn by name with `picture`, `attachments` are attached under their names. The PDF
    carries no date. Raises typst.TypstError where the template does not compile or `standards` are not met, as where a
    picture or formula has no alternative text (PDF/UA-1).
    """
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "images": json.dumps({name: _carried(image) for name, image in (images or {}).items()}),
        "attachments": json.dumps([_attached(name, *each) for name, each in (attachments or {}).items()]),
    }
    with _lock:
        pdf = _one_compiler().compile(
            input=TEMPLATES / f"{template}.typ",
            format="pdf",
            sys_inputs=inputs,
            timestamp=0,
            pdf_standards=cast(Any, list(standards)),
        )
    return cast(bytes, pdf)


def _attached(name: str, content: bytes, mime: str, description: str) -> dict[str, Any]:
    return {"name": name, "content": _carried(content), "mime": mime, "description": description}


def _carried(content: bytes) -> str | list[int]:
    """Bytes as Typst's `bytes` takes them out of JSON: text where they are text, else numbers."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return list(content)


def _one_compiler() -> typst.Compiler:
    """Kept for the life of the process: finding the fonts costs more than setting a page."""
    global _compiler
    if _threads_lost:
        raise RuntimeError("this process was forked from one that had set type; fork first, or start it with spawn")
    if _compiler is None:
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=True,
            font_paths=[Path(str(files("manimgx_fonts_cjk")))],
        )
        _compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
    return _compiler


def _after_fork() -> None:
    """Typst's threads do not live on in a forked child; asked to set type there it would wait for ever."""
    global _lock, _threads_lost
    _threads_lost, _lock = _compiler is not None, Lock()


os.register_at_fork(after_in_child=_after_fork)
