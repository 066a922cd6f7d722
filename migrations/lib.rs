//! The list of migrations, oldest first.
