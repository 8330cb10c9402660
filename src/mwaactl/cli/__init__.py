"""The command line: each command parses, composes, calls one function and renders."""
