"""The lock that keeps a second deployer out: `releases/lock.json`, with a lease that has to be renewed."""
