-- Temporary tables hide permanent ones of the same name, and are seen by their session only.
CREATE TABLE seen (a INT);
INSERT INTO seen VALUES (1);
CREATE TEMP TABLE seen (a INT, b VARCHAR(2));
INSERT INTO seen VALUES (2, 'x');
SELECT a, b FROM seen;
-- => [2, "x"]
SELECT a FROM public.seen;
-- => [1]
INSERT INTO seen (b) VALUES ('abc');
-- fails: value too long
CREATE TEMPORARY TABLE staged (LIKE public.seen);
INSERT INTO staged SELECT a FROM public.seen;
SELECT * FROM staged;
-- => [1]
CREATE TABLE #hash (k INT IDENTITY(1,1), v VARCHAR(9) DEFAULT 'none');
INSERT INTO #hash (v) VALUES (DEFAULT), ('some');
SELECT k, v FROM #hash ORDER BY k;
-- => [1, "none"]
-- => [2, "some"]
INSERT INTO #hash (k, v) VALUES (9, 'x');
-- fails: cannot set an identity column to a value: k
CREATE LOCAL TEMP TABLE made AS SELECT v, COUNT(*) AS n FROM #hash GROUP BY v;
SELECT v, n FROM made ORDER BY v;
-- => ["none", 1]
-- => ["some", 1]
DROP TABLE made;
DROP TABLE #hash;
SELECT * FROM #hash;
-- fails: does not exist
