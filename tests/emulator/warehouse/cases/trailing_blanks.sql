-- Blanks at the end of text mean nothing in comparisons, and something to LEN and LIKE.
SELECT 'a' = 'a ', 'a' <> 'a  ', 'a ' < 'a', 'b ' > 'a', ' a' = 'a';
-- => [true, false, false, true, false]
SELECT 'a' IN ('a ', 'b'), 'a ' NOT IN ('a'), 'a ' BETWEEN 'a' AND 'a';
-- => [true, false, true]
SELECT 'a ' LIKE 'a', 'a ' LIKE 'a%';
-- => [false, true]
CREATE TABLE padded (id INT, v VARCHAR(5), c CHAR(5));
INSERT INTO padded VALUES (1, 'ab', 'ab'), (2, 'ab  ', 'ab   '), (3, 'abc', 'abc');
SELECT COUNT(*) FROM padded WHERE v = 'ab';
-- => [2]
SELECT COUNT(*) FROM padded WHERE c = 'ab';
-- => [2]
SELECT COUNT(*) FROM padded WHERE v = c;
-- => [3]
SELECT COUNT(*) FROM padded a JOIN padded b ON a.v = b.v;
-- => [5]
SELECT COUNT(*) FROM padded WHERE v IN (SELECT c FROM padded WHERE id = 1);
-- => [2]
SELECT COUNT(*) FROM padded WHERE v NOT IN ('ab');
-- => [1]
SELECT COUNT(DISTINCT v) FROM padded;
-- => [2]
SELECT id, LEN(v), LEN(c) FROM padded ORDER BY id;
-- => [1, 2, 2]
-- => [2, 4, 2]
-- => [3, 3, 3]
SELECT c FROM padded WHERE id = 1;
-- => ["ab   "]
-- types: character(5)
SELECT c || '|', v || '|' FROM padded WHERE id = 2;
-- => ["ab|", "ab  |"]
SELECT CASE v WHEN 'ab' THEN 'two' ELSE 'three' END FROM padded ORDER BY id;
-- => ["two"]
-- => ["two"]
-- => ["three"]
SELECT NULLIF(v, 'ab') FROM padded ORDER BY id;
-- => [null]
-- => [null]
-- => ["abc"]
SELECT COUNT(*) FROM padded HAVING MAX(v) = 'abc ';
-- => [3]
UPDATE padded SET v = 'x' WHERE v = 'ab ';
-- count: 2
DELETE FROM padded WHERE c = 'abc     ';
-- count: 1
CREATE TABLE grouped (v VARCHAR(5), n INT);
INSERT INTO grouped VALUES ('ab', 1), ('ab  ', 2), ('abc', 3);
SELECT n, COUNT(*) OVER (PARTITION BY v), SUM(n) OVER (PARTITION BY v ORDER BY n ROWS UNBOUNDED PRECEDING), AVG(n) OVER (PARTITION BY v, n > 5) FROM grouped ORDER BY n;
-- => [1, 2, 1, 1]
-- => [2, 2, 3, 1]
-- => [3, 1, 3, 3]
SELECT n FROM grouped QUALIFY ROW_NUMBER() OVER (PARTITION BY v ORDER BY n DESC) = 1 ORDER BY n;
-- => [2]
-- => [3]
