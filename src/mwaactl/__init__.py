"""Check, plan, deploy, verify, roll back and operate Apache Airflow on Amazon MWAA."""
