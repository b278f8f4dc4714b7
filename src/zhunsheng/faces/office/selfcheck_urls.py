"""The addresses at which authorities run self-checks and keep checklists."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import (
    checklists,
    selfcheck_calls,
    selfcheck_finals,
    selfcheck_forms,
    selfcheck_lists,
    selfchecks,
)

OFFICE_SELFCHECKS: list[URLPattern] = [
    path("office/campaigns/<uuid:pk>/self-check/", selfchecks.selfchecks, name="office_selfchecks"),
    path("office/campaigns/<uuid:pk>/self-check/call/", selfcheck_calls.call, name="office_selfcheck_call"),
    path("office/campaigns/<uuid:pk>/self-check/open/", selfcheck_calls.go_on, name="office_selfcheck_open"),
    path(
        "office/campaigns/<uuid:pk>/self-check/institutions/",
        selfcheck_lists.institutions,
        name="office_selfcheck_list",
    ),
    path("office/campaigns/<uuid:pk>/self-check/final/", selfcheck_finals.finals, name="office_selfcheck_finals"),
    path("office/self-checks/<uuid:pk>/", selfcheck_forms.one, name="office_selfcheck"),
    path("office/self-checks/<uuid:pk>/return/", selfcheck_forms.give_back, name="office_selfcheck_return"),
    path("office/self-checks/<uuid:pk>/freeze/", selfcheck_forms.freeze, name="office_selfcheck_freeze"),
    path("office/self-checks/<uuid:pk>/proofs/<uuid:proof>/", selfcheck_forms.proof, name="office_selfcheck_proof"),
    path("office/checklists/", checklists.checklists, name="office_checklists"),
    path("office/checklists/<uuid:pk>/", checklists.one, name="office_checklist"),
    path("office/checklists/<uuid:pk>/checklist.xlsx", checklists.template, name="office_checklist_file"),
    path("office/checklists/<uuid:pk>/next/", checklists.send, name="office_checklist_send"),
]
