"""`zhunsheng roles`: what each post may see and never does, printed from the table the pages use."""

from collections.abc import Iterable

import typer

from zhunsheng.foundation.bilingual import Text, t

UNREGISTERED = t("not registered", "未登记")


def page() -> str:
    """All roles as one Markdown page, both languages in each cell."""
    from zhunsheng.registry.institutions.states import LEVELS
    from zhunsheng.registry.people.states import REACH, ROLES, WITHOUT_A_POST

    posts = ((role.name, role.may, role.never) for role in ROLES.values())
    others = ((role.name, role.may, role.never) for role in WITHOUT_A_POST.values())
    reaches = ((LEVELS[level] if level else UNREGISTERED, words) for level, words in REACH.items())
    return "\n".join(
        [
            "# Roles 角色\n",
            "Printed by `zhunsheng roles`; a test compares this page with the table.",
            "What a user may do follows from the posts held on the day; each post is held in an institution, from a day to a day.",
            "用户能做什么由其当日任职决定；每项任职对应一个机构和起止日期。\n",
            *table("post 任职", "may 可以", "never 不得", rows=posts),
            "\n## How far a regulator sees 监管人员的管辖区域\n",
            "The authority’s level and region decide. 由监管部门的级别和所在区域决定。\n",
            *table("level 级别", "reach 管辖区域", rows=reaches),
            "\n## Without a post 无任职\n",
            *table("who 身份", "may 可以", "never 不得", rows=others),
            "",
        ]
    )


def table(*heads: str, rows: Iterable[tuple[Text, ...]]) -> list[str]:
    """A Markdown table."""
    lines = [f"| {' | '.join(cell.both('<br>') for cell in row)} |" for row in rows]
    return [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *lines]


def roles() -> None:
    """Print what each post may see and never does. 打印各角色的权限说明。"""
    typer.echo(page(), nl=False)
