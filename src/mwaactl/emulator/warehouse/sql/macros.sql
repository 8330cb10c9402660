-- What means something else in DuckDB, as macros; an argument's type chooses between the forms of one macro.

CREATE SCHEMA IF NOT EXISTS rs_catalog;

-- Text as comparisons see it: blanks at its end mean nothing.
CREATE OR REPLACE MACRO rs_catalog.rs_text(x VARCHAR) AS RTRIM(x, ' '), (x JSON) AS x, (x) AS x;

-- A value as text. Floating-point numbers have no zero behind the point; truth values have no text.
CREATE OR REPLACE MACRO rs_catalog.rs_varchar(x DOUBLE) AS REGEXP_REPLACE(CAST(x AS VARCHAR), '\.0$', ''),
  (x FLOAT) AS REGEXP_REPLACE(CAST(x AS VARCHAR), '\.0$', ''),
  (x BOOLEAN) AS error('cannot cast type boolean to character varying'),
  (x) AS CAST(x AS VARCHAR);

-- The first characters of a text that fit into so many bytes.
CREATE OR REPLACE MACRO rs_catalog.rs_cut(x, n) AS CASE
  WHEN STRLEN(x) <= n THEN x
  WHEN STRLEN(x) = LENGTH(x) THEN LEFT(x, n)
  ELSE LEFT(x, LIST_MAX(LIST_FILTER(RANGE(0, LEAST(LENGTH(x), n) + 1), lambda k : STRLEN(LEFT(x, k)) <= n))) END;

-- Text that goes into a column: blanks that do not fit are cut, anything else that does not fit is refused there.
CREATE OR REPLACE MACRO rs_catalog.rs_fitted(x, n) AS CASE
  WHEN STRLEN(x) > n AND STRLEN(RTRIM(x, ' ')) <= n THEN rs_catalog.rs_cut(x, n) ELSE x END;
