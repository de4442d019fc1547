"""The laws of the house that no other tool knows."""

import ast
import re
from functools import cache

import pytest
from django.conf import settings

HOUSE = settings.BASE_DIR
PACKAGES = ["her2site", "quizzes", "articles"]
LONGEST_FILE = 400
VAGUE_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "services",
    "core",
    "misc",
}
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
}
SAFE_FILTER = re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off")
# What `markup` has made and cleaned is called …html wherever it is kept, so that a template
# which prints it as it is shows at a glance that it may.
CLEANED_HTML = re.compile(r"{{ (\w+\.)*(\w+_)?html\|safe }}")
MAY_MARK_SAFE = {
    "quizzes/templatetags/quizzes.py": "puts rendered checks between the passages of a page",
}


def files(pattern):
    return sorted(path for name in PACKAGES for path in (HOUSE / name).rglob(pattern))


def own_code():
    return [
        path for path in files("*.py") if not {"tests", "migrations"} & set(path.parts)
    ]


def templates():
    return sorted((HOUSE / "templates").rglob("*.html")) + files("*.html")


def texts():
    """Every file of the repository that a person could read."""
    folders = [
        HOUSE / name
        for name in [*PACKAGES, ".ci", "benchmarks", "content", "docs", "templates"]
    ]
    inside = [
        path for folder in folders for path in folder.rglob("*") if path.is_file()
    ]
    top = [path for path in HOUSE.iterdir() if path.is_file()]
    unread = {".pyc", ".png", ".jpg", ".webp", ".woff2", ".docx", ".sqlite3"}
    return [
        path
        for path in inside + top
        if path.suffix not in unread and path.name != ".coverage"
    ]


def short(path):
    return str(path.relative_to(HOUSE))


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path):
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]


class TestFiles:
    def test_none_is_longer_than_a_person_reads(self):
        static = [
            path
            for path in (HOUSE / "static").rglob("*")
            if path.suffix in {".css", ".js"}
        ]
        long = {
            short(path): lines
            for path in [*files("*.py"), *templates(), *static]
            if not {"migrations", "tests"} & set(path.parts)
            and (lines := len(path.read_text(encoding="utf-8").splitlines()))
            > LONGEST_FILE
        }
        # The style sheet is one file on purpose: one request, headed by a list of contents.
        long.pop("static/css/site.css", None)
        assert long == {}

    def test_none_has_a_name_that_says_nothing(self):
        assert [short(path) for path in files("*.py") if path.stem in VAGUE_NAMES] == []

    def test_every_module_opens_with_a_sentence(self):
        silent = [
            path
            for path in own_code()
            if path.stat().st_size and not ast.get_docstring(tree_of(path))
        ]
        assert [short(path) for path in silent] == []


class TestWrites:
    """Rows change in moves (modules in *-ing), in tables and in commands, nowhere else."""

    def may_write(self, path):
        return (
            path.stem.endswith("ing")
            or "models" in path.parts
            or path.stem == "models"
            or "commands" in path.parts
        )

    def is_write(self, call):
        """Whether `call` reads `something.save(…)` and the like.

        An admin's `super().save_model()` has another name; `form.save(commit=False)` writes
        nothing; and the `update` of a dictionary or a hash, unlike a query's, takes an argument
        without a name.
        """
        if not isinstance(call.func, ast.Attribute):
            return False
        held_back = any(word.arg == "commit" for word in call.keywords)
        other_update = call.func.attr == "update" and call.args
        return call.func.attr in WRITES and not held_back and not other_update

    def test_stand_only_where_they_belong(self):
        found = [
            f"{short(path)}:{call.lineno} {ast.unparse(call.func)}"
            for path in own_code()
            if not self.may_write(path)
            for call in calls(path)
            if self.is_write(call)
        ]
        assert found == []


class TestHtml:
    def test_no_code_declares_text_safe(self):
        """Safe HTML is made by templates, by format_html, or by `markup`, and by nobody else."""
        names = {"mark_safe", "SafeString", "SafeText", "html_safe"}
        found = [
            f"{short(path)}:{call.lineno}"
            for path in own_code()
            if short(path) not in MAY_MARK_SAFE
            for call in calls(path)
            if getattr(call.func, "id", getattr(call.func, "attr", "")) in names
        ]
        assert found == []

    def test_format_html_is_given_a_text_that_stands_in_the_code(self):
        found = [
            f"{short(path)}:{call.lineno}"
            for path in own_code()
            for call in calls(path)
            if getattr(call.func, "id", "") == "format_html"
            and not (call.args and isinstance(call.args[0], ast.Constant))
        ]
        assert found == []

    def test_templates_print_only_cleaned_html_as_it_is(self):
        found = [
            f"{short(path)}:{number} {line.strip()}"
            for path in templates()
            for number, line in enumerate(
                path.read_text(encoding="utf-8").splitlines(), 1
            )
            if SAFE_FILTER.search(CLEANED_HTML.sub("", line))
        ]
        assert found == []

    def test_templates_hold_no_inline_script_or_style(self):
        """The content security policy would refuse them, in the browser and silently."""
        inline = re.compile(
            r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)|<style|\sstyle=|\son[a-z]+=\"",
            re.I,
        )
        found = [
            f"{short(path)}: {match.group()}"
            for path in templates()
            for match in inline.finditer(path.read_text(encoding="utf-8"))
        ]
        assert found == []


class TestPrivacyOfTheBuilders:
    def test_no_file_leads_to_a_place_on_somebodys_own_machine(self):
        own = re.compile(
            r"(?<![\w.])/(home|root|Users|work)/|\b(shared)/|--(extra-)?index-url"
        )
        found = [
            f"{short(path)}: {match.group()}"
            for path in texts()
            for match in own.finditer(path.read_text(encoding="utf-8"))
        ]
        assert found == []


class TestReadme:
    def commands(self):
        lines = (HOUSE / "README.md").read_text(encoding="utf-8").splitlines()
        return [
            line.strip() for line in lines if line.strip().startswith("python3 -m venv")
        ]

    def test_has_two_commands_one_to_run_and_one_to_test(self):
        run, test = self.commands()
        assert run.endswith("manage.py demo")
        assert test.endswith("pytest")

    def test_the_machine_that_checks_changes_runs_the_same_two(self):
        script = (HOUSE / ".ci" / "run").read_text(encoding="utf-8")
        assert [
            command for command in self.commands() if f"'{command}'" not in script
        ] == []

    def test_every_folder_it_maps_exists(self):
        mapped = re.findall(
            r"^\| `([\w/.]+)` \|",
            (HOUSE / "README.md").read_text(encoding="utf-8"),
            re.M,
        )
        assert mapped
        assert [name for name in mapped if not (HOUSE / name).exists()] == []


class TestRequirements:
    @pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
    def test_every_line_is_an_exact_version_from_the_public_index(self, name):
        lines = (HOUSE / name).read_text(encoding="utf-8").splitlines()
        wanted = [
            line for line in lines if line.strip() and not line.lstrip().startswith("#")
        ]
        assert [
            line for line in wanted if not re.match(r"[a-z0-9-]+==[\w.]+( ;|$)", line)
        ] == []

    def test_the_second_file_holds_the_first(self):
        def pins(name):
            return set(
                re.findall(
                    r"^\S+==\S+", (HOUSE / name).read_text(encoding="utf-8"), re.M
                )
            )

        assert pins("requirements.txt") <= pins("requirements-dev.txt")
