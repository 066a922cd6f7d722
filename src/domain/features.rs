//! The features a supplier can offer, the roles people hold and the actions they take: the alphabet of every policy.

/// One thing a portal can do. The keys are the vocabulary of policies, texts, routes and audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Feature {
    PortalOnline,
    PortalFreeOfCharge,
    PortalProductName,
    PortalOwnAddress,
    PortalLinkedFromSupplierSite,
    PortalHelp,
    PortalIntuitiveUi,
    CommodityElectricity,
    CommodityGas,
    SingleAppTwoCommodities,
    PortalStagedNewFunctions,
    AccessSelfRegistration,
    AccessOwnCredentials,
    AccessPasswordIssued,
    AccessOnlineRequestForm,
    AccessRequestAtBranch,
    AccessOfferedAtContractSigning,
    AccessGivenAtContractSigning,
    AccessStaffRegistrationAtSigning,
    AccessDealerRegistration,
    AccessCredentialsEmailedAutomatically,
    AccessEmailMandatory,
    AccessInvoiceIdentification,
    AccessUsernameByEmail,
    AccessPasswordByRegisteredLetter,
    AccessBranchGift,
    AccessAutoEmailedPassword,
    AccessExtraVerification,
    LoginWithCredentials,
    LoginFormOnSupplierPath,
    InfoCustomerAccount,
    InfoSupplyPoints,
    InfoSupplyPointAddress,
    InfoSupplyPointTechnical,
    InfoMeterReadings,
    InfoConsumptionHistory,
    InfoInvoiceOverview,
    InfoSettlements,
    DocumentInvoicePdfDownload,
    DocumentElectronicSettlement,
    InfoAdvanceSchedule,
    InfoPaymentOverview,
    InfoUsefulLinks,
    ChangeContactDetails,
    ChangeContactAddress,
    ChangeMasterDataNontechnical,
    ChangeAdvanceAmount,
    ChangePaymentMethod,
    ChangeBankDetails,
    ChangeTariffRate,
    ChangeBreakerSize,
    RequestExtraordinarySettlement,
    RequestExtraordinarySettlementFree,
    FormsElectronic,
    AskQuestion,
    BookOfficeVisit,
    ContactSalesRepresentative,
    ContractDataEntry,
    ContractCreateOnline,
    ContractEmailedForPrint,
    ContractPrintAndPostOnDemand,
    ProcessingImmediate,
    ProcessingMixedOnlineAndStaff,
    ReadingSelfReport,
    ReadingElectricityMeter,
    ReadingGasMeter,
    ReadingMonthlyEmailPrompt,
    AdvancesFlexibleByActualConsumption,
    OutageAlertPlanned,
    OutageAlertEmail,
    OutageAlertSms,
    OutageAlertWhenAndDuration,
    BonusProgramme,
    BonusAutoEnrolment,
}

/// Where a feature belongs, and where the switchboard shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    Portal,
    Access,
    Information,
    Requests,
    Readings,
    Alerts,
}

const TABLE: [(Feature, &str, Area); 74] = [
    (Feature::PortalOnline, "portal_online", Area::Portal),
    (Feature::PortalFreeOfCharge, "portal_free_of_charge", Area::Portal),
    (Feature::PortalProductName, "portal_product_name", Area::Portal),
    (Feature::PortalOwnAddress, "portal_own_address", Area::Portal),
    (Feature::PortalLinkedFromSupplierSite, "portal_linked_from_supplier_site", Area::Portal),
    (Feature::PortalHelp, "portal_help", Area::Portal),
    (Feature::PortalIntuitiveUi, "portal_intuitive_ui", Area::Portal),
    (Feature::CommodityElectricity, "commodity_electricity", Area::Portal),
    (Feature::CommodityGas, "commodity_gas", Area::Portal),
    (Feature::SingleAppTwoCommodities, "single_app_two_commodities", Area::Portal),
    (Feature::PortalStagedNewFunctions, "portal_staged_new_functions", Area::Portal),
    (Feature::AccessSelfRegistration, "access_self_registration", Area::Access),
    (Feature::AccessOwnCredentials, "access_own_credentials", Area::Access),
    (Feature::AccessPasswordIssued, "access_password_issued", Area::Access),
    (Feature::AccessOnlineRequestForm, "access_online_request_form", Area::Access),
    (Feature::AccessRequestAtBranch, "access_request_at_branch", Area::Access),
    (Feature::AccessOfferedAtContractSigning, "access_offered_at_contract_signing", Area::Access),
    (Feature::AccessGivenAtContractSigning, "access_given_at_contract_signing", Area::Access),
    (Feature::AccessStaffRegistrationAtSigning, "access_staff_registration_at_signing", Area::Access),
    (Feature::AccessDealerRegistration, "access_dealer_registration", Area::Access),
    (Feature::AccessCredentialsEmailedAutomatically, "access_credentials_emailed_automatically", Area::Access),
    (Feature::AccessEmailMandatory, "access_email_mandatory", Area::Access),
    (Feature::AccessInvoiceIdentification, "access_invoice_identification", Area::Access),
    (Feature::AccessUsernameByEmail, "access_username_by_email", Area::Access),
    (Feature::AccessPasswordByRegisteredLetter, "access_password_by_registered_letter", Area::Access),
    (Feature::AccessBranchGift, "access_branch_gift", Area::Access),
    (Feature::AccessAutoEmailedPassword, "access_auto_emailed_password", Area::Access),
    (Feature::AccessExtraVerification, "access_extra_verification", Area::Access),
    (Feature::LoginWithCredentials, "login_with_credentials", Area::Access),
    (Feature::LoginFormOnSupplierPath, "login_form_on_supplier_path", Area::Access),
    (Feature::InfoCustomerAccount, "info_customer_account", Area::Information),
    (Feature::InfoSupplyPoints, "info_supply_points", Area::Information),
    (Feature::InfoSupplyPointAddress, "info_supply_point_address", Area::Information),
    (Feature::InfoSupplyPointTechnical, "info_supply_point_technical", Area::Information),
    (Feature::InfoMeterReadings, "info_meter_readings", Area::Information),
    (Feature::InfoConsumptionHistory, "info_consumption_history", Area::Information),
    (Feature::InfoInvoiceOverview, "info_invoice_overview", Area::Information),
    (Feature::InfoSettlements, "info_settlements", Area::Information),
    (Feature::DocumentInvoicePdfDownload, "document_invoice_pdf_download", Area::Information),
    (Feature::DocumentElectronicSettlement, "document_electronic_settlement", Area::Information),
    (Feature::InfoAdvanceSchedule, "info_advance_schedule", Area::Information),
    (Feature::InfoPaymentOverview, "info_payment_overview", Area::Information),
    (Feature::InfoUsefulLinks, "info_useful_links", Area::Information),
    (Feature::ChangeContactDetails, "change_contact_details", Area::Requests),
    (Feature::ChangeContactAddress, "change_contact_address", Area::Requests),
    (Feature::ChangeMasterDataNontechnical, "change_master_data_nontechnical", Area::Requests),
    (Feature::ChangeAdvanceAmount, "change_advance_amount", Area::Requests),
    (Feature::ChangePaymentMethod, "change_payment_method", Area::Requests),
    (Feature::ChangeBankDetails, "change_bank_details", Area::Requests),
    (Feature::ChangeTariffRate, "change_tariff_rate", Area::Requests),
    (Feature::ChangeBreakerSize, "change_breaker_size", Area::Requests),
    (Feature::RequestExtraordinarySettlement, "request_extraordinary_settlement", Area::Requests),
    (Feature::RequestExtraordinarySettlementFree, "request_extraordinary_settlement_free", Area::Requests),
    (Feature::FormsElectronic, "forms_electronic", Area::Requests),
    (Feature::AskQuestion, "ask_question", Area::Requests),
    (Feature::BookOfficeVisit, "book_office_visit", Area::Requests),
    (Feature::ContactSalesRepresentative, "contact_sales_representative", Area::Requests),
    (Feature::ContractDataEntry, "contract_data_entry", Area::Requests),
    (Feature::ContractCreateOnline, "contract_create_online", Area::Requests),
    (Feature::ContractEmailedForPrint, "contract_emailed_for_print", Area::Requests),
    (Feature::ContractPrintAndPostOnDemand, "contract_print_and_post_on_demand", Area::Requests),
    (Feature::ProcessingImmediate, "processing_immediate", Area::Requests),
    (Feature::ProcessingMixedOnlineAndStaff, "processing_mixed_online_and_staff", Area::Requests),
    (Feature::ReadingSelfReport, "reading_self_report", Area::Readings),
    (Feature::ReadingElectricityMeter, "reading_electricity_meter", Area::Readings),
    (Feature::ReadingGasMeter, "reading_gas_meter", Area::Readings),
    (Feature::ReadingMonthlyEmailPrompt, "reading_monthly_email_prompt", Area::Readings),
    (Feature::AdvancesFlexibleByActualConsumption, "advances_flexible_by_actual_consumption", Area::Readings),
    (Feature::OutageAlertPlanned, "outage_alert_planned", Area::Alerts),
    (Feature::OutageAlertEmail, "outage_alert_email", Area::Alerts),
    (Feature::OutageAlertSms, "outage_alert_sms", Area::Alerts),
    (Feature::OutageAlertWhenAndDuration, "outage_alert_when_and_duration", Area::Alerts),
    (Feature::BonusProgramme, "bonus_programme", Area::Alerts),
    (Feature::BonusAutoEnrolment, "bonus_auto_enrolment", Area::Alerts),
];

impl Feature {
    pub const COUNT: usize = TABLE.len();
    pub fn all() -> impl Iterator<Item = Feature> {
        TABLE.iter().map(|row| row.0)
    }
    pub fn key(self) -> &'static str {
        TABLE[self as usize].1
    }
    pub fn area(self) -> Area {
        TABLE[self as usize].2
    }
    pub fn parse(key: &str) -> Option<Feature> {
        TABLE.iter().find(|row| row.1 == key).map(|row| row.0)
    }
    /// Whether a contract buys it and an operator may switch it. The rest of group A is the tenant's own configuration.
    pub fn is_switch(self) -> bool {
        self.area() != Area::Portal
            || matches!(
                self,
                Feature::CommodityElectricity
                    | Feature::CommodityGas
                    | Feature::PortalHelp
                    | Feature::PortalStagedNewFunctions
            )
    }
}

/// Who acts. In policies written `role:customer` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    Visitor,
    Customer,
    Lead,
    Clerk,
    Branch,
    Dealer,
    Representative,
    ReadOnly,
    Platform,
    /// Somebody a customer let look, and no more.
    Reader,
}

const ROLES: [(Role, &str); 10] = [
    (Role::Visitor, "visitor"),
    (Role::Customer, "customer"),
    (Role::Lead, "lead"),
    (Role::Clerk, "clerk"),
    (Role::Branch, "branch"),
    (Role::Dealer, "dealer"),
    (Role::Representative, "representative"),
    (Role::ReadOnly, "read_only"),
    (Role::Platform, "platform"),
    (Role::Reader, "reader"),
];

impl Role {
    pub const COUNT: usize = ROLES.len();
    pub fn all() -> impl Iterator<Item = Role> {
        ROLES.iter().map(|row| row.0)
    }
    pub fn key(self) -> &'static str {
        ROLES[self as usize].1
    }
    pub fn parse(key: &str) -> Option<Role> {
        ROLES.iter().find(|row| row.1 == key).map(|row| row.0)
    }
    /// A supplier's operator, whatever their desk.
    pub fn is_staff(self) -> bool {
        matches!(self, Role::Lead | Role::Clerk | Role::Branch | Role::Dealer | Role::Representative | Role::ReadOnly)
    }
}

/// What is done to a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Action {
    View,
    Submit,
    Change,
    Approve,
    Export,
    Configure,
}

const ACTIONS: [(Action, &str); 6] = [
    (Action::View, "view"),
    (Action::Submit, "submit"),
    (Action::Change, "change"),
    (Action::Approve, "approve"),
    (Action::Export, "export"),
    (Action::Configure, "configure"),
];

impl Action {
    pub const COUNT: usize = ACTIONS.len();
    pub fn all() -> impl Iterator<Item = Action> {
        ACTIONS.iter().map(|row| row.0)
    }
    pub fn key(self) -> &'static str {
        ACTIONS[self as usize].1
    }
    pub fn parse(key: &str) -> Option<Action> {
        ACTIONS.iter().find(|row| row.1 == key).map(|row| row.0)
    }
}
