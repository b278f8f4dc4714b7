"""The addresses at which rounds are planned."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import round_items, round_plan, round_reports, round_screen, schemes

OFFICE_ROUND_PLAN: list[URLPattern] = [
    path("office/rounds/<uuid:pk>/screen/", round_screen.screen, name="office_round_screen"),
    path("office/rounds/<uuid:pk>/reports/", round_reports.reports, name="office_round_reports"),
    path("office/rounds/<uuid:pk>/reports/<str:code>-<str:language>.pdf", round_reports.one, name="office_round_report"),
    path("office/schemes/", schemes.schemes, name="office_schemes"),
    path("office/schemes/new/", schemes.new, name="office_scheme_new"),
    path("office/rounds/plan/", round_plan.new, name="office_round_plan_new"),
    path("office/rounds/<uuid:pk>/plan/", round_plan.plan, name="office_round_plan"),
    path("office/rounds/<uuid:pk>/plan/edit/", round_plan.edit, name="office_round_plan_edit"),
    path("office/rounds/<uuid:pk>/plan/announce/", round_plan.announce, name="office_round_announce"),
    path("office/rounds/<uuid:pk>/plan/put-off/", round_plan.put_off, name="office_round_put_off"),
    path("office/rounds/<uuid:pk>/plan/cancel/", round_plan.cancel, name="office_round_cancel"),
    path("office/rounds/<uuid:pk>/plan/clone/", round_plan.clone, name="office_round_clone"),
    path("office/rounds/<uuid:pk>/plan/items/new/", round_items.item, name="office_round_item_new"),
    path("office/rounds/<uuid:pk>/plan/items/<uuid:item>/", round_items.item, name="office_round_item"),
    path("office/rounds/<uuid:pk>/plan/items/<uuid:item>/remove/", round_items.remove_item, name="office_round_item_remove"),
    path("office/rounds/<uuid:pk>/plan/items/<uuid:item>/measurands/new/", round_items.measurand, name="office_round_measurand_new"),
    path("office/rounds/<uuid:pk>/plan/measurands/<int:number>/", round_items.measurand, name="office_round_measurand"),
    path(
        "office/rounds/<uuid:pk>/plan/measurands/<int:number>/remove/", round_items.remove_measurand,
        name="office_round_measurand_remove",
    ),
]  # fmt: skip
