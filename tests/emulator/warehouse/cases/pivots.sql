CREATE TABLE part (partname VARCHAR, manufacturer VARCHAR, quality INT, price DECIMAL(12, 2));
INSERT INTO part VALUES ('prop', 'local parts co', 2, 10.00), ('prop', 'big parts co', NULL, 9.00), ('prop', 'small parts co', 1, 12.00);
INSERT INTO part VALUES ('rudder', 'local parts co', 1, 2.50), ('rudder', 'big parts co', 2, 3.75), ('rudder', 'small parts co', NULL, 1.90);
INSERT INTO part VALUES ('wing', 'local parts co', NULL, 7.50), ('wing', 'big parts co', 1, 15.20), ('wing', 'small parts co', NULL, 11.80);
SELECT * FROM (SELECT partname, price FROM part) PIVOT (AVG(price) FOR partname IN ('prop', 'rudder', 'wing'));
-- => ["10.33", "2.71", "11.50"]
-- labels: prop, rudder, wing
SELECT * FROM (SELECT quality, manufacturer FROM part) PIVOT (COUNT(*) FOR quality IN (1, 2, NULL)) ORDER BY manufacturer;
-- => ["big parts co", 1, 1, 1]
-- => ["local parts co", 1, 1, 1]
-- => ["small parts co", 1, 0, 2]
-- labels: manufacturer, 1, 2, null
SELECT * FROM (SELECT quality, manufacturer FROM part) PIVOT (COUNT(*) AS count FOR quality IN (1 AS high, 2 AS low, NULL AS na)) AS p ORDER BY p.manufacturer LIMIT 1;
-- => ["big parts co", 1, 1, 1]
-- labels: manufacturer, high_count, low_count, na_count
WITH costs AS (SELECT partname, price FROM part) SELECT p.prop + 1 AS more FROM costs PIVOT (MAX(price) FOR partname IN ('prop')) AS p;
-- => ["13.00"]
CREATE TABLE count_by_color (quality VARCHAR, red INT, green INT, blue INT);
INSERT INTO count_by_color VALUES ('high', 15, 20, 7), ('normal', 35, NULL, 40), ('low', 10, 23, NULL);
SELECT * FROM (SELECT red, green, blue FROM count_by_color) UNPIVOT (cnt FOR color IN (red, green, blue)) ORDER BY color, cnt;
-- => ["blue", 7]
-- => ["blue", 40]
-- => ["green", 20]
-- => ["green", 23]
-- => ["red", 10]
-- => ["red", 15]
-- => ["red", 35]
-- labels: color, cnt
SELECT * FROM count_by_color UNPIVOT (cnt FOR color IN (red AS r, green AS g)) AS u WHERE u.quality = 'normal';
-- => ["normal", 40, "r", 35]
-- labels: quality, blue, color, cnt
SELECT * FROM count_by_color UNPIVOT INCLUDE NULLS (cnt FOR color IN (red, green)) WHERE quality = 'normal' ORDER BY color;
-- => ["normal", 40, "green", null]
-- => ["normal", 40, "red", 35]
CREATE TABLE piled AS SELECT color, SUM(cnt) AS total FROM count_by_color UNPIVOT (cnt FOR color IN (red, green)) GROUP BY color;
SELECT * FROM piled ORDER BY color;
-- => ["green", 43]
-- => ["red", 60]
CREATE VIEW colours AS SELECT color, cnt FROM count_by_color UNPIVOT (cnt FOR color IN (red, green));
SELECT color, SUM(cnt) FROM colours GROUP BY color ORDER BY color;
--- => ["green", 43]
--- => ["red", 60]
SELECT attr FROM (SELECT JSON_PARSE('{"a":1}') AS o) AS c, UNPIVOT c.o AS val AT attr;
-- fails: does not model UNPIVOT of a SUPER object
SELECT * FROM part PIVOT (COUNT(DISTINCT price) FOR partname IN ('prop'));
-- fails: does not model PIVOT with COUNT(DISTINCT price)
