SELECT carrier, carrier_name, flights, cancelled, average_departure_delay, average_arrival_delay, percent_late
FROM mart.delay_by_carrier
