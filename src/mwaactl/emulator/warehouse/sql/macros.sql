-- What means something else in DuckDB, as macros; an argument's type chooses between the forms of one macro.

CREATE SCHEMA IF NOT EXISTS rs_catalog;

-- Text as comparisons see it: blanks at its end mean nothing.
CREATE OR REPLACE MACRO rs_catalog.rs_text(x VARCHAR) AS RTRIM(x, ' '), (x) AS x;

-- A value as text. Floating-point numbers have no zero behind the point; truth values have no text.
CREATE OR REPLACE MACRO rs_catalog.rs_varchar(x) AS CASE
  WHEN TYPEOF(x) IN ('DOUBLE', 'FLOAT') THEN REGEXP_REPLACE(CAST(x AS VARCHAR), '\.0$', '')
  WHEN TYPEOF(x) = 'BOOLEAN' THEN CAST(error('cannot cast type boolean to character varying') AS VARCHAR)
  WHEN TYPEOF(x) = 'JSON' THEN CAST(CAST(x AS VARCHAR) AS JSON) ->> '$'
  ELSE CAST(x AS VARCHAR) END;

-- The first characters of a text that fit into so many bytes. A macro's text stands wherever its argument is
-- named, and many times over where macros are nested. In a lambda it stands once.
CREATE OR REPLACE MACRO rs_catalog.rs_cut(x, n) AS LIST_TRANSFORM([x], lambda text : CASE
  WHEN STRLEN(text) <= n THEN text
  WHEN STRLEN(text) = LENGTH(text) THEN LEFT(text, n)
  ELSE LEFT(text, LIST_MAX(LIST_FILTER(RANGE(0, LEAST(LENGTH(text), n) + 1), lambda k : STRLEN(LEFT(text, k)) <= n)))
  END)[1];

-- What LISTAGG gives, which has a limit.
CREATE OR REPLACE MACRO rs_catalog.rs_listed(x) AS CASE
  WHEN STRLEN(x) > 65535 THEN CAST(error('Result size exceeds LISTAGG limit') AS VARCHAR) ELSE x END;

-- Text that goes into a column: blanks that do not fit are cut, anything else that does not fit is refused there.
CREATE OR REPLACE MACRO rs_catalog.rs_fitted(x, n) AS CASE
  WHEN STRLEN(x) > n AND STRLEN(RTRIM(x, ' ')) <= n THEN rs_catalog.rs_cut(x, n) ELSE x END;

-- SUPER: what lies at a path, an array's elements, and values as a comparison with text or numbers reads them.
CREATE OR REPLACE MACRO rs_catalog.rs_navigate(x, path) AS CASE
  WHEN TYPEOF(x) <> 'JSON' THEN CAST(error('navigation into a value that is not SUPER') AS JSON)
  WHEN JSON_TYPE(CAST(x AS JSON), path) <> 'NULL' THEN JSON_EXTRACT(CAST(x AS JSON), path) END;
CREATE OR REPLACE MACRO rs_catalog.rs_elements(x) AS
  CASE WHEN JSON_TYPE(x) = 'ARRAY' THEN CAST(x AS JSON[]) ELSE [] END;
CREATE OR REPLACE MACRO rs_catalog.rs_super_string(x) AS
  CASE WHEN JSON_TYPE(x) = 'VARCHAR' THEN RTRIM(x ->> '$', ' ') END;
CREATE OR REPLACE MACRO rs_catalog.rs_super_number(x) AS
  CASE WHEN JSON_TYPE(x) IN ('UBIGINT', 'BIGINT', 'DOUBLE') THEN CAST(x AS DOUBLE) END;
CREATE OR REPLACE MACRO rs_catalog.rs_super_boolean(x) AS
  CASE WHEN JSON_TYPE(x) = 'BOOLEAN' THEN CAST(x AS BOOLEAN) END;
