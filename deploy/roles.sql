-- Busbar's two roles and its database on PostgreSQL. Once, as a superuser:
--
--   psql -v owner_password=… -v app_password=… -f roles.sql
--
-- busbar_owner owns the tables and migrates. busbar serves: it owns nothing and cannot bypass row security, so that a
-- query without a tenant sees nothing. Busbar refuses to serve as a superuser or with BYPASSRLS.
\set ON_ERROR_STOP on
create role busbar_owner login password :'owner_password' nosuperuser nobypassrls nocreatedb nocreaterole;
create role busbar login password :'app_password' nosuperuser nobypassrls nocreatedb nocreaterole;
create database busbar owner busbar_owner template template0 encoding 'UTF8';
revoke all on database busbar from public;
grant connect on database busbar to busbar;

\connect busbar
revoke all on schema public from public;
grant all on schema public to busbar_owner;
grant usage on schema public to busbar;
-- What the owner will make, the application may use.
alter default privileges for role busbar_owner in schema public grant select, insert, update, delete on tables to busbar;
alter default privileges for role busbar_owner in schema public grant usage, select on sequences to busbar;
