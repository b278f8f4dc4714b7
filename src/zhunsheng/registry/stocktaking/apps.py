from django.apps import AppConfig


class StocktakingConfig(AppConfig):
    name = "zhunsheng.registry.stocktaking"
    label = "stocktaking"
