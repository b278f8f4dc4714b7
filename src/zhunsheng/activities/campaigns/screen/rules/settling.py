"""When a log may come in, a screen begin, and what a person must say; raises with a sentence."""

from zhunsheng.foundation.bilingual import Text, t

LEAST = 5
"""A reason of fewer characters is none."""


class ScreenRefused(Exception):
    """What was asked cannot be done; `reason` says why and what mends it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def check_new(earlier: tuple[str, str] | None) -> None:
    """The same bytes come in once; `earlier` is the name and the moment of the file that came first."""
    if earlier:
        raise ScreenRefused(
            t(
                "The same file came in already as {n}, {d}. Nothing was done.",
                "同一文件已于 {d} 以“{n}”提交，未重复接收。",
                n=earlier[0],
                d=earlier[1],
            )
        )


def check_ready(*, read: int, waiting: int) -> None:
    """There is something to look through, and nothing still being read."""
    if waiting:
        raise ScreenRefused(t("A log is still being read. Wait until it is done.", "仍有台账正在读取，请稍候。"))
    if not read:
        raise ScreenRefused(t("No log could be read yet. Send one first.", "尚无可用的台账，请先提交。"))


def check_said(text: str) -> str:
    """What a person gives as question, answer or reason: at least a few characters."""
    said = text.replace("\x00", "").strip()
    if len(said) < LEAST:
        raise ScreenRefused(t("Say it in at least {n} characters.", "请至少填写 {n} 个字。", n=LEAST))
    return said
