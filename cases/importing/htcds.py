"""The core columns of the standard as data: what each may hold and in which section it belongs.

Names, labels and allowed values: Human Trafficking Case Data Standard 2.0, IOM, CC BY 4.0.
IOM does not endorse this software.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from accounts.access import Section


class Kind(StrEnum):
    NAME = "name"
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    BIRTH = "birth"
    PICKLIST = "picklist"
    MULTISELECT = "multiselect"
    COUNTRY = "country"
    COUNTRIES = "countries"
    EMAIL = "email"
    PHONE = "phone"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    kind: Kind
    section: Section
    # Value names to labels; people write either.
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_GENDER = {
    "Feminine": "Feminine",
    "Masculine": "Masculine",
    "TransgenderFeminine": "Transgender Feminine",
    "TransgenderMasculine": "Transgender Masculine",
    "NonConforming": "Non-Conforming",
    "NonSpecifiedUnknown": "Not Specified/Unknown",
}
_TRAFFICKING_STATUS = {
    "PossibleVictimOfTrafficking": "Possible victim of trafficking",
    "ActualVictimOfTrafficking": "Actual victim of trafficking",
    "NotAVictimOfTrafficking": "Not a victim of trafficking",
}
_DECIDING_ORGANISATION = {
    "Police": "Police",
    "NGO": "NGO",
    "CourtOrProsecution": "Court or prosecution",
    "NonPoliceGovernmentalOrganization": "Non-police governmental organization",
    "Other": "Other",
}
_RECRUITMENT = {
    "AtAPlaceOfBusiness": "At a place of business",
    "AtAnEducationalInstitution": "At an educational institution",
    "AtWork": "At work",
    "ThroughOnlineSocialNetworks": "Through online social networks",
    "ThroughAnOnlineAdvertisement": "Through an online advertisement",
    "ThroughATelevisionAdvert": "Through a television advert",
    "ThroughANewspaperAdvert": "Through a newspaper advert",
    "ThroughFamilyOrFamilyEvents": "Through family or family events",
    "ThroughFriendsOrSocialEvents": "Through friends or social events",
    "Other": "Other",
}
_CONTROL = {
    "PhysicalThreats": "Physical threats",
    "ThreatsLawEnforcement": "Threats of law enforcement",
    "ThreatensChildrenFamily": "Threatens children/family",
    "DebtBondage": "Debt bondage",
    "FalsePromises": "False promises",
    "PhysicalAbuse": "Physical abuse",
    "SexualAbuse": "Sexual abuse",
    "TakesEarnings": "Takes earnings",
    "RestrictsFinancialAccess": "Restricts financial access",
    "RestrictsMedicalCare": "Restricts medical care",
    "WithholdsNecessities": "Withholds necessities",
    "PsychologicalAbuse": "Psychological abuse",
    "PsychoactiveSubstance": "Psychoactive substance",
    "ExcessiveWorkingHours": "Excessive working hours",
    "WithholdsDocuments": "Withholds documents",
    "Other": "Other",
}
_EXPLOITATION = {
    "ForcedLabour": "Forced labour",
    "SexualExploitation": "Sexual exploitation",
    "ChildLabour": "Child labour",
    "ForcedMarriage": "Forced marriage",
    "Servitude": "Servitude",
    "ForcedMilitaryByNonStateActors": "Forced military (by non-state actors)",
    "OrganRemoval": "Organ removal",
    "ForcedBegging": "Forced begging",
    "ForcedAdoption": "Forced adoption",
    "Surrogacy": "Surrogacy",
    "Other": "Other",
}
_INDUSTRY = {
    "A_AgricultureForestryAndFishing": "Agriculture, forestry and fishing",
    "B_MiningAndQuarrying": "Mining and quarrying",
    "C_Manufacturing": "Manufacturing",
    "D_ElectricityGasSteamAndAirConditioningSupply": "Electricity, gas, steam and air conditioning supply",
    "E_WaterSupplySewerageWasteManagement": "Water supply; sewerage, waste management and remediation",
    "F_Construction": "Construction",
    "G_WholesaleAndRetailTradeRepairOfMotorVehicles": (
        "Wholesale and retail trade; repair of motor vehicles and motorcycles"
    ),
    "H_TransportationAndStorage": "Transportation and storage",
    "I_AccommodationAndFoodServiceActivities": "Accommodation and food service activities",
    "J_InformationAndCommunication": "Information and communication",
    "K_FinancialAndInsuranceActivities": "Financial and insurance activities",
    "L_RealEstateActivities": "Real estate activities",
    "M_ProfessionalScientificAndTechnicalActivities": "Professional, scientific and technical activities",
    "N_AdministrativeAndSupportServiceActivities": "Administrative and support service activities",
    "O_PublicAdministrationAndDefence": "Public administration and defence; compulsory social security",
    "P_Education": "Education",
    "Q_HumanHealthAndSocialWorkActivities": "Human health and social work activities",
    "R_ArtsEntertainmentAndRecreation": "Arts, entertainment and recreation",
    "S_OtherServiceActivities": "Other service activities",
    "T_ActivitiesOfHouseholdsAsEmployers": (
        "Activities of households as employers; undifferentiated goods- and services- producing activities of"
        " households for own use"
    ),
    "U_ActivitiesOfExtraterritorialOrganizations": "Activities of extraterritorial organizations and bodies",
}
_SEXUAL_EXPLOITATION = {
    "Prostitution": "Prostitution",
    "Pornography": "Pornography",
    "RemoteInteractiveServices": "Remote Interactive Services",
    "PrivateSexualServices": "Private Sexual Services",
}
_VULNERABILITIES = {
    "Addiction": "Addiction",
    "SocialGroup": "Social Group",
    "Discrimination": "Discrimination",
    "Poverty": "Poverty",
    "DisabilityAndPhysicalHealth": "Disability and physical health",
    "MentalHealth": "Mental health",
    "Migration": "Migration",
    "Homelessness": "Homelessness",
    "AbuseSocialMedia": "Abuse - social media",
    "AbusePhysical": "Abuse - physical",
    "Education": "Education",
    "WorkEnvironment": "Work environment",
}
_STATUS = {
    "Active": "Active",
    "FollowUp": "Follow Up",
    "Closed": "Closed",
    "ClosedReferred": "Closed Referred",
}
_REFERRAL_REASON = {
    "AdditionalServicesRequired": "Additional Services Required",
    "MigrationOrChangeOfLocation": "Migration or Change of Location",
    "Other": "Other",
}

COLUMNS: tuple[Column, ...] = (
    Column("prs_Salutation", "Salutation", Kind.NAME, Section.IDENTITY),
    Column("prs_FirstName", "First Name", Kind.NAME, Section.IDENTITY),
    Column("prs_SecondName", "Second Name", Kind.NAME, Section.IDENTITY),
    Column("prs_Birthdate", "Birthdate", Kind.BIRTH, Section.IDENTITY),
    Column("prs_Gender", "Gender", Kind.PICKLIST, Section.IDENTITY, _GENDER),
    Column("prs_Citizenship", "Citizenship", Kind.COUNTRIES, Section.IDENTITY),
    Column("prs_Title", "Title", Kind.NAME, Section.IDENTITY),
    Column("prs_Email", "Email", Kind.EMAIL, Section.CONTACTS),
    Column("prs_HomePhone", "Home Phone", Kind.PHONE, Section.CONTACTS),
    Column("prs_MobilePhone", "Mobile Phone", Kind.PHONE, Section.CONTACTS),
    Column("prs_MailingStreet", "Mailing Street", Kind.TEXT, Section.CONTACTS),
    Column("prs_MailingCity", "Mailing City", Kind.TEXT, Section.CONTACTS),
    Column("prs_MailingState", "Mailing State/Province", Kind.TEXT, Section.CONTACTS),
    Column("prs_MailingPostalCode", "Mailing Zip/Postal Code", Kind.TEXT, Section.CONTACTS),
    Column("prs_MailingCountry", "Mailing Country", Kind.COUNTRY, Section.CONTACTS),
    Column("vic_TraffickingStatus", "Trafficking Status", Kind.PICKLIST, Section.LEGAL, _TRAFFICKING_STATUS),
    Column(
        "vic_TraffickingStatusDecisionMakingOrg",
        "Trafficking Status Decision Making Organization",
        Kind.PICKLIST,
        Section.LEGAL,
        _DECIDING_ORGANISATION,
    ),
    Column(
        "vic_MethodOfRecruitment", "Method of Recruitment", Kind.MULTISELECT, Section.ACCOUNT, _RECRUITMENT
    ),
    Column("vic_LocationOfRecruitment", "Location of Recruitment", Kind.TEXT, Section.ACCOUNT),
    Column("vic_MethodsOfControl", "Methods of Control", Kind.MULTISELECT, Section.ACCOUNT, _CONTROL),
    Column(
        "vic_TypeOfExploitation", "Type of Exploitation", Kind.MULTISELECT, Section.ACCOUNT, _EXPLOITATION
    ),
    Column("vic_ForcedLabourIndustry", "Forced Labour Industry", Kind.PICKLIST, Section.ACCOUNT, _INDUSTRY),
    Column(
        "vic_TypeOfSexExploitation",
        "Type of Sex Exploitation",
        Kind.MULTISELECT,
        Section.ACCOUNT,
        _SEXUAL_EXPLOITATION,
    ),
    Column("vic_LocationOfExploitation", "Location of Exploitation", Kind.TEXT, Section.ACCOUNT),
    Column("vic_Vulnerabilities", "Vulnerabilities", Kind.MULTISELECT, Section.RISK, _VULNERABILITIES),
    Column("vic_DetailsOfVulnerabilities", "Details Of Vulnerabilities", Kind.LONG_TEXT, Section.RISK),
    Column("cas_Status", "Status", Kind.PICKLIST, Section.NOTES, _STATUS),
    Column("cas_ReasonForCaseClosure", "Reason for Case Closure", Kind.LONG_TEXT, Section.NOTES),
    Column("cas_CaseOwner", "Case Owner", Kind.NAME, Section.NOTES),
    Column("cas_ReferringOrganisation", "Referring Organisation", Kind.TEXT, Section.NOTES),
    Column("cas_IncomingReferralDate", "Incoming Referral Date", Kind.DATE, Section.NOTES),
    Column("cas_ReferringPrimaryCaseWorker", "Referring Primary Case Worker", Kind.NAME, Section.NOTES),
    Column(
        "cas_ReasonForIncomingReferral",
        "Reason for Incoming Referral",
        Kind.PICKLIST,
        Section.NOTES,
        _REFERRAL_REASON,
    ),
    # Free words about why the child came or went tell what happened to the child.
    Column("cas_IncomingReferralDetails", "Incoming Referral Details", Kind.LONG_TEXT, Section.ACCOUNT),
    Column("cas_ReferredOrganisation", "Referred Organisation", Kind.TEXT, Section.NOTES),
    Column("cas_ReferredPrimaryCaseWorker", "Referred Primary Case Worker", Kind.NAME, Section.NOTES),
    Column(
        "cas_ReasonForOutgoingReferral",
        "Reason for Outgoing Referral",
        Kind.PICKLIST,
        Section.NOTES,
        _REFERRAL_REASON,
    ),
    Column("cas_OutgoingReferralDate", "Outgoing Referral Date", Kind.DATE, Section.NOTES),
    Column("cas_OutgoingReferralDetails", "Outgoing Referral Details", Kind.LONG_TEXT, Section.ACCOUNT),
    Column("con_Consent", "Consent", Kind.CONSENT, Section.LEGAL),
)

COLUMN: Mapping[str, Column] = MappingProxyType({column.name: column for column in COLUMNS})

# Spelt this way in the official workbooks.
MISSPELT_HEADINGS: Mapping[str, str] = MappingProxyType(
    {"vic_TraffickinStatusDecisionMakingOrg": "vic_TraffickingStatusDecisionMakingOrg"}
)
