-- The routes of the mart whose airports are both known, with their places, for a check in Python.
SELECT
    r.origin,
    r.dest,
    r.distance,
    o.lat AS origin_lat,
    o.lon AS origin_lon,
    d.lat AS dest_lat,
    d.lon AS dest_lon
FROM {table} AS r
INNER JOIN "raw".airports AS o ON o.faa = r.origin
INNER JOIN "raw".airports AS d ON d.faa = r.dest
ORDER BY r.origin, r.dest;
