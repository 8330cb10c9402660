GRANT SELECT ON t TO PUBLIC;
-- fails: does not model GRANT
REVOKE ALL ON t FROM PUBLIC;
-- fails: does not model REVOKE
CREATE USER u PASSWORD 'Abcdefg1';
-- fails: does not model CREATE USER
ALTER MATERIALIZED VIEW m AUTO REFRESH YES;
-- fails: does not model ALTER MATERIALIZED VIEW
CREATE EXTERNAL SCHEMA s FROM POSTGRES DATABASE 'd' URI 'host' IAM_ROLE default SECRET_ARN 'arn';
-- fails: does not model CREATE EXTERNAL SCHEMA FROM POSTGRES
CREATE EXTERNAL FUNCTION f (INT) RETURNS INT VOLATILE LAMBDA 'f' IAM_ROLE default;
-- fails: does not model CREATE EXTERNAL FUNCTION
CREATE OR REPLACE PROCEDURE p() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;
-- fails: ERROR
CALL p();
-- fails: does not model CALL
ALTER TABLE a APPEND FROM b;
-- fails: does not model ALTER TABLE APPEND
EXPLAIN SELECT 1;
-- fails: does not model EXPLAIN
SHOW TABLES;
-- fails: does not model SHOW TABLES
SHOW DATABASES;
-- fails: does not model SHOW DATABASES
SET enable_case_sensitive_identifier TO true;
-- fails: does not model SET enable_case_sensitive_identifier
SET query_group TO 'x';
SELECT FNV_HASH('a');
-- fails: does not model the function FNV_HASH
SELECT pg_last_query_id();
-- fails: does not model the function PG_LAST_QUERY_ID
SELECT * FROM read_csv('/etc/passwd');
-- fails: does not model the function READ_CSV
SELECT * FROM generate_series(1, 3);
-- fails: does not model
SELECT * FROM duckdb_tables;
-- fails: does not model the system table
SELECT * FROM pg_stat_activity;
-- fails: does not model the system table
SELECT DISTINCT ON (a) a FROM t;
-- fails: does not model DISTINCT ON
SELECT SUM(a) FILTER (WHERE a > 1) FROM t;
-- fails: does not model FILTER
INSERT INTO t VALUES (1) RETURNING a;
-- fails: does not model RETURNING
SELECT ARRAY(SELECT 1);
-- fails: does not model ARRAY of a subquery
SELECT * FROM other.public.t;
-- fails: does not model cross-database queries
CREATE TABLE g (a GEOMETRY);
-- fails: does not model GEOMETRY
CREATE TABLE h (a INT CHECK (a > 1));
-- fails: does not model
SELECT [1, 2];
-- fails: ERROR
ATTACH '/tmp/x.db';
-- fails: ERROR
PRAGMA database_list;
-- fails: ERROR
INSTALL httpfs;
-- fails: ERROR
SELEC 1;
-- fails: ERROR
