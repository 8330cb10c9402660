"""Step Functions of the emulator: state machines run, and their tasks call the emulator's services."""
