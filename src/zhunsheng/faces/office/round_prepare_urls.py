"""The addresses at which the items of a round are prepared."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import round_prepare, round_prepare_acts, round_prepare_seals, round_prepare_variants

ROOM = "office/rounds/<uuid:pk>/prepare/"

OFFICE_ROUND_PREPARE: list[URLPattern] = [
    path(ROOM, round_prepare.overview, name="office_round_prepare"),
    path(f"{ROOM}variants/", round_prepare_variants.variants, name="office_round_prepare_variants"),
    path(f"{ROOM}variants/assign/", round_prepare_variants.assign, name="office_round_prepare_assign"),
    path(f"{ROOM}variants/replace/", round_prepare_variants.replace, name="office_round_prepare_replace"),
    path(f"{ROOM}seals/open/", round_prepare_seals.unseal, name="office_round_prepare_unseal"),
    path(f"{ROOM}seals/<uuid:seal>.json", round_prepare_seals.opened, name="office_round_prepare_opened"),
    path(f"{ROOM}studies/<uuid:study>/", round_prepare.raw, name="office_round_prepare_raw"),
    path(f"{ROOM}<str:kind>/template.<str:form>", round_prepare.empty, name="office_round_prepare_template"),
    path(f"{ROOM}<str:kind>/", round_prepare_acts.enter, name="office_round_prepare_enter"),
    path(f"{ROOM}<int:number>/seal/<int:variant>/", round_prepare_seals.seal, name="office_round_prepare_seal"),
    path(f"{ROOM}<int:number>/<str:kind>/", round_prepare.study, name="office_round_prepare_study"),
    path(f"{ROOM}<int:number>/<str:kind>/waive/", round_prepare_acts.waive, name="office_round_prepare_waive"),
    path(f"{ROOM}<int:number>/<str:kind>/judge/", round_prepare_acts.judge, name="office_round_prepare_judge"),
]
