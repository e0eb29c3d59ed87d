"""Values as Go's standard library reads and writes them.

Knative passes every event through it several times, so subscribers see its marks: a source in the form
that net/url prints, a time in UTC, a guessed content type. Each module here is one package of Go's.
Texts carry bytes that are not UTF-8 as lone surrogates (surrogateescape).
"""
