"""The exit codes of every command; docs/reference/exit-codes.md explains them."""

DONE = 0
FAILED = 1
USAGE = 2
CHANGES_FOUND = 3
INTERRUPTED = 130
