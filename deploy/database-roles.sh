#!/bin/sh
# Run once by PostgreSQL's image, as its superuser, when the database is made: the three roles of docs/adr/0016. The rights
# of each are given by `manage.py prepare`, after every migration.
set -eu
secret() { cat "${SECRETS_DIR:-/run/secrets}/$1"; }
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set owner_password="$(secret database_owner_password)" \
    --set runtime_password="$(secret database_password)" \
    --set reader_password="$(secret database_reader_password)" <<'SQL'
CREATE ROLE wsis_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE wsis LOGIN PASSWORD :'runtime_password';
CREATE ROLE wsis_reader LOGIN PASSWORD :'reader_password';
CREATE DATABASE wsis OWNER wsis_owner;
SQL
