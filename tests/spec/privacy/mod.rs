//! What the law of data protection gives a customer, and what the desk may see and do: who looks is recorded, who asks gets everything
//! that is theirs and nothing of anybody else's.
mod desk;
mod erasure;
mod export;
mod terms;
