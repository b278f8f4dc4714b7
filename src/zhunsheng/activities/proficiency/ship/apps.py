from django.apps import AppConfig


class ShipConfig(AppConfig):
    name = "zhunsheng.activities.proficiency.ship"
    label = "pt_ship"
