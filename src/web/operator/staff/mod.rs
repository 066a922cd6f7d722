//! The supplier's own people, looked after by its lead: who there is, who is invited, what each may do.
mod invite;
mod list;
mod member;

use crate::data::TenantTx;
use crate::domain::features::Role;
use crate::domain::staff::StaffMember;
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

/// Alone with the staff until the transaction ends, and still their lead: whoever lost the role while waiting has no such page any more.
async fn take_turn(tx: &TenantTx, operator: &Operator) -> Result<Vec<StaffMember>, Error> {
    tx.wait_for_staff().await?;
    let all = tx.staff_list().await?;
    match all.iter().any(|one| one.id == operator.id && one.is_acting_lead()) {
        true => Ok(all),
        false => Err(Error::NotFound),
    }
}

fn inviter(operator: &Operator) -> Inviter<'_> {
    Inviter { kind: "staff", actor: operator.id.to_string(), name: &operator.name }
}
