//! Who of the supplier's people invited a member of staff: with their right to invite, their open invitations end.
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "staff_invitations";
/// The member; none for who was invited from the console, or before this was kept.
const INVITER: &str = "inviter";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new(Alias::new(INVITER)).uuid().null().to_owned();
        manager.alter_table(Table::alter().table(TABLE).add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(TABLE).drop_column(Alias::new(INVITER)).to_owned()).await
    }
}
