-- Production, after roles.sql: each process logs in as its own role. psql takes the passwords from its environment.

\set ON_ERROR_STOP on
\getenv owner_password PARS_OWNER_PASSWORD
\getenv web_password PARS_WEB_PASSWORD
\getenv worker_password PARS_WORKER_PASSWORD
\getenv backup_password PARS_BACKUP_PASSWORD

ALTER ROLE pars_owner  LOGIN PASSWORD :'owner_password';
ALTER ROLE pars_web    LOGIN PASSWORD :'web_password';
ALTER ROLE pars_worker LOGIN PASSWORD :'worker_password';
ALTER ROLE pars_backup LOGIN PASSWORD :'backup_password';
