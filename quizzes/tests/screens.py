"""What a learner finds on a page, read from its HTML as a browser would read it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

FIELDS = ("radio", "checkbox")


@dataclass
class Fieldset:
    """A question on the page: its name in the form, and its options by their labels."""

    legend: str = ""
    name: str = ""
    options: dict = field(default_factory=dict)
    checked: list = field(default_factory=list)
    errors: list = field(default_factory=list)


@dataclass
class Screen:
    title: str = ""
    heading: str = ""
    text: str = ""
    questions: list = field(default_factory=list)
    hidden: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)
    anchors: list = field(default_factory=list)
    selects: dict = field(default_factory=dict)
    """Selects by their labels, as fieldsets with their options."""
    texts: list = field(default_factory=list)
    """Names of text inputs."""
    summary: dict = field(default_factory=dict)
    """Sentences of the error summary, and where each leads."""

    @property
    def question(self):
        (only,) = self.questions
        return only


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.screen = Screen()
        self.ids = {}
        self.labels = {}
        self.select = None
        self.into = []  # (tag, where its text goes)
        self.in_summary = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if attrs.get("id"):
            self.screen.anchors.append(attrs["id"])
        if attrs.get("id") == "error-summary":
            self.in_summary = True
        if tag == "fieldset":
            self.screen.questions.append(Fieldset())
        elif tag == "input":
            self.read_input(attrs)
        elif tag == "select":
            self.select = Fieldset(name=attrs["name"])
            self.screen.selects[self.labels[attrs["id"]]] = self.select
        elif tag in ("title", "h1", "legend", "label", "a", "button", "option"):
            self.into.append((tag, attrs, []))
        elif "error" in attrs.get("class", "").split():
            self.into.append((tag, {"error": True}, []))

    def read_input(self, attrs):
        if attrs["type"] == "hidden":
            self.screen.hidden[attrs["name"]] = attrs.get("value", "")
        elif attrs["type"] == "text":
            self.screen.texts.append(attrs["name"])
        elif attrs["type"] in FIELDS:
            question = self.screen.questions[-1]
            question.name = attrs["name"]
            self.ids[attrs["id"]] = attrs["value"]
            if "checked" in attrs:
                question.checked.append(attrs["id"])

    def handle_data(self, data):
        self.screen.text += data
        for _, _, parts in self.into:
            parts.append(data)

    def handle_endtag(self, tag):
        if tag == "section":
            self.in_summary = False
        if self.into and self.into[-1][0] == tag:
            _, attrs, parts = self.into.pop()
            self.keep(tag, attrs, " ".join("".join(parts).split()))

    def keep(self, tag, attrs, text):
        if tag == "option":
            self.select.options[text] = attrs["value"]
            if "selected" in attrs:
                self.select.checked.append(text)
            return
        screen = self.screen
        if tag == "title":
            screen.title = text
        elif tag == "h1" and not screen.heading:
            screen.heading = text
        elif tag == "legend":
            screen.questions[-1].legend = text
        elif tag == "label":
            self.keep_label(attrs["for"], text)
        elif tag == "a":
            found = screen.summary if self.in_summary else screen.links
            found[text] = attrs.get("href")
        elif tag == "button":
            screen.buttons.append(text)
        elif attrs.get("error") and screen.questions:
            screen.questions[-1].errors.append(text.removeprefix("Error: "))

    def keep_label(self, target, text):
        if target not in self.ids:
            self.labels[target] = text
            return
        question = self.screen.questions[-1]
        question.options[text] = self.ids[target]
        if target in question.checked:
            question.checked[question.checked.index(target)] = text


def read(response):
    """The page as a Screen."""
    reader = _Reader()
    reader.feed(response.content.decode())
    reader.screen.text = " ".join(reader.screen.text.split())
    return reader.screen
