"""Finds every error code in the source: with which kind of error, in which words, and who demands what it guards."""

import ast
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from types import ModuleType

import django
from attrs import field, frozen
from django.conf import settings

from lti_adapters.pages.refusal import status_of
from lti_core import errors, parameters
from lti_core.claims import Endpoint, GroupsService, NamesRoleService
from lti_core.errors import AccessRefused, LaunchRefused, LtiError
from lti_core.launch import CLAIM_GROUPS
from lti_core.may import May
from lti_core.messages import MESSAGE_TYPES
from lti_core.rules.header import HEADER
from lti_core.rules.rule import Passed, Rule, Warned

PACKAGES = ("lti_core", "lti_storage", "lti_adapters")
_REPLACED = {"launch.parameter_too_long"}  # `lti_core.launch` turns it into launch.too_large

_DJANGO_APPS = (
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.admin",
    "lti_storage.django",
)


@frozen
class Mention:
    """One place in the code that refuses: with which code, in which words, and who demands it."""

    code: str
    kind: type[LtiError]
    message: str = ""
    spec: str = ""
    demand: str = ""
    warns: bool = False


@frozen
class Entry:
    """All mentions of one code."""

    code: str
    mentions: tuple[Mention, ...] = field(converter=tuple)

    @property
    def status(self) -> str:
        """How a browser is answered."""
        statuses = {str(status_of(mention.kind(self.code, ""))) for mention in self.mentions if not mention.warns}
        warned = ["accepted, with a warning"] if any(mention.warns for mention in self.mentions) else []
        return "; ".join([*sorted(statuses), *warned])

    @property
    def meaning(self) -> str:
        """The sentences that come with it."""
        return " ".join(_distinct(mention.message for mention in self.mentions))

    @property
    def demanded(self) -> str:
        """What must hold, and where that is written."""
        sentences = _distinct(mention.demand for mention in self.mentions)
        specs = _distinct(spec for mention in self.mentions for spec in mention.spec.split("; "))
        return " ".join([*sentences, *([f"({'; '.join(specs)})"] if specs else [])])


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


@cache
def entries() -> tuple[Entry, ...]:
    """Every error code of the library, in alphabetical order.

    They are looked for in a process of their own: modules of Django's want settings, which a process has only once.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_set_up_django) as process:
        return process.submit(_entries).result()


def _set_up_django() -> None:
    settings.configure(INSTALLED_APPS=_DJANGO_APPS)
    django.setup()


def _entries() -> tuple[Entry, ...]:
    found: dict[str, list[Mention]] = {}
    for mention in (*_of_rules(), *_of_code()):
        if mention.code not in _REPLACED:
            found.setdefault(mention.code, []).append(mention)
    for mention in _of_may():
        found.setdefault(mention.code, [mention])
    return tuple(Entry(code, found[code]) for code in sorted(found))


def _of_rules() -> Iterator[Mention]:
    of_types = (rule for kind in MESSAGE_TYPES.values() for rule in kind.rules)
    for rule in (*HEADER, *(rule for group in CLAIM_GROUPS for rule in group), *of_types):
        yield Mention(rule.code, LaunchRefused, _mismatch(rule), rule.spec, rule.passed.sentence, rule.warns)


def _mismatch(rule: Rule) -> str:
    """The words in which a rule says that it does not hold."""
    source = _Source(ast.parse(inspect.getsource(rule.check)), import_module(rule.check.__module__))
    return " ".join(_distinct(text for name, _, text, _ in source.calls() if name == "Mismatch"))


def _of_code() -> Iterator[Mention]:
    for module in _modules():
        source = _Source(ast.parse(inspect.getsource(module)), module)
        for name, code, message, spec in source.calls():
            kind = vars(module).get(name) or vars(errors).get(name)
            if code and kind is Warned:
                yield Mention(code, LtiError, message, spec, warns=True)
            elif code and isinstance(kind, type) and issubclass(kind, LtiError):
                yield Mention(code, kind, message, spec)
        yield from source.of_parameters()


def _of_may() -> Iterator[Mention]:
    """What a launch without services does not allow, and one that names them without an address.

    Of several questions that are refused with the same code, the first one speaks for all.
    """
    bare = May(Endpoint(), NamesRoleService(context_memberships_url=""), GroupsService(context_groups_url=""))
    for may in (May(), bare):
        for question in may.questions:
            try:
                may.demand(question)
            except AccessRefused as refusal:
                yield Mention(refusal.code, AccessRefused, refusal.message, refusal.spec)


def _modules() -> Iterator[ModuleType]:
    for name in PACKAGES:
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.endswith("__main__"):
                yield import_module(found.name)


@frozen
class _Source:
    """A parsed module, or a part of it, read for the calls in it."""

    tree: ast.AST
    module: ModuleType

    def calls(self) -> Iterator[tuple[str, str, str, str]]:
        """The name of what is called, and its first three arguments: a code or a message, a message, a section."""
        for names, node in _calls_in(self.tree, {}):
            if isinstance(node.func, ast.Name) and node.args:
                first, second, third = (self.text(argument, names) for argument in _three(node.args))
                code = first if isinstance(node.args[0], ast.Constant) else ""
                yield node.func.id, code, first if node.func.id == "Mismatch" else second, third

    def of_parameters(self) -> Iterator[Mention]:
        """The refusals of `lti_core.parameters.single`, whose codes begin with the step that asks for them."""
        for _, node in _calls_in(self.tree, {}):
            if isinstance(node.func, ast.Name) and node.func.id == "single":
                _, _, kind, step, _ = node.args
                yield from _of_step(ast.literal_eval(step), getattr(self.module, ast.unparse(kind)))

    def text(self, node: ast.AST | None, names: Mapping[str, ast.AST]) -> str:
        """What stands there, as far as it is known before the program runs; the rest is an ellipsis."""
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.JoinedStr(values=parts):
                return "".join(self.text(part, names) or "…" for part in parts)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.text(left, names) + self.text(right, names)
            case ast.Name(id=name) if name in names:  # what it was before itself is not looked for
                return self.text(names[name], {other: names[other] for other in names if other != name})
            case ast.Name(id=name):
                return _as_text(vars(self.module).get(name))
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                value = vars(self.module).get(name)
                return _as_text(getattr(value, attribute)) if isinstance(value, Passed | Rule) else ""
        return ""


def _of_step(step: str, kind: type[LtiError]) -> Iterator[Mention]:
    source = _Source(ast.parse(inspect.getsource(parameters)), parameters)
    for names, node in _calls_in(source.tree, {}):
        if isinstance(node.func, ast.Name) and node.func.id == "kind":
            code, message, _ = (source.text(argument, names) for argument in _three(node.args))
            yield Mention(code.replace("…", step, 1), kind, message)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _three(nodes: list[ast.expr]) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    first, second, third = (*nodes, None, None, None)[:3]
    return first, second, third


def _calls_in(tree: ast.AST, names: dict[str, ast.AST]) -> Iterator[tuple[dict[str, ast.AST], ast.Call]]:
    """Each call, with what the names of its function were given before it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Assign):
            names.update(_named(node.targets[0], node.value))
        if isinstance(node, ast.Call):
            yield dict(names), node
        scope = {} if isinstance(node, ast.FunctionDef) else names
        yield from _calls_in(node, scope)


def _named(target: ast.AST, value: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The names of an assignment, each with what it is given: one, or several at once."""
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for one, its_value in zip(targets, values, strict=False):  # a starred value may stand for several
                yield from _named(one, its_value)
