"""For all tests: the signals of a process that somebody started from a terminal."""

import signal

# A script's background job, as CI services start it, ignores SIGINT, and what it starts ignores it too.
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
