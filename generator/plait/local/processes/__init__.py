"""The functions of a functions.yaml as processes of their runtimes, for `plait run`.

    with Interrupt() as interrupt:
        async with session(Options(root), Console(sys.stderr), on_urls, on_source) as supervisor:
            interrupt.again = supervisor.kill
            await interrupt.came.wait()

`plan` says what runs, `supervisor` runs it, `session` does both again when a file is saved. `variables` and
`envfile` make a process's environment; `child`, `life` and `slot` are one process, one process after the
other, and the change from one to the next; `keeper`, `launch` and `guard` see to it that nothing is left;
`lines`, `records`, `redact` and `output` are what is seen of it.

Nothing is imported here: a broker alone uses `output` without what reads functions.yaml.
"""
