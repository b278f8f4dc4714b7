from django.apps import AppConfig


class FacesConfig(AppConfig):
    name = "zhunsheng.faces"
    label = "faces"
