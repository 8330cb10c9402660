-- What is known to differ from Redshift: where one of these changes, its row in differences.py goes.
CREATE TABLE blanks (v VARCHAR(5));
INSERT INTO blanks VALUES ('a'), ('a ');
SELECT COUNT(*) FROM (SELECT v FROM blanks GROUP BY v) AS g;
-- => [2]
SELECT COUNT(*) FROM (SELECT DISTINCT v FROM blanks) AS g;
-- => [2]
SELECT DATE '2024-03-01' - DATE '2024-02-28';
-- types: bigint
SELECT ADD_MONTHS('2008-04-30', 1);
-- => ["2008-05-30 00:00:00"]
SELECT LPAD('a', 3, 'b');
-- types: character varying(65535)
CREATE MATERIALIZED VIEW kept AUTO REFRESH YES AS SELECT COUNT(*) AS n FROM blanks;
INSERT INTO blanks VALUES ('b');
SELECT n FROM kept;
-- => [2]
SELECT 1.0::numeric(10,2) / 3;
-- => ["0.3333333333333"]
