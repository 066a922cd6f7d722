//! What the data layer promises by itself, without pages: walls, keys, plans, chains, and rows that come back as they went in.
mod accounts;
mod asked;
mod audit;
mod explain;
mod ground;
mod grow;
mod keys;
mod migrating;
mod outbox;
mod papers;
mod plans;
mod requests;
mod revisions;
mod round_trip;
mod row_security;
mod sequences;
mod whole;
