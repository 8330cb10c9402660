"""Metric filters: CloudWatch Logs counts lines, and CloudWatch has a metric of them."""
