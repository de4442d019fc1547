"""The account pages as a person with a browser uses them."""

import time
from html import unescape

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.utils.html import strip_tags

PASSWORD = "correct horse battery"
LOGIN = "/account/login/"


def browser(**headers):
    return Client(headers={"sec-fetch-site": "same-origin", **headers})


def sign_in(client, email="ana@example.org", password=PASSWORD, **fields):
    return client.post(LOGIN, {"login": email, "password": password, **fields})


def sign_up(client, email="new@example.org", password=PASSWORD, **fields):
    words = {"email": email, "password1": password, **fields}
    return client.post("/account/signup/", words)


def who(client):
    """The id of who is signed in, or None."""
    return client.session.get("_auth_user_id")


def shown(response):
    """All text of a page, without line breaks."""
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def last_mail():
    return mail.outbox[-1]


def link_in(message):
    """The address in a mail, without the host."""
    (line,) = [line for line in message.body.splitlines() if "://" in line]
    return "/" + line.split("/", 3)[3].strip()


def app_code(secret, *, later=0):
    """What an authenticator app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def confirm_password(client):
    """Say again who one is, as pages that protect the account ask."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def set_up_app(client):
    """Add an app as second step to the account that is signed in; gives its secret."""
    confirm_password(client)
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": app_code(secret)})
    return secret
