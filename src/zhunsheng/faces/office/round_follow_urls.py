"""The addresses at which provider and authority follow a round up."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import commissioned_follow, round_case, round_follow

OFFICE_ROUND_FOLLOW: list[URLPattern] = [
    path("office/rounds/<uuid:pk>/follow-up/", round_follow.follow, name="office_round_follow"),
    path("office/rounds/<uuid:pk>/follow-up/open/", round_follow.open_now, name="office_round_follow_open"),
    path("office/rounds/<uuid:pk>/follow-up/days/", round_follow.set_days, name="office_round_follow_days"),
    path("office/rounds/cases/<uuid:pk>/", round_case.one, name="office_round_case"),
    path("office/rounds/cases/<uuid:pk>/trends/", round_case.trends, name="office_round_case_trends"),
    path("office/rounds/cases/<uuid:pk>/review/", round_case.review, name="office_round_case_review"),
    path("office/rounds/cases/<uuid:pk>/ask/", round_case.ask, name="office_round_case_ask"),
    path("office/rounds/cases/<uuid:pk>/retest/", round_case.retest, name="office_round_case_retest"),
    path("office/rounds/cases/<uuid:pk>/close/", round_case.close, name="office_round_case_close"),
    path("office/rounds/cases/files/<int:pk>/", round_case.answer_file, name="office_round_case_file"),
    path("office/rounds/appeals/<uuid:pk>/", round_case.appeal, name="office_round_appeal"),
    path("office/rounds/appeals/files/<int:pk>/", round_case.appeal_file, name="office_round_appeal_file"),
    path("office/commissioned/<uuid:pk>/follow-up/", commissioned_follow.cases, name="office_commissioned_follow"),
    path("office/commissioned/cases/<uuid:pk>/", commissioned_follow.case, name="office_commissioned_case"),
]
