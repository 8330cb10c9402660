"""The working tree as a value: what would be shipped, what is left out and why, and what is wrong with it.

Read with `read_bundle(root)`; check with `mwaactl.project.checks.run.check_bundle`.
"""
