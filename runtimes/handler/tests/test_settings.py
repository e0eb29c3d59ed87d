"""What the environment says."""

from __future__ import annotations

import re

import pytest

from plait_handler.errors import SettingsError
from plait_handler.serve.config import options
from plait_handler.settings import Settings, read


def test_defaults() -> None:
    """Nothing set, or set to nothing."""
    assert read({}) == Settings() == read({"PLAIT_TIMEOUT": "", "PORT": "", "PLAIT_LOG_LEVEL": ""})


def test_all_of_them() -> None:
    """Each variable has its field."""
    variables = {
        "PLAIT_TIMEOUT": "0.5",
        "PLAIT_MAX_BODY": "10",
        "PLAIT_CONCURRENCY": "2",
        "PLAIT_READ_TIMEOUT": "3",
        "PLAIT_REPLY_TYPE": "t",
        "PLAIT_REPLY_SOURCE": "s",
        "PLAIT_LOG_LEVEL": "DEBUG",
        "PLAIT_WORKERS": "4",
        "HOST": "::",
        "PORT": "90",
    }
    settings = read(variables)
    assert settings == Settings(0.5, 10, 2, 3.0, "t", "s", "debug", 4, "::", 90)
    assert settings.address == "[::]:90"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PLAIT_TIMEOUT", "0", "must be a number of seconds above 0, such as 30 or 0.5"),
        ("PLAIT_TIMEOUT", "nan", "must be a number of seconds above 0, such as 30 or 0.5"),
        ("PLAIT_TIMEOUT", "inf", "must be a number of seconds above 0, such as 30 or 0.5"),
        ("PLAIT_MAX_BODY", "1M", "must be a whole number above 0"),
        ("PLAIT_CONCURRENCY", "-1", "must be a whole number above 0"),
        ("PLAIT_CONCURRENCY", "\u00b2", "must be a whole number above 0"),
        ("PORT", "70000", "a port is 65535 at the most"),
        ("PLAIT_LOG_LEVEL", "loud", "must be one of debug, info, warning, error"),
    ],
)
def test_values_that_cannot_be(name: str, value: str, message: str) -> None:
    """The message names the variable, its value and what it must be."""
    with pytest.raises(SettingsError, match=re.escape(f"{name}={value}: {message}")):
        read({name: value})


def test_the_times_of_gunicorn_follow_ours() -> None:
    """A worker is waited for, at its end and when it stands still, longer than a function may take."""
    chosen = options(Settings(timeout=299.5))
    assert (chosen["timeout"], chosen["graceful_timeout"]) == (305, 305)
