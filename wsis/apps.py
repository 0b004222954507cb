from django.apps import AppConfig


class WsisConfig(AppConfig):
    name = "wsis"

    def ready(self) -> None:
        from wsis import checks  # noqa: F401, PLC0415 - registering is what importing it does
