from django.apps import AppConfig


class WsisConfig(AppConfig):
    name = "wsis"
    default = True

    def ready(self) -> None:
        from wsis import checks  # noqa: F401, PLC0415 - registering is what importing them does
