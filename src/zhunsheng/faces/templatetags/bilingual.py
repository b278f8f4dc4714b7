"""The two languages, the frame and the demo's sign-ins for Django templates (our own pages are Jinja2)."""

from importlib import import_module
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from zhunsheng.foundation.bilingual import Text, language
from zhunsheng.foundation.bilingual import t as both

register = template.Library()


@register.simple_tag
def t(en: str, zh: str) -> Text:
    """One sentence in both languages; it answers in the reader's."""
    return both(en, zh)


@register.simple_tag
def html_lang() -> str:
    """The value of the page's `lang` attribute."""
    return "zh-Hans" if language() == "zh" else "en"


@register.simple_tag(takes_context=True)
def part(context: dict[str, Any], name: str) -> SafeString:
    """A piece of the frame, from the same Jinja2 file that every other page uses."""
    rendered = render_to_string(f"parts/{name}.html", request=context["request"], using="jinja2")
    return mark_safe(rendered)  # noqa: S308 -- our own template, which escapes what it is given


@register.simple_tag
def mail_is_sent() -> bool:
    """Whether this site sends mail."""
    return bool(settings.MAIL_IS_SENT)


@register.simple_tag
def oidc_name() -> str:
    """What the house is called by whose account one may sign in; empty where there is none."""
    return str(settings.OIDC_NAME)


@register.simple_tag
def demo_sign_ins() -> list[tuple[str, Text]]:
    """Who may sign in to the demo, with what each of them is; nobody outside the demo."""
    if not settings.DEMO:
        return []
    try:
        return list(import_module("zhunsheng.faces.demo").SIGN_INS)
    except (ImportError, AttributeError):
        return []


@register.simple_tag
def demo_password() -> str:
    """The demo's one password, which its sign-in page shows."""
    return str(getattr(settings, "DEMO_PASSWORD", "")) if settings.DEMO else ""
