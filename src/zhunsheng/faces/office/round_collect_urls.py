"""The addresses at which a coordinator watches results come in and closes the collection."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import round_collect

HERE = "office/rounds/<uuid:pk>/collect/"
OFFICE_ROUND_COLLECT: list[URLPattern] = [
    path(HERE, round_collect.watch, name="office_round_collect"),
    path(f"{HERE}remind/", round_collect.remind, name="office_round_collect_remind"),
    path(f"{HERE}close/", round_collect.close, name="office_round_collect_close"),
    path(f"{HERE}<uuid:part>/reopen/", round_collect.reopen, name="office_round_collect_reopen"),
]
