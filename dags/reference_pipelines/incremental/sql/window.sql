SELECT
    time_hour,
    carrier,
    flight,
    origin,
    dest,
    dep_delay,
    arr_delay,
    distance
FROM "raw".flights
WHERE time_hour >= {first} AND time_hour < {last}
