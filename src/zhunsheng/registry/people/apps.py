from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zhunsheng.registry.people"
    label = "people"
