CREATE TABLE target (k INT, v VARCHAR(5));
CREATE TABLE source (k INT, v VARCHAR(5));
INSERT INTO target VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO source SELECT k + 1, 'new' FROM target;
-- count: 3
UPDATE target SET v = source.v FROM source WHERE target.k = source.k;
-- count: 2
DELETE FROM target USING source WHERE target.k = source.k AND source.k = 3;
-- count: 1
SELECT * FROM target ORDER BY k;
-- => [1, "a"]
-- => [2, "new"]
MERGE INTO target USING source ON target.k = source.k WHEN MATCHED THEN UPDATE SET v = 'upd' WHEN NOT MATCHED THEN INSERT (k, v) VALUES (source.k, source.v);
-- count: 3
SELECT * FROM target ORDER BY k;
-- => [1, "a"]
-- => [2, "upd"]
-- => [3, "new"]
-- => [4, "new"]
DELETE target WHERE k = 4;
-- count: 1
DELETE FROM target;
-- count: 3
SELECT * FROM target;
-- => "nothing"
SELECT k FROM source QUALIFY ROW_NUMBER() OVER (ORDER BY k DESC) = 1;
-- => [4]
SELECT k, SUM(k) OVER (ORDER BY k ROWS UNBOUNDED PRECEDING), LAG(k) OVER (ORDER BY k), RATIO_TO_REPORT(k) OVER () FROM source ORDER BY k LIMIT 1;
-- => [2, 2, null, 0.2222222222222222]
SELECT SUM(k) OVER (ORDER BY k) FROM source;
-- fails: require a frame clause
SELECT TOP 1 k FROM source ORDER BY k;
-- => [2]
WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 3) SELECT SUM(n) FROM up;
-- => [6]
SELECT k FROM source EXCEPT SELECT 2 UNION ALL SELECT 9 ORDER BY 1;
-- => [3]
-- => [4]
-- => [9]
