"""The addresses at which the enrolment in a round is kept."""

from django.urls import URLPattern, path, re_path

from zhunsheng.faces.office import round_enrol, round_enrol_file

OFFICE_ROUND_ENROL: list[URLPattern] = [
    path("office/rounds/<uuid:pk>/enrol/", round_enrol.enrolments, name="office_round_enrol"),
    path("office/rounds/<uuid:pk>/enrol/file/", round_enrol_file.from_file, name="office_round_enrol_file"),
    re_path(
        r"^office/rounds/(?P<pk>[0-9a-f-]{36})/enrol/enrolments\.(?P<form>xlsx|csv)$",
        round_enrol_file.file_template,
        name="office_round_enrol_template",
    ),
    path("office/rounds/<uuid:pk>/enrol/invite/", round_enrol.invite, name="office_round_invite"),
    path("office/rounds/<uuid:pk>/enrol/begin/", round_enrol.begin, name="office_round_begin"),
    path("office/rounds/<uuid:pk>/enrol/late/", round_enrol.late, name="office_round_enrol_late"),
]
