"""Every word on a page goes through `t`: nothing that a reader sees stands bare in a template."""

import re
from pathlib import Path

import pytest

FACES = Path(__file__).parent.parent.parent / "src/zhunsheng/faces"
TEMPLATES = sorted([*(FACES / "templates").rglob("*.html"), *(FACES / "allauth_templates").rglob("*.html")])

TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", re.DOTALL)
ATTRIBUTES = re.compile(r'\b(title|alt|placeholder|aria-label|aria-description)\s*=\s*"([^"]*)"')
MARKUP = re.compile(r"<[^<>]*>")
SYMBOLS = re.compile(r"SHA-256|PDF|\.(xlsx|json)|\b[xukn]\b|\(pt\)|σ\(pt\)|z′?|ζ|k =|&\w+;")
"""Quantities, formats and file types, which are the same in both languages."""


def bare_words(source: str) -> list[str]:
    """What a reader would see that no expression wrote."""
    source = TAGS.sub("\x00", source)  # a mark, so that a tag inside an attribute leaves no letters behind
    seen = [text for _, text in ATTRIBUTES.findall(source)] + MARKUP.split(source)
    return [text.strip() for text in seen if re.search(r"[^\W\d_]", SYMBOLS.sub("", text.replace("\x00", "")))]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FACES)))
def test_no_word_stands_bare(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source", ["<p>Hello</p>", "<p>{{ x }} 个</p>", '<img alt="A chart">', '<a aria-label="next {{ x }}"></a>', "Save"]
)
def test_a_bare_word_is_seen(source: str) -> None:
    assert bare_words(source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FACES)))
def test_nothing_is_inline(path: Path) -> None:
    """The content security policy refuses inline scripts, styles and handlers; a page must not count on them."""
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", source)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", source))


CALLS = re.compile(r"""\bt\(\s*("[^"]*"|'[^']*')\s*,\s*("[^"]*"|'[^']*')""")
ABUTTING = re.compile(r"[一-鿿][,;:?()]|[,;:?()][一-鿿]")
BARE_MARKS = re.compile(r"\}\}\s?[:,;]\s")
"""Punctuation that a template would print in either language, right beside what an expression writes."""


def half_width(source: str) -> list[str]:
    """The Chinese of the calls of `t` in which a half-width mark touches a Han character."""
    return [zh for _, zh in CALLS.findall(source) if ABUTTING.search(zh[1:-1])]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FACES)))
def test_chinese_has_its_own_punctuation(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert half_width(source) == []
    assert BARE_MARKS.findall(re.sub(r"<[^<>]*>", "", source)) == []


@pytest.mark.parametrize("source", ['t("Yes, no", "是,否")', "t('a (b)', '甲(乙)')", 't("What?", "什么?", n=1)'])
def test_half_width_marks_are_seen(source: str) -> None:
    assert half_width(source)
