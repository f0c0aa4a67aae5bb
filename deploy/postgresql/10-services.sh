#!/bin/sh
# A database for each service, and a role that owns it and that alone may connect to it. Runs once, on an empty volume.
set -eu

for service in identity registration entitlements notify audit portal; do
    psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set service="$service" --set password="$(cat "${SECRETS:-/run/secrets}/${service}_database_password")" <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke all on database :"service" from public;
SQL
done
