"""All addresses of the site, a line a page; what each page is for stands in its function."""

from django.urls import include, path
from django.views.i18n import set_language

from zhunsheng.faces.public import pages as public

urlpatterns = [
    path("", public.front, name="front"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
]
