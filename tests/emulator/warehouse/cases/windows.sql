-- Window functions, QUALIFY, LISTAGG; NULL is the largest value in every order.
CREATE TABLE sales (g VARCHAR(1), n INT);
INSERT INTO sales VALUES ('a', 1), ('a', 2), ('b', 3), ('b', NULL);
SELECT n, ROW_NUMBER() OVER (ORDER BY n), RANK() OVER (ORDER BY g), DENSE_RANK() OVER (ORDER BY g) FROM sales ORDER BY n;
-- => [1, 1, 1, 1]
-- => [2, 2, 1, 1]
-- => [3, 3, 3, 2]
-- => [null, 4, 3, 2]
SELECT n, ROW_NUMBER() OVER (ORDER BY n DESC) FROM sales ORDER BY n DESC;
-- => [null, 1]
-- => [3, 2]
-- => [2, 3]
-- => [1, 4]
SELECT n FROM sales ORDER BY n NULLS FIRST LIMIT 1;
-- => [null]
SELECT n FROM sales ORDER BY n DESC NULLS LAST LIMIT 1;
-- => [3]
SELECT n, LAG(n) OVER (ORDER BY n), LEAD(n) OVER (ORDER BY n) FROM sales ORDER BY n LIMIT 3;
-- => [1, null, 2]
-- => [2, 1, 3]
-- => [3, 2, null]
SELECT n, FIRST_VALUE(n) OVER (PARTITION BY g ORDER BY n ROWS UNBOUNDED PRECEDING) FROM sales WHERE g = 'a' ORDER BY n;
-- => [1, 1]
-- => [2, 1]
SELECT DISTINCT LAST_VALUE(n) OVER (PARTITION BY g ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM sales WHERE g = 'a';
-- => [2]
SELECT DISTINCT NTH_VALUE(n, 2) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM sales;
-- => [2]
SELECT FIRST_VALUE(n) OVER (ORDER BY n) FROM sales;
-- fails: require a frame clause
SELECT MAX(n) OVER (ORDER BY n) FROM sales;
-- fails: require a frame clause
SELECT g, COUNT(*) OVER (PARTITION BY g), MAX(n) OVER (PARTITION BY g) FROM sales ORDER BY g, n LIMIT 1;
-- => ["a", 2, 2]
SELECT n, SUM(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM sales WHERE n IS NOT NULL ORDER BY n;
-- => [1, 1]
-- => [2, 3]
-- => [3, 5]
SELECT n, AVG(n) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) FROM sales WHERE n IS NOT NULL ORDER BY n;
-- => [1, 1]
-- => [2, 1]
-- => [3, 2]
SELECT NTILE(2) OVER (ORDER BY n), CUME_DIST() OVER (ORDER BY g), PERCENT_RANK() OVER (ORDER BY g) FROM sales ORDER BY n LIMIT 1;
-- => [1, 0.5, 0.0]
SELECT n FROM sales QUALIFY RANK() OVER (PARTITION BY g ORDER BY n) = 1 ORDER BY n;
-- => [1]
-- => [3]
SELECT g, LISTAGG(n, ',') WITHIN GROUP (ORDER BY n) FROM sales GROUP BY g ORDER BY g;
-- => ["a", "1,2"]
-- => ["b", "3"]
SELECT LISTAGG(n, '-') WITHIN GROUP (ORDER BY n DESC) FROM sales WHERE n < 3;
-- => ["2-1"]
SELECT DISTINCT g, LISTAGG(n, ',') WITHIN GROUP (ORDER BY n) OVER (PARTITION BY g) FROM sales ORDER BY g LIMIT 1;
-- => ["a", "1,2"]
SELECT LISTAGG(g) FROM sales WHERE n > 5;
-- => [null]
SELECT RATIO_TO_REPORT(n) OVER () FROM sales WHERE g = 'a' ORDER BY 1 LIMIT 1;
-- => [0.3333333333333333]
SELECT BOOL_AND(n > 0), BOOL_OR(n > 2), STDDEV_SAMP(n), VAR_POP(n) FROM sales WHERE n IS NOT NULL;
-- => [true, true, 1.0, 0.6666666666666666]
SELECT MEDIAN(n), PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY n) FROM sales;
-- => [2.0, 2]
SELECT LISTAGG(DISTINCT g, ', ') WITHIN GROUP (ORDER BY g DESC), LISTAGG(DISTINCT g) WITHIN GROUP (ORDER BY g) FROM sales;
-- => ["b, a", "ab"]
SELECT LISTAGG(DISTINCT n, '-') WITHIN GROUP (ORDER BY n) FROM sales;
-- => ["1-2-3"]
SELECT LISTAGG(DISTINCT g, ', ') WITHIN GROUP (ORDER BY n) FROM sales;
-- fails: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list
