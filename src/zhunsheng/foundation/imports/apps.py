from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "zhunsheng.foundation.imports"
    label = "imports"
