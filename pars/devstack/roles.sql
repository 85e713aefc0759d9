-- The roles that PARS runs under, its database and the extensions in it. For psql, as a superuser, once for a
-- database; running it again changes nothing.
--
--     psql -f pars/devstack/roles.sql [-v database=pars] [-v login=NAME] ADDRESS
--
-- login: an existing or new login that may take each application role with SET ROLE, for development and tests.
-- In production each process logs in as its own role instead (see docker-compose.yml).

\set ON_ERROR_STOP on
\if :{?database}
\else
    \set database pars
\endif

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['pars_owner', 'pars_web', 'pars_worker', 'pars_backup']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- Row security holds only for roles that cannot switch it off.
ALTER ROLE pars_owner  NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
ALTER ROLE pars_web    NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
ALTER ROLE pars_worker NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
-- pg_dump has to see every row.
ALTER ROLE pars_backup NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS;
GRANT pg_read_all_data TO pars_backup;

SELECT format('CREATE DATABASE %I OWNER pars_owner', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

\if :{?login}
    SELECT format('CREATE ROLE %I LOGIN CREATEDB', :'login')
     WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login')
    \gexec
    -- Nothing is inherited: a process that forgets to take a role may read no table, instead of every one.
    GRANT pars_owner, pars_web, pars_worker TO :"login" WITH INHERIT FALSE, SET TRUE;
\endif

\connect :"database"

SELECT format('ALTER DATABASE %I SET timezone TO ''UTC''', current_database())
\gexec
SELECT format('GRANT TEMPORARY ON DATABASE %I TO pars_web, pars_worker', current_database())
\gexec

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CREATE, USAGE ON SCHEMA public TO pars_owner;
GRANT USAGE ON SCHEMA public TO pars_web, pars_worker, pars_backup;
