-- Late binding views read anew at each use; materialized views at REFRESH.
CREATE VIEW late AS SELECT a, b FROM public.later WITH NO SCHEMA BINDING;
SELECT * FROM late;
-- fails: relation "later" does not exist
CREATE VIEW unqualified AS SELECT a FROM later WITH NO SCHEMA BINDING;
-- fails: All the relation names inside should be qualified
CREATE TABLE later (a INT, b VARCHAR(3));
INSERT INTO later VALUES (1, 'x'), (4, 'y');
SELECT l.a FROM late l ORDER BY a;
-- => [1]
-- => [4]
SELECT AVG(a) FROM late;
-- => [2]
CREATE VIEW late AS SELECT 1 AS a FROM public.later WITH NO SCHEMA BINDING;
-- fails: Relation "late" already exists
CREATE OR REPLACE VIEW late (total) AS SELECT SUM(a) FROM public.later WITH NO SCHEMA BINDING;
SELECT total FROM public.late;
-- => [5]
SELECT table_type FROM svv_tables WHERE table_name = 'late';
-- => ["VIEW"]
DROP TABLE later;
CREATE TABLE later (a INT, c INT);
INSERT INTO later VALUES (7, 0);
SELECT total FROM late;
-- => [7]
DROP VIEW late;
SELECT * FROM late;
-- fails: relation "late" does not exist
CREATE MATERIALIZED VIEW sums DISTSTYLE ALL SORTKEY (c) BACKUP NO AUTO REFRESH NO AS SELECT c, SUM(a) AS total FROM later GROUP BY c;
SELECT * FROM sums;
-- => [0, 7]
INSERT INTO later VALUES (1, 0);
SELECT * FROM sums;
-- => [0, 7]
REFRESH MATERIALIZED VIEW sums;
SELECT * FROM sums;
-- => [0, 8]
INSERT INTO sums VALUES (1, 1);
-- fails: cannot change materialized view "sums"
DELETE FROM sums;
-- fails: cannot change materialized view "sums"
TRUNCATE sums;
-- fails: cannot change materialized view "sums"
SELECT table_type FROM svv_tables WHERE table_name = 'sums';
-- => ["VIEW"]
DROP TABLE later;
-- fails: cannot drop table later because other objects depend on it Detail: view sums
REFRESH MATERIALIZED VIEW later;
-- fails: later is not a materialized view
DROP MATERIALIZED VIEW sums;
DROP MATERIALIZED VIEW IF EXISTS sums;
DROP MATERIALIZED VIEW sums;
-- fails: materialized view "sums" does not exist
DROP TABLE later;
ALTER MATERIALIZED VIEW sums AUTO REFRESH YES;
-- fails: does not model ALTER MATERIALIZED VIEW
