"""What several commands ask for, and options that are given to a command as one object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.", envvar="VIGIE_CONFIG")]


def _parameter(field: Field[Any], hint: object) -> Parameter:
    made = Parameter.empty if field.default_factory is MISSING else field.default_factory()
    default = made if field.default is MISSING else field.default
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Lets a command take a dataclass: each of its fields is an argument or option, as if the command named it.

    The command's other parameters stay as they are, in their order.
    """
    hints, parameters = get_type_hints(command, include_extras=True), list[Parameter]()
    objects: dict[str, type] = {}
    for name, one in signature(command).parameters.items():
        kind = hints[name]
        if isinstance(kind, type) and is_dataclass(kind):
            objects[name] = kind
            inner = get_type_hints(kind, include_extras=True)
            parameters += [_parameter(field, inner[field.name]) for field in fields(kind)]
        else:
            parameters.append(one.replace(annotation=kind, kind=Parameter.KEYWORD_ONLY))

    @wraps(command)
    def called(**given: Any) -> None:
        for name, kind in objects.items():
            given[name] = kind(**{field.name: given.pop(field.name) for field in fields(kind)})
        command(**given)

    called.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called
