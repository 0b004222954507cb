"""The architecture itself: what must stay true of the source, whoever changes it."""

import ast
import pkgutil
import re
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from submissions.review.trail import LOCK_SPACE as TRAIL_LOCK_SPACE
from tests.source import APPS, BASE, MODULES, SOURCES, TEMPLATES, name
from themes.lock import LOCK_SPACE


def tree(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(BASE).with_suffix("").parts).removesuffix(".__init__")


def package_of(module: str) -> str:
    """The package, or the module beside it, of a dotted name in submissions/; else nothing."""
    app, _, rest = module.partition(".")
    return rest.partition(".")[0] if app == "submissions" else ""


def test_there_is_something_to_look_at():
    assert len(MODULES) > 40
    assert len(TEMPLATES) > 20


def test_themes_never_imports_submissions():
    guilty = [
        name(path)
        for path in SOURCES
        if path.parts[-2:][0]
        and "themes" in path.relative_to(BASE).parts[:1]
        and any(module.split(".")[0] == "submissions" for module in imported(path))
    ]
    assert guilty == []


# Bottom to top: what stands in a row imports from the rows above it, and from nothing beside it or below it.
LAYERS = (
    ("text", "roles", "edit_conflict", "signals"),
    ("models", "apps"),
    ("search", "drafts", "forms"),
    ("queries",),
    ("mail", "documents", "respondent_form"),
    ("review",),
    ("sending", "export"),
    ("public", "admin", "templatetags", "tasks", "demo", "metrics"),
    ("urls", "management"),
)


def test_imports_in_submissions_go_downwards_only():
    layer_of = {package: n for n, packages in enumerate(LAYERS) for package in packages}
    modules = [
        path for path in MODULES if name(path).startswith("submissions/") and name(path) != "submissions/__init__.py"
    ]
    assert {package_of(module_name(path)) for path in modules} == set(layer_of)
    upwards = {
        f"{name(path)} imports {module}"
        for path in modules
        for module in imported(path)
        if (package := package_of(module)) in layer_of
        and package != package_of(module_name(path))
        and layer_of[package] >= layer_of[package_of(module_name(path))]
    }
    assert upwards == set()


def test_no_module_imports_in_a_circle():
    """Inside a package, too. Imports inside functions count, so that none can hide a circle."""
    modules = {module_name(path): path for path in MODULES}
    graph: dict[str, set[str]] = defaultdict(set)
    for module, path in modules.items():
        graph[module] = {other for other in imported(path) if other in modules and other != module}
        # A package that gathers its modules is known by its own name inside of it; what counts is what it gathers.
        graph[module] -= {module.rpartition(".")[0]}
    assert len(list(TopologicalSorter(graph).static_order())) == len(modules)


def test_a_model_has_one_import_path():
    deep = re.compile(r"^\s*(from|import) (submissions|themes)\.models\.", re.MULTILINE)
    readers = [path for path in MODULES if not name(path).startswith(("submissions/models/", "themes/models/"))]
    readers += sorted((BASE / "tests").rglob("*.py")) + sorted((BASE / "bench").rglob("*.py"))
    assert [name(path) for path in readers if deep.search(path.read_text(encoding="utf-8"))] == []


def test_no_test_imports_another():
    guilty = {
        f"{name(path)}: {module}"
        for path in sorted((BASE / "tests").rglob("*.py"))
        for module in imported(path)
        if module.startswith("tests.") and re.search(r"\.(test_\w+|conftest)$", module)
    }
    assert guilty == set()


def test_tests_and_templates_stand_where_their_packages_do():
    packages = {path.name for path in (BASE / "submissions").iterdir() if (path / "__init__.py").exists()}
    tested = {path.name for path in (BASE / "tests" / "submissions").iterdir() if (path / "__init__.py").exists()}
    assert tested <= packages
    assert {path.name for path in (BASE / "templates" / "submissions").iterdir() if path.is_dir()} <= packages


def test_wsis_knows_no_rules():
    """Foundations may name the apps in settings and urls, and the seeding; they import no models and no verbs."""
    guilty = {
        f"{name(path)}: {module}"
        for path in MODULES
        if path.relative_to(BASE).parts[0] == "wsis"
        for module in imported(path)
        if module.split(".")[0] in {"accounts", "themes", "submissions"}
    }
    guilty |= {
        f"{name(path)}: {module}"
        for path in MODULES
        if path.relative_to(BASE).parts[0] == "accounts"
        for module in imported(path)
        if module.split(".")[0] in {"themes", "submissions"}
    }
    assert guilty == set()


BOUNDS = {"opens_at", "closes_at", "closed_at"}


def compares_a_deadline(path: Path) -> list[int]:
    """The lines that compare a moment with a deadline, in Python or as a query's keyword."""
    lines = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Compare | ast.BinOp):
            # "is None" asks whether there is a row's mark, and compares no moment.
            if isinstance(node, ast.Compare) and all(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
                continue
            parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) else [node.left, node.right]
            if any(isinstance(part, ast.Attribute) and part.attr in BOUNDS for part in parts):
                lines.append(node.lineno)
        if isinstance(node, ast.keyword) and node.arg:
            field, _, lookup = node.arg.partition("__")
            if field in BOUNDS and lookup in {"lt", "lte", "gt", "gte", "range"}:
                lines.append(node.value.lineno)
    return lines


def test_only_intake_compares_with_a_deadline():
    guilty = {name(path): lines for path in MODULES if (lines := compares_a_deadline(path))}
    assert set(guilty) == {"themes/intake.py"}


def test_only_settings_reads_the_environment():
    reads = re.compile(r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv|Env\(")
    guilty = [name(path) for path in MODULES if reads.search(path.read_text(encoding="utf-8"))]
    # stack.py hands the environment on to the processes it starts, and reads nothing from it; gunicorn.py tells by it
    # where a library is to count.
    assert guilty == ["wsis/gunicorn.py", "wsis/local/stack.py", "wsis/settings.py"]


def test_env_example_and_settings_name_the_same_variables():
    settings = (BASE / "wsis" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z0-9_]+)\"", settings))
    example = set(re.findall(r"^#?([A-Z0-9_]+)=", (BASE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert read == example
    assert len(read) > 10


def test_no_inline_script_or_style_and_nothing_from_elsewhere():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|<style|javascript:|(src|href)=\"(https?:)?//", re.IGNORECASE
    )
    guilty = [name(path) for path in TEMPLATES if inline.search(path.read_text(encoding="utf-8"))]
    # A page that is saved and opened by itself, under a policy of its own; and mail programs read no stylesheet.
    assert guilty == ["templates/publication/verifier.html", "templates/submissions/mail/mail.html"]


def test_stylesheets_know_no_left_and_right():
    physical = re.compile(
        r"(?<![-\w])(left|right|(margin|padding|border)-(left|right|top|bottom)|(min-|max-)?(width|height)\s*:)"
    )
    for sheet in sorted((BASE / "static").rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"@media[^{]*", "", text)
        text = re.sub(r"\.left\b", "", text)  # "time left", the class
        assert physical.findall(text) == [], sheet
        assert "url(" not in text
        assert "@import" not in text


def words_outside_translation(template: str) -> list[str]:
    """What a template shows that is neither a value nor marked for translation."""
    template = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", "", template, flags=re.DOTALL)
    template = re.sub(r"{% block (shape|bodyclass) %}.*?{% endblock %}", "", template)  # a class, not a word
    template = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template, flags=re.DOTALL)
    template = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", template, flags=re.DOTALL)
    return [
        word
        for word in re.findall(r"[A-Za-z][A-Za-z'’-]+", template)
        if word not in {"UTC", "SHA-", "CSV", "doctype", "html"}
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_word_of_a_template_is_translatable(path):
    assert words_outside_translation(path.read_text(encoding="utf-8")) == []


def test_the_check_of_words_can_fail():
    assert words_outside_translation("<p>{% translate 'Yes' %} No</p>") == ["No"]


def test_tasks_are_thin():
    """A task has a name, takes ids at the most, and calls one function."""
    seen = 0
    for path in MODULES:
        if path.name != "tasks.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                seen += 1
                calls = [
                    part
                    for part in node.body
                    if not isinstance(part.value if isinstance(part, ast.Expr) else part, ast.Constant)
                ]
                assert len(calls) == 1, (path, node.name)
                assert node.decorator_list, (path, node.name)
    assert seen == 19


def test_no_view_talks_to_the_broker():
    called = re.compile(r"\.(delay|apply_async|send_task)\(")
    assert [name(path) for path in MODULES if called.search(path.read_text(encoding="utf-8"))] == []


def test_one_way_in():
    """Nobody but submit() writes a submission or a contribution."""
    writes = re.compile(
        r"\b(Submission|Contribution)\.objects\.(create|bulk_create|get_or_create|update_or_create)|\b(Submission|Contribution)\([^)]*\)\.save"
    )
    guilty = [name(path) for path in MODULES if writes.search(path.read_text(encoding="utf-8"))]
    assert guilty == ["submissions/sending/submit.py"]


def test_lines_of_templates_can_be_read():
    long = {
        f"{name(path)}:{n}"
        for path in TEMPLATES
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    }
    assert long == set()


def test_a_page_with_an_error_says_so_in_its_title():
    """The title is what a screen reader says first, and what a tab shows."""

    def whole(path: Path) -> str:
        source = path.read_text(encoding="utf-8")
        included = re.findall(r'{% include "([^"]+)"', source)
        return source + "".join(whole(BASE / "templates" / one) for one in included)

    pages = [
        path for path in TEMPLATES if "{% extends" in path.read_text(encoding="utf-8") and "admin" not in path.parts
    ]
    warn = [path for path in pages if re.search(r'role="(alert|{%)|{% crispy', whole(path))]
    titles = {name(path): re.findall(r"{% block title %}(.*?){% endblock %}", whole(path), re.DOTALL) for path in warn}
    assert len(titles) >= 8
    assert [page for page, title in titles.items() if not title or '{% translate "Error:" %}' not in title[0]] == []


# What a person wrote is drawn with every blank in it: an element of these may hold it, and no blank of the template.
AS_WRITTEN = re.compile(
    r"<(?:pre|textarea)\b[^>]*>|<\w+ [^>]*class=\"(?:[\w-]+ )*(?:text|as-typed|as-written|differs)(?: [\w-]+)*\"[^>]*>"
)


def test_no_blank_of_a_template_stands_in_what_somebody_wrote():
    guilty = []
    for path in TEMPLATES:
        source = path.read_text(encoding="utf-8")
        for start in AS_WRITTEN.finditer(source):
            # HTML drops one line's end after <textarea>, and Django's own widget has one there.
            rest = source[start.end() :].removeprefix("\n" if start[0].startswith("<textarea") else "")
            end = re.search(r"</", rest)
            inner = rest[: end.start()] if end else rest
            if inner != inner.strip():
                guilty.append(f"{name(path)}: {start[0]}")
    assert guilty == []


def test_the_guards_take_the_same_lock_as_python():
    guards = [path for app in ("themes", "submissions") for path in (BASE / app / "migrations").rglob("*.sql")]
    spaces = {n for path in guards for n in re.findall(r"advisory\w*\((\d+)", path.read_text(encoding="utf-8"))}
    assert spaces == {str(LOCK_SPACE), str(TRAIL_LOCK_SPACE)}


def test_migrations_import_no_code_that_may_move():
    guilty = {
        f"{name(path)}: {module}"
        for path in SOURCES
        if "migrations" in path.parts
        for module in imported(path)
        if module.split(".")[0] in {"wsis", "accounts", "themes", "submissions"}
        and not module.startswith("wsis.operations")
    }
    assert guilty == set()


def retired() -> tuple[set[str], set[str]]:
    """The modules and the identifiers that an ADR lists as names before, from the left column of its two tables."""
    page = (BASE / "docs" / "adr" / "0015-packages-from-bottom-to-top.md").read_text(encoding="utf-8")
    before = [re.findall(r"`([^`]+)`", line.split("|")[1]) for line in page.splitlines() if line.startswith("| `")]
    modules, words = set(), set()
    for names in before:
        if not names[0].endswith((".py", ".js")):
            words |= set(names)
            continue
        app, folder = names[0].partition("/")[0], names[0].rpartition("/")[0]
        for module in names:
            is_whole = module.partition("/")[0] in {"submissions", "themes", "accounts", "wsis", "bench", "static"}
            prefix = "" if is_whole else f"{app}/" if "/" in module else f"{folder}/"
            modules.add(f"{prefix}{module}")
    return modules, words


def identifiers(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word) | ast.keyword(arg=str(word)):
                found.add(word)
            case ast.FunctionDef(name=word) | ast.ClassDef(name=word) | ast.alias(asname=str(word)):
                found.add(word)
    return found


def test_retired_names_stay_retired():
    modules, words = retired()
    assert len(modules) > 60
    assert len(words) > 20
    # A package may take the name that a module had.
    assert {module for module in modules if (BASE / module).is_file()} == set()
    sources = [*MODULES, *sorted((BASE / "tests").rglob("*.py")), *sorted((BASE / "bench").rglob("*.py"))]
    assert {f"{name(path)}: {word}" for path in sources for word in identifiers(path) & words} == set()


DOTTED = re.compile(r"(?:from (?P<module>[a-z_]+(?:\.\w+)*) import (?P<name>\w+)|(?P<whole>[a-z_]+(?:\.\w+){2,}))")


def dotted_names(text: str) -> set[str]:
    """The dotted names of our own modules that a string holds: a setting's, a patched one, code for another process."""
    found = {match["whole"] or f"{match['module']}.{match['name']}" for match in DOTTED.finditer(text)}
    return {
        one for one in found if one.partition(".")[0] in {"wsis", "accounts", "themes", "submissions", "tests", "bench"}
    }


def exists(dotted: str) -> bool:
    try:
        pkgutil.resolve_name(dotted)
    except (ImportError, AttributeError):
        return False
    return True


def test_a_module_that_a_string_names_is_there():
    """What neither the import check nor the type checker sees."""
    strings = {
        (name(path), dotted)
        for path in [*MODULES, *sorted((BASE / "tests").rglob("*.py")), *sorted((BASE / "bench").rglob("*.py"))]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for dotted in dotted_names(node.value)
    }
    assert len(strings) > 20
    assert {(file, dotted) for file, dotted in strings if not exists(dotted)} == set()
    gone = ".".join(["submissions", "export", "making"])
    assert dotted_names(f"call({gone})") == {gone}
    assert not exists(gone)


def test_no_room_is_named_room():
    vague = {"utils", "helpers", "common", "misc", "services", "constants", "managers", "handlers", "data"}
    assert [name(path) for path in SOURCES if path.stem in vague] == []


# Whoever checks alone has one file, and reads it from its beginning to its end.
ONE_FILE_BY_PURPOSE = "publication/verifier/verify.py"


def test_files_fit_in_a_head():
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert lengths.pop(ONE_FILE_BY_PURPOSE) <= 430
    assert {path: n for path, n in lengths.items() if n > 340} == {}


def test_architecture_page_names_every_package():
    """docs/architecture.md names every package, and nothing that is not there."""
    page = (BASE / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(rf"`((?:{'|'.join(APPS)}|templates|static|tests|bench|locale)/[\w./-]*)`", page))
    assert {one for one in named if not (BASE / one).exists()} == set()
    packages = {
        f"{name(path.parent)}/"
        for path in MODULES
        if path.name == "__init__.py" and not {"management", "formats"} & set(path.parts)
    }
    assert packages - named - {"submissions/templatetags/", "themes/templatetags/"} == set()
