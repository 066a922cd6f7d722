//! The table of hosts.
