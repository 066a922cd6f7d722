//! Staff of a supplier (operators) and of the platform.
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
