# Sourced on every scheduler, worker and web server before requirements.txt is installed; only exported variables
# survive. No `set -e` and no `exit`: MWAA reads the environment after the last line, and a script that ends early
# leaves the component unhealthy (https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html).

# The checks of nyc_flights_elt let one row in a thousand be bad. A configuration option of the environment
# (`pipelines.max_rejected_share`) takes precedence over this default.
export AIRFLOW__PIPELINES__MAX_REJECTED_SHARE="${AIRFLOW__PIPELINES__MAX_REJECTED_SHARE:-0.001}"

# The AWS SDK's current retry behaviour for every task: throttled calls back off and are tried five times.
export AWS_RETRY_MODE="${AWS_RETRY_MODE:-standard}"
export AWS_MAX_ATTEMPTS="${AWS_MAX_ATTEMPTS:-5}"
