"""CloudEvents over HTTP, read and written as Knative's Go SDK does it: bytes stay as they came.

Source: CloudEvents HTTP protocol binding 1.0.2, as read by sdk-go 2.16. Statements 3, 4, 9, 11 of the
reference.
"""
