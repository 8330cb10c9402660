"""EventBridge's rules: they bring events to topics, functions and queues, also those that services send."""
