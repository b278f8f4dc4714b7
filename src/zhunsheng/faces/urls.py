"""All addresses of the site, a line a page; what each page is for stands in its function."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language

from zhunsheng.faces import home, inbox, progress
from zhunsheng.faces.api.urls import API
from zhunsheng.faces.campaign_urls import CAMPAIGNS
from zhunsheng.faces.imports import pages as imports
from zhunsheng.faces.inspector.urls import INSPECTOR
from zhunsheng.faces.office import (
    calendar,
    commissioned,
    coverage,
    eligibility,
    inspection_findings,
    inspection_papers,
    inspections,
    mail,
    new_round,
    risk,
    round,
    round_pipeline,
    round_watch,
    rounds,
    stocktakings,
)
from zhunsheng.faces.office import draws as office_draws
from zhunsheng.faces.office import lived as office_lived
from zhunsheng.faces.office import rectifications as office_rectifications
from zhunsheng.faces.office.round_collect_urls import OFFICE_ROUND_COLLECT
from zhunsheng.faces.office.round_enrol_urls import OFFICE_ROUND_ENROL
from zhunsheng.faces.office.round_evaluation_urls import OFFICE_ROUND_EVALUATION
from zhunsheng.faces.office.round_follow_urls import OFFICE_ROUND_FOLLOW
from zhunsheng.faces.office.round_plan_urls import OFFICE_ROUND_PLAN
from zhunsheng.faces.office.round_prepare_urls import OFFICE_ROUND_PREPARE
from zhunsheng.faces.office.round_ship_urls import OFFICE_ROUND_SHIP
from zhunsheng.faces.office.selfcheck_urls import OFFICE_SELFCHECKS
from zhunsheng.faces.public import campaigns as public_campaigns
from zhunsheng.faces.public import draws, joining, near, rulebook, substances
from zhunsheng.faces.public import look_backs as public_look_backs
from zhunsheng.faces.public import pages as public
from zhunsheng.faces.registers.urls import REGISTERS
from zhunsheng.faces.scopes.urls import SCOPES
from zhunsheng.faces.screen_urls import SCREENS
from zhunsheng.faces.step_up import asking_again
from zhunsheng.faces.summary_urls import BULLETINS
from zhunsheng.faces.trail import pages as trail
from zhunsheng.faces.workspace import capability, lived, members, round_enrol, round_items
from zhunsheng.faces.workspace import inspections as visits
from zhunsheng.faces.workspace import rectifications as our_rectifications
from zhunsheng.faces.workspace import rounds as results
from zhunsheng.faces.workspace import stocktakings as returns
from zhunsheng.faces.workspace.campaign_urls import OUR_CAMPAIGNS
from zhunsheng.faces.workspace.round_follow_urls import OUR_ROUND_FOLLOW
from zhunsheng.faces.workspace.round_results_urls import OUR_ROUND_RESULTS
from zhunsheng.faces.workspace.selfcheck_urls import SELFCHECKS

ADDRESSES: list[URLPattern | URLResolver] = [
    path("", public.front, name="front"),
    path("check/", public.check, name="check"),
    path("campaigns/", public_campaigns.campaigns, name="campaigns"),
    path("campaigns/<uuid:pk>/", public_campaigns.one, name="campaign"),
    path("draws/", draws.draws, name="draws"),
    path("draws/<uuid:pk>/", draws.one, name="draw"),
    path("draws/<uuid:pk>/draw.json", draws.file, name="draw_file"),
    path("draws/check/", draws.check, name="draw_check"),
    path("draws/check/draw-check.zip", draws.alone, name="draw_check_alone"),
    path("rulebook/", rulebook.rules, name="rulebook"),
    path("rulebook/findings/", rulebook.findings, name="rulebook_findings"),
    path("rulebook/changes/", rulebook.changes, name="rulebook_changes"),
    path("rulebook/<slug:regulation>/", rulebook.regulation, name="rulebook_regulation"),
    path("find/", near.find, name="find"),
    path("find/suggestions/", near.suggestions, name="find_suggestions"),
    path("substances/", substances.substances, name="substances"),
    path("substances/<int:number>/", substances.substance, name="substance"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("home/", home.today, name="home"),
    path("messages/", inbox.inbox, name="messages"),
    path("messages/read/", inbox.mark_read, name="messages_read"),
    path("messages/preferences/", inbox.preferences, name="messages_preferences"),
    path("messages/<uuid:pk>/", inbox.open_message, name="messages_open"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/day/", calendar.find_day, name="calendar_find_day"),
    path("calendar/day/<str:day>/", calendar.one_day, name="calendar_day"),
    path("calendar/import/", calendar.import_year, name="calendar_import"),
    path("calendar/import/<uuid:draft>/", calendar.preview, name="calendar_preview"),
    path("calendar/import/<uuid:draft>/discard/", calendar.leave, name="calendar_discard"),
    *API,
    path("join/<str:secret>/", joining.join, name="join"),
    path("act-for/", members.act_for, name="act_for"),
    path("jobs/<uuid:pk>/", progress.job, name="job"),
    path("journal/", trail.acts, name="journal"),
    path("journal/<int:pk>/", trail.act, name="journal_act"),
    path("journal/<int:pk>/proof.json", trail.proof, name="journal_proof"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<slug:register>/send/", imports.send, name="import_send"),
    re_path(r"^imports/(?P<register>[a-z_]+)/template\.(?P<form>xlsx|csv)$", imports.template, name="import_template"),
    path("imports/<uuid:pk>/", imports.one, name="import"),
    path("imports/<uuid:pk>/again/", imports.again, name="import_again"),
    path("imports/<uuid:pk>/apply/", imports.apply, name="import_apply"),
    path("imports/<uuid:pk>/give-up/", imports.give_up, name="import_give_up"),
    path("imports/<uuid:pk>/errors.<slug:form>", imports.error_file, name="import_errors"),
    path("office/mail/", mail.mails, name="office_mail"),
    path("office/mail/<uuid:pk>/again/", mail.again, name="office_mail_again"),
    *REGISTERS,
    *SCOPES,
    *SCREENS,
    *BULLETINS,
    *SELFCHECKS,
    *CAMPAIGNS,
    *OUR_CAMPAIGNS,
    *OFFICE_SELFCHECKS,
    path("office/rounds/", rounds.rounds, name="office_rounds"),
    path("office/rounds/evaluate/", rounds.evaluate_all, name="office_rounds_evaluate"),
    *OFFICE_ROUND_PLAN,
    *OFFICE_ROUND_ENROL,
    *OFFICE_ROUND_SHIP,
    *OFFICE_ROUND_COLLECT,
    *OFFICE_ROUND_EVALUATION,
    *OFFICE_ROUND_PREPARE,
    *OFFICE_ROUND_FOLLOW,
    path("office/rounds/new/", new_round.new, name="office_round_new"),
    path("office/rounds/new/<uuid:draft>/", new_round.confirm, name="office_round_preview"),
    path("office/rounds/new/<uuid:draft>/discard/", new_round.leave, name="office_round_discard"),
    path("office/rounds/watch/", round_watch.watch, name="office_round_watch"),
    path("office/rounds/pipeline/", round_pipeline.pipeline, name="office_pipeline"),
    path("office/rounds/<uuid:pk>/pipeline/", round_pipeline.of_round, name="office_round_pipeline"),
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
    path("office/draws/", office_draws.draws, name="office_draws"),
    path("office/draws/new/", office_draws.new, name="office_draw_new"),
    path("office/draws/officers/", office_draws.officers, name="office_officers"),
    path("office/draws/<uuid:pk>/", office_draws.one, name="office_draw"),
    path("office/draws/<uuid:pk>/reveal/", office_draws.reveal, name="office_draw_reveal"),
    path("office/draws/<uuid:pk>/publish/", office_draws.publish, name="office_draw_publish"),
    path("office/draws/<uuid:pk>/again/", office_draws.redraw, name="office_draw_redraw"),
    path("office/draws/<uuid:pk>/draw.json", office_draws.file, name="office_draw_file"),
    *INSPECTOR,
    path("office/inspections/", inspections.inspections, name="office_inspections"),
    path("office/inspections/new/", inspections.new, name="office_inspection_new"),
    path("office/inspections/findings/", inspection_findings.findings, name="office_inspection_findings"),
    path("office/inspections/deciders/", inspection_findings.deciders, name="office_inspection_deciders"),
    path("office/inspections/<uuid:pk>/", inspections.one, name="office_inspection"),
    path("office/inspections/<uuid:pk>/letter.pdf", inspection_papers.letter, name="office_inspection_letter"),
    path("office/inspections/<uuid:pk>/record.pdf", inspection_papers.record, name="office_inspection_record"),
    path("office/inspections/<uuid:pk>/replace/", inspections.replace, name="office_inspection_replace"),
    path("office/inspections/<uuid:pk>/extend/", inspections.extend, name="office_inspection_extend"),
    path("office/inspections/<uuid:pk>/cancel/", inspections.cancel, name="office_inspection_cancel"),
    path("office/inspections/<uuid:pk>/decide/", inspection_findings.decide, name="office_inspection_decide"),
    path("office/inspections/exhibits/<uuid:pk>", inspection_papers.exhibit, name="office_inspection_exhibit"),
    path("office/decisions/<uuid:pk>/letter.pdf", inspection_findings.letter, name="office_disposition_letter"),
    path("office/decisions/<uuid:pk>/answer/", inspection_findings.answer, name="office_disposition_answer"),
    path("office/rectifications/", office_rectifications.rectifications, name="office_rectifications"),
    path("office/rectifications/<uuid:pk>/", office_rectifications.one, name="office_rectification"),
    path("office/rectifications/<uuid:pk>/judge/", office_rectifications.judge, name="office_rectification_judge"),
    path("office/rectifications/<uuid:pk>/effect/", office_rectifications.effect, name="office_rectification_effect"),
    path(
        "office/rectifications/<uuid:pk>/anew/",
        office_rectifications.order_anew,
        name="office_rectification_order_anew",
    ),
    path("office/rectifications/files/<int:pk>/", office_rectifications.file, name="office_rectification_file"),
    path("office/look-backs/new/", office_rectifications.new_look_back, name="office_look_back_new"),
    path("office/look-backs/<uuid:pk>/", office_rectifications.look_back, name="office_look_back"),
    path("office/look-backs/<uuid:pk>/draw/", office_rectifications.draw, name="office_look_back_draw"),
    path("office/look-backs/items/<int:pk>/", office_rectifications.look_again, name="office_look_again"),
    path("look-backs/", public_look_backs.look_backs, name="look_backs"),
    path("look-backs/<uuid:pk>/", public_look_backs.one, name="look_back"),
    path("look-backs/<uuid:pk>/list.json", public_look_backs.file, name="look_back_file"),
    path("workspace/rectifications/", our_rectifications.rectifications, name="workspace_rectifications"),
    path("workspace/rectifications/<uuid:pk>/", our_rectifications.one, name="workspace_rectification"),
    path(
        "workspace/rectifications/<uuid:pk>/submit/", our_rectifications.submit, name="workspace_rectification_submit"
    ),
    path("workspace/rectifications/files/<int:pk>/", our_rectifications.file, name="workspace_rectification_file"),
    path("workspace/inspections/", visits.inspections, name="workspace_inspections"),
    path("workspace/inspections/<uuid:pk>/", visits.one, name="workspace_inspection"),
    path("workspace/inspections/<uuid:pk>/record.pdf", visits.record, name="workspace_inspection_record"),
    path("workspace/inspections/<uuid:pk>/sign/", visits.sign, name="workspace_inspection_sign"),
    path("workspace/decisions/<uuid:pk>/letter.pdf", visits.letter, name="workspace_disposition_letter"),
    path("workspace/decisions/<uuid:pk>/appeal/", visits.appeal, name="workspace_disposition_appeal"),
    path("office/stock-taking/", stocktakings.stocktakings, name="office_stocktakings"),
    path("office/stock-taking/new/", stocktakings.new, name="office_stocktaking_new"),
    path("office/stock-taking/<uuid:pk>/", stocktakings.one, name="office_stocktaking"),
    path("office/stock-taking/<uuid:pk>/decide/", stocktakings.decide, name="office_stocktaking_decide"),
    path("office/stock-taking/<uuid:pk>/close/", stocktakings.close, name="office_stocktaking_close"),
    path("office/stock-taking/returns/<uuid:pk>/", stocktakings.given_back_or_not, name="office_stocktaking_return"),
    path("office/commissioned/", commissioned.rounds, name="office_commissioned"),
    path("office/commissioned/<uuid:pk>/", commissioned.one, name="office_commissioned_round"),
    path("office/commissioned/<uuid:pk>/<str:what>", commissioned.file, name="office_commissioned_file"),
    *OUR_ROUND_RESULTS,
    *OUR_ROUND_FOLLOW,
    path("workspace/items/", round_items.items, name="workspace_items"),
    path("workspace/items/<uuid:pk>/", round_items.parcel, name="workspace_parcel"),
    path("workspace/items/<uuid:pk>/ask/", round_items.ask_replacement, name="workspace_parcel_ask"),
    path("workspace/enrolments/", round_enrol.enrolments, name="workspace_enrolments"),
    path("workspace/enrolments/<uuid:pk>/", round_enrol.enrol, name="workspace_enrol"),
    path("workspace/enrolments/<uuid:pk>/withdraw/", round_enrol.withdraw, name="workspace_withdraw"),
    path("workspace/rounds/", results.rounds, name="workspace_rounds"),
    path("workspace/rounds/<uuid:pk>/", results.one, name="workspace_round"),
    path("workspace/rounds/<uuid:pk>/own-report-<str:language>.pdf", results.own_report, name="workspace_own_report"),
    path("workspace/rounds/<uuid:pk>/<str:what>", results.file, name="workspace_round_file"),
    path("workspace/capability/", capability.capability, name="workspace_capability"),
    path("workspace/stock-taking/", returns.returns, name="workspace_returns"),
    path("workspace/stock-taking/<uuid:pk>/", returns.one, name="workspace_return"),
    path("workspace/stock-taking/<uuid:pk>/confirm/", returns.confirm, name="workspace_return_confirm"),
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
urlpatterns = asking_again(ADDRESSES)
