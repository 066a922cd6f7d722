//! Registration (*registrace*): a stranger shows that they know a bill, and comes by a log-in the supplier's way. Whoever asks sees the same
//! answer, whatever was right or wrong; what follows goes to the address given, and to nobody when the data fit nobody.
mod apply;
mod consider;
mod extra;
mod finish;
mod ground;

use crate::domain::access::{GOING_ON, ON_LINE};
use crate::web::kit::slices::Slice;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::visitor(ON_LINE, "/registration").get(apply::form).post(apply::submit),
        Slice::visitor(GOING_ON, "/registration/finish").get(finish::look).post(finish::submit),
        Slice::visitor(GOING_ON, "/registration/code").get(extra::form).post(extra::submit),
    ]
}
