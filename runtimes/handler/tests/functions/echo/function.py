"""Answers with the event itself."""


async def handle(event):
    return event
