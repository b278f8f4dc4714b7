from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "zhunsheng.registry.catalogue"
    label = "catalogue"
