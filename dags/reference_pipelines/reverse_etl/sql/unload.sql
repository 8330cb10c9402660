UNLOAD ('{query}')
TO 's3://{data_bucket}/lake/reverse_etl/delay_by_carrier/'
IAM_ROLE '{warehouse_copy_role_arn}'
FORMAT AS PARQUET
CLEANPATH
