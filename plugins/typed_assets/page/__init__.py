"""The page with assets: files that read Airflow's public API in the viewer's browser, and who serves them.

Nothing here reads Airflow's database or acts for the viewer: the files hold no data and no secret, and the
browser asks Airflow with the viewer's own session. `mwaactl asset catalogue` puts the same files into one
HTML document; they are package data (`static/`), which it reads and does not import.
"""
