UNLOAD ('SELECT * FROM mart.delay_by_carrier ORDER BY carrier')
TO 's3://{{ option("data_bucket") }}/lake/nyc_flights/delay_by_carrier/'
IAM_ROLE '{{ option("warehouse_copy_role_arn") }}'
FORMAT AS PARQUET
PARALLEL OFF
ALLOWOVERWRITE;
