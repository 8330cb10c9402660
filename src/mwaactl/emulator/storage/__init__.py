"""What the emulator adds to moto's S3."""
