SELECT COUNT(*) FROM {table} WHERE origin = dest;
