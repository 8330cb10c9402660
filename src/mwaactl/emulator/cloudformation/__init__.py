"""CloudFormation: templates become calls of the emulator's own services, with events, rollback and change sets."""
