"""What an environment will cost in a month, from its configuration alone: pure, and before it is deployed."""
