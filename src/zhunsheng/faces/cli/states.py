"""`zhunsheng states`: every state machine of the platform as a picture, printed from the tables the verbs use."""

import typer


def diagrams() -> str:
    """All state machines as one Markdown page with Mermaid diagrams."""
    from zhunsheng.activities.campaigns.draw.states import DRAW
    from zhunsheng.activities.campaigns.inspection.states import DISPOSITION, FINDING, INSPECTION
    from zhunsheng.activities.campaigns.plan.states import CAMPAIGN
    from zhunsheng.activities.campaigns.rectification.states import LOOK_BACK, RECTIFICATION
    from zhunsheng.activities.campaigns.screen.states import LOG, SCREEN, SUSPICION
    from zhunsheng.activities.campaigns.selfcheck.states import SELFCHECK
    from zhunsheng.activities.campaigns.summary.states import BULLETIN
    from zhunsheng.activities.proficiency.collect.states import SUBMISSION
    from zhunsheng.activities.proficiency.enrol.states import ENROLMENT
    from zhunsheng.activities.proficiency.follow.states import APPEAL, CASE
    from zhunsheng.activities.proficiency.ship.states import PARCEL
    from zhunsheng.activities.proficiency.states import ROUND
    from zhunsheng.faces.jobs.states import JOB
    from zhunsheng.foundation.imports.states import IMPORT
    from zhunsheng.foundation.messages.states import MAIL
    from zhunsheng.registry.scopes.states import SCOPE_LINE
    from zhunsheng.registry.stocktaking.states import RETURN, STOCKTAKING

    parts = ["# States 状态\n", "Printed by `zhunsheng states`; a test compares this page with the tables.\n"]
    for machine in (
        ROUND, ENROLMENT, PARCEL, SUBMISSION, CASE, APPEAL,
        JOB, MAIL, IMPORT, STOCKTAKING, RETURN, SCOPE_LINE, CAMPAIGN, SELFCHECK, DRAW, SCREEN, LOG, SUSPICION, INSPECTION, FINDING,
        DISPOSITION, RECTIFICATION, LOOK_BACK, BULLETIN,
    ):  # fmt: skip
        owners = "\n".join(f"| {s.name.both()} | {s.owner.both()} |" for s in machine.states.values())
        parts.append(
            f"## {machine.subject.en} {machine.subject.zh}\n\n```mermaid\n{machine.mermaid()}```\n\n"
            f"| state 状态 | whose turn 由谁处理 |\n|---|---|\n{owners}\n"
        )
    return "\n".join(parts)


def states() -> None:
    """Print the state diagrams as Markdown. 打印状态图。"""
    typer.echo(diagrams(), nl=False)
