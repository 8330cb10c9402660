UNLOAD ('SELECT {columns} FROM {source}')
TO '{prefix}'
IAM_ROLE '{role_arn}'
FORMAT AS PARQUET
CLEANPATH;
