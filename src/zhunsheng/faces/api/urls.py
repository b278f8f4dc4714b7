"""The addresses of the API and of the page on which its tokens are made."""

from django.urls import URLPattern, URLResolver, include, path

from zhunsheng.faces.api import token_pages
from zhunsheng.faces.api.app import addresses

API: list[URLPattern | URLResolver] = [
    path("api/", include(addresses())),
    path("tokens/", token_pages.tokens, name="api_tokens"),
    path("tokens/<uuid:pk>/revoke/", token_pages.revoke, name="api_token_revoke"),
]
