"""Checks of arguments that several commands share."""

from __future__ import annotations

from plait.errors import PlaitError, nearest
from plait.project import Project


def environment_of(project: Project, name: str) -> None:
    """Refuse an unknown environment. Raises PlaitError, exit code 2."""
    environments = project.flow.environments
    if name not in environments:
        hint = nearest(name, environments) or f"functions.yaml has: {', '.join(environments) or 'none'}"
        raise PlaitError(f"no environment named {name!r}", hint=hint, exit_code=2)
