"""IAM's judgement: policies as values, a request, and the decision that AWS would take; no I/O."""
