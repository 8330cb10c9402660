SELECT COUNT(*) AS row_count, CAST(COALESCE(SUM(CAST({number} AS NUMERIC(38, 0))), 0) AS VARCHAR) AS checksum
FROM (SELECT MD5({row}) AS digest FROM {schema}.{table}) AS digests
