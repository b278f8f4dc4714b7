from django.apps import AppConfig


class FacesConfig(AppConfig):
    name = "zhunsheng.faces"
    label = "faces"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from zhunsheng.faces.factors import on_factor_added

        authenticator_added.connect(on_factor_added, dispatch_uid="factor_added")
