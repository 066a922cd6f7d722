//! What energy will cost: the recommended and the flexible advance, the next settlement, and why a year cost more. Every step is kept so that
//! a page can show how the figure came about; a forecast is never a bill.
mod calculation;
mod month;
mod settlement;
mod why;

pub use calculation::{Basis, Calculation, Prices, Step, Usage, flexible, over, settled_usage};
pub use month::{Measured, a_month, measured};
pub use settlement::{Advances, Forecast, Progress};
pub use why::{Split, YearFigures, why_more};
