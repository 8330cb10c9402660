SELECT COUNT(*) FROM {table} WHERE cancelled > flights;
