"""Values in, text or JSON out; nothing here asks or writes anything."""
