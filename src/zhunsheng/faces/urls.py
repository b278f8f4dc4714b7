"""All addresses of the site, a line a page; what each page is for stands in its function."""

from django.urls import include, path
from django.views.i18n import set_language

from zhunsheng.faces import home, progress
from zhunsheng.faces.office import commissioned, coverage, eligibility, new_round, round, rounds
from zhunsheng.faces.office import lived as office_lived
from zhunsheng.faces.office import risk
from zhunsheng.faces.public import joining, rulebook
from zhunsheng.faces.public import pages as public
from zhunsheng.faces.registers.urls import REGISTERS
from zhunsheng.faces.workspace import capability, lived, members
from zhunsheng.faces.workspace import rounds as results

urlpatterns = [
    path("", public.front, name="front"),
    path("check/", public.check, name="check"),
    path("rulebook/", rulebook.rules, name="rulebook"),
    path("rulebook/findings/", rulebook.findings, name="rulebook_findings"),
    path("rulebook/changes/", rulebook.changes, name="rulebook_changes"),
    path("rulebook/<slug:regulation>/", rulebook.regulation, name="rulebook_regulation"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("home/", home.today, name="home"),
    path("join/<str:secret>/", joining.join, name="join"),
    path("act-for/", members.act_for, name="act_for"),
    path("jobs/<uuid:pk>/", progress.job, name="job"),
    *REGISTERS,
    path("office/rounds/", rounds.rounds, name="office_rounds"),
    path("office/rounds/new/", new_round.new, name="office_round_new"),
    path("office/rounds/new/<uuid:draft>/", new_round.confirm, name="office_round_preview"),
    path("office/rounds/new/<uuid:draft>/discard/", new_round.leave, name="office_round_discard"),
    path("office/rounds/<uuid:pk>/", round.one, name="office_round"),
    path("office/rounds/<uuid:pk>/evaluate/", round.evaluate, name="office_round_evaluate"),
    path("office/rounds/<uuid:pk>/release/", round.release, name="office_round_release"),
    path("office/rounds/<uuid:pk>/settings/", round.change_settings, name="office_round_settings"),
    path("office/rounds/<uuid:pk>/<str:what>", round.file, name="office_round_file"),
    path("office/eligibility/", eligibility.ask, name="office_eligibility"),
    path("office/eligibility/suggestions/", eligibility.suggestions, name="office_suggestions"),
    path("office/eligibility/<uuid:pk>/", eligibility.decision, name="office_decision"),
    path("office/eligibility/<uuid:pk>/confirm/", eligibility.confirm, name="office_decision_confirm"),
    path("office/coverage/", coverage.fields, name="office_coverage"),
    path("office/coverage/<int:parameter>/<int:matrix>/", coverage.item, name="office_coverage_item"),
    path("office/lived-rules/", office_lived.lived, name="office_lived"),
    path("office/risk-classes/", risk.classes, name="office_risk"),
    path("office/risk-classes/publish/", risk.publish, name="office_risk_publish"),
    path("office/risk-classes/<uuid:pk>/", risk.one, name="office_risk_one"),
    path("office/commissioned/", commissioned.rounds, name="office_commissioned"),
    path("office/commissioned/<uuid:pk>/", commissioned.one, name="office_commissioned_round"),
    path("office/commissioned/<uuid:pk>/<str:what>", commissioned.file, name="office_commissioned_file"),
    path("workspace/rounds/", results.rounds, name="workspace_rounds"),
    path("workspace/rounds/<uuid:pk>/", results.one, name="workspace_round"),
    path("workspace/rounds/<uuid:pk>/<str:what>", results.file, name="workspace_round_file"),
    path("workspace/capability/", capability.capability, name="workspace_capability"),
    path("workspace/members/", members.members, name="workspace_members"),
    path("workspace/members/invite/", members.invite_member, name="workspace_member_invite"),
    path("workspace/members/start/", members.start, name="workspace_member_start"),
    path("workspace/members/invitations/<uuid:pk>/withdraw/", members.withdraw, name="workspace_member_withdraw"),
    path("workspace/members/<uuid:pk>/give/", members.give, name="workspace_member_give"),
    path("workspace/members/posts/<int:pk>/end/", members.end, name="workspace_member_end"),
    path("workspace/lived-rules/", lived.lived, name="workspace_lived"),
    path("workspace/lived-rules/new/", lived.new, name="workspace_lived_new"),
    path("workspace/lived-rules/<uuid:pk>/", lived.change, name="workspace_lived_change"),
    path("workspace/lived-rules/<uuid:pk>/document", lived.document, name="workspace_lived_document"),
]
