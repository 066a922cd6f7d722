//! Staff of a supplier (operators) and of the platform; what a lead may not do to whom.
use super::features::Role;
use super::ids::StaffId;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    pub id: StaffId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub is_disabled: bool,
}

impl StaffMember {
    pub fn is_acting_lead(&self) -> bool {
        self.role == Role::Lead && !self.is_disabled
    }
}

/// What a lead may give to colleagues, most first.
pub const STAFF_ROLES: [Role; 6] =
    [Role::Lead, Role::Clerk, Role::Branch, Role::Dealer, Role::Representative, Role::ReadOnly];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRefusal {
    /// Nobody takes their own role or account away.
    Oneself,
    /// Somebody must answer for the desk.
    LastLead,
}

/// Whether `actor` may make `after` out of the member with its identifier, among all who are there.
pub fn check_change(actor: StaffId, after: &StaffMember, all: &[StaffMember]) -> Result<(), StaffRefusal> {
    if after.is_acting_lead() {
        return Ok(());
    }
    if actor == after.id {
        return Err(StaffRefusal::Oneself);
    }
    let was_lead = all.iter().any(|one| one.id == after.id && one.is_acting_lead());
    let has_other = all.iter().any(|one| one.id != after.id && one.is_acting_lead());
    if was_lead && !has_other { Err(StaffRefusal::LastLead) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(role: Role, is_disabled: bool) -> StaffMember {
        StaffMember { id: StaffId::new(), username: "a".into(), name: "A".into(), role, is_disabled }
    }

    #[test]
    fn neither_oneself_nor_the_last_lead_is_taken_off_the_desk() {
        let (first, second) = (member(Role::Lead, false), member(Role::Lead, false));
        let (idle, clerk) = (member(Role::Lead, true), member(Role::Clerk, false));
        let with = |role, is_disabled, one: &StaffMember| StaffMember { role, is_disabled, ..one.clone() };
        let all = [first.clone(), second.clone(), idle.clone(), clerk.clone()];
        let alone = [first.clone(), idle.clone(), clerk.clone()];
        for (actor, after, all, expected) in [
            (first.id, with(Role::Clerk, false, &second), &all[..], Ok(())),
            (first.id, with(Role::Lead, true, &second), &all, Ok(())),
            (first.id, with(Role::Clerk, false, &first), &all, Err(StaffRefusal::Oneself)),
            (first.id, with(Role::Lead, true, &first), &all, Err(StaffRefusal::Oneself)),
            (first.id, with(Role::Lead, false, &first), &all, Ok(())),
            // Somebody who is no lead any more, still in time to press the button.
            (second.id, with(Role::Clerk, false, &first), &alone, Err(StaffRefusal::LastLead)),
            (second.id, with(Role::Lead, true, &first), &alone, Err(StaffRefusal::LastLead)),
            (first.id, with(Role::Clerk, true, &idle), &alone, Ok(())),
            (first.id, with(Role::Lead, false, &clerk), &alone, Ok(())),
            (first.id, with(Role::Clerk, true, &clerk), &alone, Ok(())),
        ] {
            assert_eq!(check_change(actor, &after, all), expected, "{after:?}");
        }
    }
}
