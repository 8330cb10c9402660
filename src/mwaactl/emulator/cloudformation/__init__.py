"""CloudFormation: templates become calls of the emulator's services, with events and rollback."""
