"""What runs state machines; loaded when Step Functions is first used."""
