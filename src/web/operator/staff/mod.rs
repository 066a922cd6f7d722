//! The supplier's own people, looked after by its lead: who there is, who is invited, what each may do.
mod invite;
mod list;
mod member;

use crate::domain::features::Role;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Operator;
use crate::web::kit::invitations::Inviter;
use crate::web::kit::slices::Slice;

pub fn slices() -> Vec<Slice> {
    vec![
        Slice::operator(&[], "/operator/staff").get(list::list),
        Slice::operator(&[], "/operator/staff/new").get(invite::form).post(invite::submit),
        Slice::operator(&[], "/operator/staff/invitations/{id}/revoke").post(invite::revoke),
        Slice::operator(&[], "/operator/staff/invitations/{id}/send").post(invite::send_again),
        Slice::operator(&[], "/operator/staff/{id}").get(member::show),
        Slice::operator(&[], "/operator/staff/{id}/role").post(member::change_role),
        Slice::operator(&[], "/operator/staff/{id}/state").post(member::change_state),
        Slice::operator(&[], "/operator/staff/{id}/sessions").post(member::end_sessions),
        Slice::operator(&[], "/operator/staff/{id}/factor").post(member::reset_factor),
    ]
}

/// For everybody else there is no such page.
fn only_lead(operator: &Operator) -> Result<(), Error> {
    if operator.role == Role::Lead { Ok(()) } else { Err(Error::NotFound) }
}

fn inviter(operator: &Operator) -> Inviter<'_> {
    Inviter { kind: "staff", actor: operator.id.to_string(), name: &operator.name }
}
