-- MERGE has one WHEN MATCHED and one WHEN NOT MATCHED, or REMOVE DUPLICATES.
CREATE TABLE target (k INT, v VARCHAR(3));
CREATE TABLE source (k INT, v VARCHAR(3));
INSERT INTO target VALUES (1, 'a'), (2, 'b'), (2, 'b');
INSERT INTO source VALUES (2, 'B'), (3, 'C'), (3, 'C');
MERGE INTO target USING source ON target.k = source.k WHEN MATCHED THEN UPDATE SET v = source.v;
-- fails: MERGE takes one WHEN MATCHED and one WHEN NOT MATCHED
MERGE INTO target USING source ON target.k = source.k WHEN MATCHED AND source.k > 1 THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (source.k, source.v);
-- fails: without conditions
MERGE INTO target USING source ON target.k = source.k REMOVE DUPLICATES;
-- count: 2
SELECT k, v FROM target ORDER BY k;
-- => [1, "a"]
-- => [2, "B"]
-- => [3, "C"]
MERGE INTO target USING source ON target.k = source.k WHEN MATCHED THEN UPDATE SET v = source.v WHEN NOT MATCHED THEN INSERT VALUES (source.k, source.v);
-- fails: Found multiple matches to update the same tuple
MERGE INTO target USING (SELECT DISTINCT k, v FROM source) s ON target.k = s.k WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (s.k, s.v);
-- count: 2
SELECT k FROM target;
-- => [1]
MERGE INTO target USING (SELECT DISTINCT k FROM source) s ON target.k = s.k WHEN MATCHED THEN UPDATE SET v = 'm' WHEN NOT MATCHED THEN INSERT (k, v) VALUES (s.k, 'toolong');
-- fails: value too long
MERGE INTO target t USING source ON t.k = source.k REMOVE DUPLICATES;
-- fails: without an alias
SELECT k, v INTO copied FROM source;
SELECT COUNT(*) FROM copied;
-- => [3]
SELECT k INTO TEMP copied_for_now FROM source;
SELECT COUNT(*) FROM copied_for_now;
-- => [3]
UPDATE target SET v = s.v FROM (SELECT k, MAX(v) AS v FROM source GROUP BY k) s WHERE s.k = target.k + 1;
-- count: 1
SELECT v FROM target;
-- => ["B"]
DELETE FROM target USING source s WHERE s.k = target.k + 1;
-- count: 1
INSERT INTO target DEFAULT VALUES;
-- count: 1
SELECT k, v FROM target;
-- => [null, null]
