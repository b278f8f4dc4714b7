"""The addresses at which a laboratory answers for its unsatisfactory results and appeals."""

from django.urls import URLPattern, path

from zhunsheng.faces.workspace import round_follow as follow
from zhunsheng.faces.workspace import trends

OUR_ROUND_FOLLOW: list[URLPattern] = [
    path("workspace/trends/", trends.trends, name="workspace_trends"),
    path("workspace/trends/<int:parameter>/<int:matrix>/", trends.trend, name="workspace_trend"),
    path("workspace/follow-up/", follow.cases, name="workspace_cases"),
    path("workspace/rounds/<uuid:pk>/follow-up/", follow.one, name="workspace_round_follow"),
    path("workspace/rounds/<uuid:pk>/follow-up/answer/", follow.answer, name="workspace_round_answer"),
    path("workspace/rounds/<uuid:pk>/follow-up/appeal/", follow.appeal, name="workspace_round_appeal"),
    path("workspace/follow-up/appeals/<uuid:pk>/withdraw/", follow.withdraw, name="workspace_appeal_withdraw"),
    path("workspace/follow-up/answers/files/<int:pk>/", follow.answer_file, name="workspace_answer_file"),
    path("workspace/follow-up/appeals/files/<int:pk>/", follow.appeal_file, name="workspace_appeal_file"),
]
