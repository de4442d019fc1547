"""Forms of the admin as a browser would send them, read from the page that shows them."""

from html.parser import HTMLParser

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse


class _Fields(HTMLParser):
    def __init__(self, form_id):
        super().__init__()
        self.wanted, self.inside = form_id, False
        self.fields, self.area, self.select = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            is_post = attrs.get("method") == "post" and attrs.get("id") != "logout-form"
            self.inside = is_post and attrs.get("id") == self.wanted
        name = attrs.get("name")
        if tag == "select":
            self.select = None if "disabled" in attrs else name
        if not self.inside or "disabled" in attrs:
            return
        if tag == "input" and name:
            self.read_input(attrs)
        elif tag == "textarea":
            self.area = name
            self.fields[name] = ""
        elif tag == "option" and "selected" in attrs and self.select:
            self.fields.setdefault(self.select, []).append(attrs["value"])

    def read_input(self, attrs):
        kind = attrs.get("type", "text")
        if kind in ("radio", "checkbox"):
            if "checked" in attrs:
                self.keep(attrs["name"], attrs.get("value", "on"))
        elif kind == "hidden":
            self.keep(attrs["name"], attrs.get("value", ""))
        elif kind not in ("submit", "button", "file"):
            self.fields[attrs["name"]] = attrs.get("value", "")

    def keep(self, name, value):
        """Several fields of one name are all sent."""
        self.fields.setdefault(name, []).append(value)

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            # A browser drops the line break right after the tag, and sends two characters
            # for each of the others.
            lines = self.fields[self.area].removeprefix("\n").splitlines()
            self.fields[self.area] = "\r\n".join(lines)
            self.area = None
        if tag == "form":
            self.inside = False


def fields_of(response, form_id=None):
    """What the form would send if its button were pressed now; no id: a confirm screen."""
    reader = _Fields(form_id)
    reader.feed(response.content.decode())
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in reader.fields.items()
        if "__prefix__" not in name
    }


def staff_client(user):
    client = Client()
    client.force_login(user)
    return client


def address(row, move="change"):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{move}", args=[row.pk])


def open_form(client, row):
    """The form of a row: (where to send it, what it holds)."""
    url = address(row)
    response = client.get(url)
    assert response.status_code == 200
    return url, fields_of(response, f"{row._meta.model_name}_form")


def save(client, row, /, **changes):
    """Open the form of a row, change these fields, send it."""
    url, fields = open_form(client, row)
    return client.post(url, {**fields, "_continue": "1", **changes})


def confirm(client, row, move, **values):
    """Open the confirm screen of a move and press its button."""
    url = address(row, move)
    shown = client.get(url)
    assert shown.status_code == 200
    return client.post(url, {**fields_of(shown), **values})


def said(response):
    """The messages of the page that a redirect leads to."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def text(response):
    return " ".join(response.content.decode().split())
