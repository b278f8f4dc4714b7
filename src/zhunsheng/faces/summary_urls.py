"""The addresses of bulletins."""

from django.urls import URLPattern, path, re_path

from zhunsheng.faces.office import bulletins
from zhunsheng.faces.public import bulletins as public

BULLETINS: list[URLPattern] = [
    path("office/bulletins/", bulletins.bulletins, name="office_bulletins"),
    path("office/bulletins/new/", bulletins.new, name="office_bulletin_new"),
    path("office/bulletins/<uuid:pk>/", bulletins.one, name="office_bulletin"),
    path("office/bulletins/<uuid:pk>/compute/", bulletins.compute, name="office_bulletin_compute"),
    path("office/bulletins/<uuid:pk>/write/<slug:kind>/", bulletins.write, name="office_bulletin_write"),
    path("office/bulletins/<uuid:pk>/texts/<uuid:key>/", bulletins.rewrite, name="office_bulletin_text"),
    path("office/bulletins/<uuid:pk>/texts/<uuid:key>/out/", bulletins.take_out, name="office_bulletin_take_out"),
    path("office/bulletins/<uuid:pk>/texts/<uuid:key>/consent/", bulletins.consent, name="office_bulletin_consent"),
    path("office/bulletins/<uuid:pk>/release/", bulletins.release, name="office_bulletin_release"),
    path("office/bulletins/<uuid:pk>/withdraw/", bulletins.withdraw, name="office_bulletin_withdraw"),
    re_path(
        r"^office/bulletins/(?P<pk>[0-9a-f-]{36})/bulletin\.(?P<form>pdf|xlsx)$",
        bulletins.file,
        name="office_bulletin_file",
    ),
    path("bulletins/", public.bulletins, name="bulletins"),
    path("bulletins/<uuid:pk>/", public.one, name="bulletin"),
    re_path(r"^bulletins/(?P<pk>[0-9a-f-]{36})/bulletin\.(?P<form>pdf|xlsx)$", public.file, name="bulletin_file"),
]
