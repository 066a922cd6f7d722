//! Ways in: what must hold whatever the supplier. The suppliers' own ways are sentences in `suppliers`.
pub mod letters;
mod logs;
mod neutral;
mod races;
