SELECT COUNT(*) FROM {table} WHERE arr_time IS NOT NULL AND dep_time IS NULL;
