"""The addresses of scopes, the catalogue and the watch over standards, a line a page."""

from django.urls import path

from zhunsheng.faces.office import catalogue, scope_lines, standards, watch
from zhunsheng.faces.office import scopes as office
from zhunsheng.faces.public import catalogue as public_catalogue
from zhunsheng.faces.public import scopes as public
from zhunsheng.faces.workspace import scopes as workspace
from zhunsheng.faces.workspace import watch as own_watch

SCOPES = [
    path("scopes/", public.search, name="scopes"),
    path("scopes/suggestions/", public.suggestions, name="scope_suggestions"),
    path("scopes/<uuid:pk>/", public.of_institution, name="public_scope"),
    path("catalogue/parameters/", public_catalogue.parameters, name="public_parameters"),
    path("catalogue/matrices/", public_catalogue.matrices, name="public_matrices"),
    path("catalogue/methods/", public_catalogue.methods, name="public_methods"),
    path("catalogue/standards/", public_catalogue.standards, name="public_standards"),
    path("office/scopes/<uuid:pk>/", office.of_institution, name="office_scope"),
    path("office/scopes/<uuid:pk>/change/", office.change_lines, name="office_scope_change"),
    path("office/scopes/lines/<uuid:series>/", office.one, name="office_scope_line"),
    path("office/scopes/<uuid:pk>/new/", scope_lines.enter, name="office_scope_new"),
    path("office/scopes/lines/<uuid:series>/instruments/", scope_lines.instruments, name="office_scope_instruments"),
    path("office/catalogue/parameters/", catalogue.parameters, name="office_parameters"),
    path("office/catalogue/parameters/<int:pk>/", catalogue.parameter, name="office_parameter"),
    path("office/catalogue/matrices/", catalogue.matrices, name="office_matrices"),
    path("office/catalogue/matrices/<int:pk>/", catalogue.matrix, name="office_matrix"),
    path("office/catalogue/methods/", catalogue.methods, name="office_methods"),
    path("office/catalogue/methods/<int:pk>/", catalogue.method, name="office_method"),
    path("office/catalogue/standards/", standards.standards, name="office_standards"),
    path("office/catalogue/standards/suggestions/", catalogue.standard_suggestions, name="office_standard_suggestions"),
    path("office/catalogue/standards/<int:pk>/", standards.standard, name="office_standard"),
    path("office/watch/", watch.watch, name="office_watch"),
    path("office/watch/<int:pk>/", watch.standard, name="office_watch_standard"),
    path("workspace/scope/", workspace.scope, name="workspace_scope"),
    path("workspace/scope/change/", workspace.change_lines, name="workspace_scope_change"),
    path("workspace/scope/lines/<uuid:series>/", workspace.one, name="workspace_scope_line"),
    path("workspace/scope/lines/<uuid:series>/instruments/", workspace.instruments, name="workspace_scope_instruments"),
    path("workspace/watch/", own_watch.watch, name="workspace_watch"),
]
