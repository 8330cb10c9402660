"""What differs from AWS without failing, as data; `parity` adds what equals it and what fails."""
