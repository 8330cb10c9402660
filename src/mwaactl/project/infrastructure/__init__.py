"""Checks of the infrastructure: the CDK app is synthesised, and scanners look at its templates."""
