"""The addresses of screens and suspicions."""

from django.urls import URLPattern, path, re_path

from zhunsheng.faces.office import screens, suspicions
from zhunsheng.faces.workspace import suspicions as asked

SCREENS: list[URLPattern] = [
    path("office/screens/", screens.screens, name="office_screens"),
    path("office/screens/new/", screens.new, name="office_screen_new"),
    re_path(
        r"^office/screens/templates/(?P<kind>[a-z]+)\.(?P<form>xlsx|csv)$",
        screens.template,
        name="office_screen_template",
    ),
    re_path(
        r"^office/screens/logs/(?P<pk>[0-9a-f-]{36})/errors\.(?P<form>xlsx|csv)$",
        screens.errors,
        name="office_screen_errors",
    ),
    path("office/screens/<uuid:pk>/", screens.one, name="office_screen"),
    path("office/screens/<uuid:pk>/send/", screens.send, name="office_screen_send"),
    path("office/screens/<uuid:pk>/run/", screens.run, name="office_screen_run"),
    path("office/suspicions/", suspicions.suspicions, name="office_suspicions"),
    path("office/suspicions/<uuid:pk>/", suspicions.one, name="office_suspicion"),
    path("office/suspicions/<uuid:pk>/settle/", suspicions.settle, name="office_suspicion_settle"),
    path("workspace/suspicions/", asked.suspicions, name="workspace_suspicions"),
    path("workspace/suspicions/<uuid:pk>/", asked.one, name="workspace_suspicion"),
]
