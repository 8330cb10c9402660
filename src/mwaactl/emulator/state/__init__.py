"""What outlives the emulator's process: a snapshot of everything, and the bodies of objects in files."""
