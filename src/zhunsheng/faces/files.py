"""Files that pages hand out."""

from pathlib import PurePath

from django.http import HttpResponse

TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def download(content: bytes, name: str) -> HttpResponse:
    """A file to be saved under a name."""
    return HttpResponse(
        content,
        content_type=TYPES[PurePath(name).suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
