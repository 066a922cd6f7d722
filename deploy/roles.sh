#!/bin/sh
# Run once by the PostgreSQL container on its first start.
set -eu
psql -U "${POSTGRES_USER:-postgres}" -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" -f /roles.sql
