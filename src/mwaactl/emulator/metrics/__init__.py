"""CloudWatch's metrics and alarms: what environments measure, and alarms that change their state."""
