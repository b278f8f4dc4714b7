"""The addresses at which it is chosen what the evaluation of a round rests on."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import round_correct, round_evaluation, round_what_if

OFFICE_ROUND_EVALUATION: list[URLPattern] = [
    path("office/rounds/<uuid:pk>/correct/", round_correct.correct, name="office_round_correct"),
    path("office/rounds/<uuid:pk>/evaluation/", round_evaluation.choose, name="office_round_evaluation"),
    path("office/rounds/<uuid:pk>/evaluation/what-if/", round_what_if.what_if, name="office_round_what_if"),
    path("office/rounds/<uuid:pk>/evaluation/judging/", round_evaluation.set_judging, name="office_round_evaluation_judging"),
    path(
        "office/rounds/<uuid:pk>/evaluation/<int:number>/settings/", round_evaluation.set_measurand,
        name="office_round_evaluation_measurand",
    ),
    path(
        "office/rounds/<uuid:pk>/evaluation/<int:number>/exclude/", round_evaluation.exclude,
        name="office_round_evaluation_exclude",
    ),
]  # fmt: skip
