#!/bin/sh
# Run once by PostgreSQL's image, as its superuser, when the database is made: the three roles of docs/adr/0016. The rights
# of each are given by `manage.py prepare`, after every migration.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set owner_password="$DATABASE_OWNER_PASSWORD" \
    --set runtime_password="$DATABASE_PASSWORD" \
    --set reader_password="$DATABASE_READER_PASSWORD" <<'SQL'
CREATE ROLE wsis_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE wsis LOGIN PASSWORD :'runtime_password';
CREATE ROLE wsis_reader LOGIN PASSWORD :'reader_password';
CREATE DATABASE wsis OWNER wsis_owner;
SQL
