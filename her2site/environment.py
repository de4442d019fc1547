"""What the environment says, read with a sentence for what makes no sense."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def read_words(name: str) -> list[str]:
    """The words of a list that is separated by commas."""
    return [
        word.strip() for word in env.str(name, default="").split(",") if word.strip()
    ]


def read_number(name: str, default: int) -> int:
    text = env.str(name, default="") or str(default)
    if not (text.isascii() and text.isdigit()):
        msg = f"{name} must be a whole number, for instance {name}={default}"
        raise ImproperlyConfigured(msg)
    return int(text)


def read_switch(name: str, *, default: bool) -> bool:
    text = env.str(name, default="").lower() or str(default).lower()
    if text not in {"true", "yes", "on", "1", "false", "no", "off", "0"}:
        msg = f"{name} must be true or false, for instance {name}=true"
        raise ImproperlyConfigured(msg)
    return text in {"true", "yes", "on", "1"}
