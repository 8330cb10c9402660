"""COPY and UNLOAD: files of S3 into tables, and queries into files of S3."""
