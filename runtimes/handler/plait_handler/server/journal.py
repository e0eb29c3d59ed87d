"""One log line a request with an event. Written by hand: logging takes twenty times as long."""

from __future__ import annotations

from plait_handler.codec import Event
from plait_handler.logs import Clock, quoted, traceback_text, write
from plait_handler.server.answers import Answer
from plait_handler.settings import LOG_LEVELS

_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class Journal:
    """Writes the lines of one worker.

    Args:
        level: least level to write: info for a 2xx, warning for a 4xx, error for a 5xx.
    """

    def __init__(self, level: str) -> None:
        self.levels = LOG_LEVELS[LOG_LEVELS.index(level) :]
        self.clock = Clock()

    def request(self, answer: Answer, event: Event | None, trace_id: str, seconds: float) -> None:
        """The line for one answer.

        Args:
            answer: what was answered.
            event: what was asked, or None where it was no event.
            trace_id: or empty.
            seconds: from the headers to the answer.
        """
        level = _level(answer.status)
        if level not in self.levels:
            return
        line = (
            f'{{"time":"{self.clock.now()}","level":"{level}","logger":"plait_handler","message":"{answer.outcome}",'
            f'"status":{answer.status},"duration_ms":{seconds * 1000:.3f}'
        )
        if event is not None:
            line += (
                f',"event_id":{quoted(event.get_id())},"event_type":{quoted(event.get_type())},'
                f'"event_source":{quoted(event.get_source())}'
            )
        if trace_id:
            line += f',"trace_id":"{trace_id}"'
        if answer.reason:
            line += f',"reason":{quoted(answer.reason)}'
        if answer.error is not None:
            line += f',"traceback":{quoted(traceback_text(answer.error))}'
        write(line + "}\n")


def _level(status: int) -> str:
    if status < _CLIENT_ERROR:
        return "info"
    return "warning" if status < _SERVER_ERROR else "error"
