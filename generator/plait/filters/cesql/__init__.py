"""CloudEvents SQL 1.0: an expression over the attributes of an event.

`parse(text).evaluate(event)` gives a value and, where the evaluation failed, an error. There are two
dialects: the specification (https://github.com/cloudevents/spec, cesql/spec.md, version 1.0.0), and what
Knative's Broker does with its library (github.com/cloudevents/sdk-go/sql/v2). docs/filters.md lists where
they differ.
"""

from plait.filters.cesql.dialect import Dialect
from plait.filters.cesql.expression import LONGEST, Expression, Result, parse
from plait.filters.cesql.values import ErrorKind, EvaluationError, ParseError, Value

__all__ = [
    "LONGEST",
    "Dialect",
    "ErrorKind",
    "EvaluationError",
    "Expression",
    "ParseError",
    "Result",
    "Value",
    "parse",
]
