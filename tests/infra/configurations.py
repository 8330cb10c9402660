"""The configurations in which the infrastructure is shipped: fixtures of conftest.py by name.

What holds for all of them is tested for each of these: no finding of a scanner, nothing that runs code.
"""

CONFIGURATIONS = ("local", "dev", "prod", "without_nat", "customer", "existing", "shared", "continuous")
