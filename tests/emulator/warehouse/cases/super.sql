-- SUPER: navigation, unnesting, comparison by type.
CREATE TABLE orders (id INT, o SUPER);
INSERT INTO orders SELECT 1, JSON_PARSE('{"who":"joe","paid":true,"n":5,"none":null,"items":[{"sku":"a","n":2},{"sku":"b","n":3}]}');
INSERT INTO orders SELECT 2, JSON_PARSE('{"who":"ann","items":[]}');
SELECT o.who, o.n, o.items[1].sku, orders.o.paid FROM orders WHERE id = 1;
-- => ["\"joe\"", "5", "\"b\"", "true"]
-- types: super, super, super, super
-- labels: who, n, sku, paid
SELECT o['who'] FROM orders WHERE id = 2;
-- => ["\"ann\""]
SELECT o.none, o.absent, o.none IS NULL, o.items[7] FROM orders WHERE id = 1;
-- => [null, null, true, null]
SELECT id FROM orders WHERE o.who = 'joe';
-- => [1]
SELECT id FROM orders WHERE o.n = 5;
-- => [1]
SELECT id FROM orders WHERE o.n > 4 AND o.paid = true;
-- => [1]
SELECT o.who = 5 FROM orders WHERE id = 1;
-- => [null]
SELECT id FROM orders WHERE o.who IN ('ann', 'eve');
-- => [2]
SELECT o.who::varchar, o.n::int + 1 FROM orders WHERE id = 1;
-- => ["joe", 6]
SELECT x.id, i.sku::varchar, i.n::int FROM orders x, x.o.items i ORDER BY 3;
-- => [1, "a", 2]
-- => [1, "b", 3]
SELECT x.id, SUM(i.n::int) FROM orders x, x.o.items i GROUP BY x.id;
-- => [1, 5]
SELECT i FROM orders x, x.o.items AS i WHERE i.n > 2;
-- => ["{\"sku\":\"b\",\"n\":3}"]
SELECT i FROM orders x, x.o.items AS i AT k;
-- fails: does not model AT with the elements of a SUPER array
SELECT id.who FROM orders;
-- fails: navigation into a value that is not SUPER
SELECT GET_ARRAY_LENGTH(o.items), JSON_TYPEOF(o.items), JSON_TYPEOF(o.who), JSON_TYPEOF(o.n) FROM orders WHERE id = 1;
-- => [2, "array", "string", "number"]
SELECT JSON_SERIALIZE(o.items) FROM orders WHERE id = 2;
-- => ["[]"]
SELECT ARRAY(1, 50, NULL, 100), ARRAY(1, 'abc', true, 3.14), ARRAY();
-- => ["[1,50,null,100]", "[1,\"abc\",true,3.14]", "[]"]
-- types: super, super, super
SELECT GET_ARRAY_LENGTH(ARRAY(id, o.n)), ARRAY(o.who, ARRAY(id)) FROM orders WHERE id = 1;
-- => [2, "[\"joe\",[1]]"]
SELECT CAN_JSON_PARSE('{"a":1}'), CAN_JSON_PARSE('{');
-- => [true, false]
SELECT public.orders.id FROM public.orders WHERE id = 1;
-- => [1]
