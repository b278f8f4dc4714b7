from django.apps import AppConfig


class EquipmentConfig(AppConfig):
    name = "zhunsheng.registry.equipment"
    label = "equipment"
