CREATE SCHEMA sales;
CREATE TABLE sales.event (eventid INT NOT NULL ENCODE az64, name VARCHAR(200) DEFAULT 'none' ENCODE lzo, price NUMERIC(8,2), PRIMARY KEY (eventid)) DISTSTYLE KEY DISTKEY (eventid) SORTKEY (name, price);
CREATE VIEW sales.listed AS SELECT eventid FROM sales.event;
SHOW SCHEMAS FROM DATABASE warehouse;
-- => ["warehouse", "public", 100, "local", null, null, null]
-- => ["warehouse", "sales", 100, "local", null, null, null]
-- labels: database_name, schema_name, schema_owner, schema_type, schema_acl, source_database, schema_option
SHOW SCHEMAS FROM DATABASE warehouse LIKE 's%' LIMIT 1;
-- => ["warehouse", "sales", 100, "local", null, null, null]
SHOW TABLES FROM SCHEMA sales;
-- => ["warehouse", "sales", "event", "TABLE", null, null]
-- => ["warehouse", "sales", "listed", "VIEW", null, null]
-- labels: database_name, schema_name, table_name, table_type, table_acl, remarks
SHOW TABLES FROM SCHEMA warehouse.sales LIKE 'ev_nt';
-- => ["warehouse", "sales", "event", "TABLE", null, null]
SHOW COLUMNS FROM TABLE warehouse.sales.event;
-- => ["warehouse", "sales", "event", "eventid", 1, null, "NO", "integer", null, null, null, null]
-- => ["warehouse", "sales", "event", "name", 2, "'none'", "YES", "character varying", 200, null, null, null]
-- => ["warehouse", "sales", "event", "price", 3, null, "YES", "numeric", null, 8, 2, null]
-- labels: database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks
SHOW COLUMNS FROM TABLE sales.event LIKE 'pr%' LIMIT 5;
-- => ["warehouse", "sales", "event", "price", 3, null, "YES", "numeric", null, 8, 2, null]
SHOW COLUMNS FROM TABLE sales.nothing;
-- fails: relation "nothing" does not exist
SHOW TABLE sales.event;
-- => ["CREATE TABLE sales.event (\n    eventid integer NOT NULL ENCODE az64,\n    name character varying(200) ENCODE lzo,\n    price numeric(8,2),\n    PRIMARY KEY (eventid)\n)\nDISTSTYLE KEY DISTKEY (eventid) SORTKEY (name, price);"]
SHOW TABLES FROM SCHEMA sales WHERE x;
-- fails: syntax error at or near "where"
SHOW PROCEDURE p();
-- fails: does not model SHOW PROCEDURE
SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'sales' ORDER BY 1;
-- => ["event", "r"]
-- => ["listed", "v"]
SELECT usename FROM pg_user WHERE usesysid = 100;
-- => ["admin"]
