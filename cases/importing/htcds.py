"""The core columns of the standard as data: what each may hold and in which section it belongs.

Names, labels and allowed values: Human Trafficking Case Data Standard 2.0, IOM, CC BY 4.0.
IOM does not endorse this software. Labels stay in English here, because files are read by them; a page that shows
one translates it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext_noop as _

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
    "Feminine": _("Feminine"),
    "Masculine": _("Masculine"),
    "TransgenderFeminine": _("Transgender Feminine"),
    "TransgenderMasculine": _("Transgender Masculine"),
    "NonConforming": _("Non-Conforming"),
    "NonSpecifiedUnknown": _("Not Specified/Unknown"),
}
_TRAFFICKING_STATUS = {
    "PossibleVictimOfTrafficking": _("Possible victim of trafficking"),
    "ActualVictimOfTrafficking": _("Actual victim of trafficking"),
    "NotAVictimOfTrafficking": _("Not a victim of trafficking"),
}
_DECIDING_ORGANISATION = {
    "Police": _("Police"),
    "NGO": _("NGO"),
    "CourtOrProsecution": _("Court or prosecution"),
    "NonPoliceGovernmentalOrganization": _("Non-police governmental organization"),
    "Other": _("Other"),
}
_RECRUITMENT = {
    "AtAPlaceOfBusiness": _("At a place of business"),
    "AtAnEducationalInstitution": _("At an educational institution"),
    "AtWork": _("At work"),
    "ThroughOnlineSocialNetworks": _("Through online social networks"),
    "ThroughAnOnlineAdvertisement": _("Through an online advertisement"),
    "ThroughATelevisionAdvert": _("Through a television advert"),
    "ThroughANewspaperAdvert": _("Through a newspaper advert"),
    "ThroughFamilyOrFamilyEvents": _("Through family or family events"),
    "ThroughFriendsOrSocialEvents": _("Through friends or social events"),
    "Other": _("Other"),
}
_CONTROL = {
    "PhysicalThreats": _("Physical threats"),
    "ThreatsLawEnforcement": _("Threats of law enforcement"),
    "ThreatensChildrenFamily": _("Threatens children/family"),
    "DebtBondage": _("Debt bondage"),
    "FalsePromises": _("False promises"),
    "PhysicalAbuse": _("Physical abuse"),
    "SexualAbuse": _("Sexual abuse"),
    "TakesEarnings": _("Takes earnings"),
    "RestrictsFinancialAccess": _("Restricts financial access"),
    "RestrictsMedicalCare": _("Restricts medical care"),
    "WithholdsNecessities": _("Withholds necessities"),
    "PsychologicalAbuse": _("Psychological abuse"),
    "PsychoactiveSubstance": _("Psychoactive substance"),
    "ExcessiveWorkingHours": _("Excessive working hours"),
    "WithholdsDocuments": _("Withholds documents"),
    "Other": _("Other"),
}
_EXPLOITATION = {
    "ForcedLabour": _("Forced labour"),
    "SexualExploitation": _("Sexual exploitation"),
    "ChildLabour": _("Child labour"),
    "ForcedMarriage": _("Forced marriage"),
    "Servitude": _("Servitude"),
    "ForcedMilitaryByNonStateActors": _("Forced military (by non-state actors)"),
    "OrganRemoval": _("Organ removal"),
    "ForcedBegging": _("Forced begging"),
    "ForcedAdoption": _("Forced adoption"),
    "Surrogacy": _("Surrogacy"),
    "Other": _("Other"),
}
_INDUSTRY = {
    "A_AgricultureForestryAndFishing": _("Agriculture, forestry and fishing"),
    "B_MiningAndQuarrying": _("Mining and quarrying"),
    "C_Manufacturing": _("Manufacturing"),
    "D_ElectricityGasSteamAndAirConditioningSupply": _("Electricity, gas, steam and air conditioning supply"),
    "E_WaterSupplySewerageWasteManagement": _("Water supply; sewerage, waste management and remediation"),
    "F_Construction": _("Construction"),
    "G_WholesaleAndRetailTradeRepairOfMotorVehicles": _(
        "Wholesale and retail trade; repair of motor vehicles and motorcycles"
    ),
    "H_TransportationAndStorage": _("Transportation and storage"),
    "I_AccommodationAndFoodServiceActivities": _("Accommodation and food service activities"),
    "J_InformationAndCommunication": _("Information and communication"),
    "K_FinancialAndInsuranceActivities": _("Financial and insurance activities"),
    "L_RealEstateActivities": _("Real estate activities"),
    "M_ProfessionalScientificAndTechnicalActivities": _("Professional, scientific and technical activities"),
    "N_AdministrativeAndSupportServiceActivities": _("Administrative and support service activities"),
    "O_PublicAdministrationAndDefence": _("Public administration and defence; compulsory social security"),
    "P_Education": _("Education"),
    "Q_HumanHealthAndSocialWorkActivities": _("Human health and social work activities"),
    "R_ArtsEntertainmentAndRecreation": _("Arts, entertainment and recreation"),
    "S_OtherServiceActivities": _("Other service activities"),
    "T_ActivitiesOfHouseholdsAsEmployers": _(
        "Activities of households as employers; undifferentiated goods- and services- producing activities of"
        " households for own use"
    ),
    "U_ActivitiesOfExtraterritorialOrganizations": _(
        "Activities of extraterritorial organizations and bodies"
    ),
}
_SEXUAL_EXPLOITATION = {
    "Prostitution": _("Prostitution"),
    "Pornography": _("Pornography"),
    "RemoteInteractiveServices": _("Remote Interactive Services"),
    "PrivateSexualServices": _("Private Sexual Services"),
}
_VULNERABILITIES = {
    "Addiction": _("Addiction"),
    "SocialGroup": _("Social Group"),
    "Discrimination": _("Discrimination"),
    "Poverty": _("Poverty"),
    "DisabilityAndPhysicalHealth": _("Disability and physical health"),
    "MentalHealth": _("Mental health"),
    "Migration": _("Migration"),
    "Homelessness": _("Homelessness"),
    "AbuseSocialMedia": _("Abuse - social media"),
    "AbusePhysical": _("Abuse - physical"),
    "Education": _("Education"),
    "WorkEnvironment": _("Work environment"),
}
_STATUS = {
    "Active": _("Active"),
    "FollowUp": _("Follow Up"),
    "Closed": _("Closed"),
    "ClosedReferred": _("Closed Referred"),
}
_REFERRAL_REASON = {
    "AdditionalServicesRequired": _("Additional Services Required"),
    "MigrationOrChangeOfLocation": _("Migration or Change of Location"),
    "Other": _("Other"),
}

COLUMNS: tuple[Column, ...] = (
    Column("prs_Salutation", _("Salutation"), Kind.NAME, Section.IDENTITY),
    Column("prs_FirstName", _("First Name"), Kind.NAME, Section.IDENTITY),
    Column("prs_SecondName", _("Second Name"), Kind.NAME, Section.IDENTITY),
    Column("prs_Birthdate", _("Birthdate"), Kind.BIRTH, Section.IDENTITY),
    Column("prs_Gender", _("Gender"), Kind.PICKLIST, Section.IDENTITY, _GENDER),
    Column("prs_Citizenship", _("Citizenship"), Kind.COUNTRIES, Section.IDENTITY),
    Column("prs_Title", _("Title"), Kind.NAME, Section.IDENTITY),
    Column("prs_Email", _("Email"), Kind.EMAIL, Section.CONTACTS),
    Column("prs_HomePhone", _("Home Phone"), Kind.PHONE, Section.CONTACTS),
    Column("prs_MobilePhone", _("Mobile Phone"), Kind.PHONE, Section.CONTACTS),
    Column("prs_MailingStreet", _("Mailing Street"), Kind.TEXT, Section.CONTACTS),
    Column("prs_MailingCity", _("Mailing City"), Kind.TEXT, Section.CONTACTS),
    Column("prs_MailingState", _("Mailing State/Province"), Kind.TEXT, Section.CONTACTS),
    Column("prs_MailingPostalCode", _("Mailing Zip/Postal Code"), Kind.TEXT, Section.CONTACTS),
    Column("prs_MailingCountry", _("Mailing Country"), Kind.COUNTRY, Section.CONTACTS),
    Column(
        "vic_TraffickingStatus", _("Trafficking Status"), Kind.PICKLIST, Section.LEGAL, _TRAFFICKING_STATUS
    ),
    Column(
        "vic_TraffickingStatusDecisionMakingOrg",
        _("Trafficking Status Decision Making Organization"),
        Kind.PICKLIST,
        Section.LEGAL,
        _DECIDING_ORGANISATION,
    ),
    Column(
        "vic_MethodOfRecruitment", _("Method of Recruitment"), Kind.MULTISELECT, Section.ACCOUNT, _RECRUITMENT
    ),
    Column("vic_LocationOfRecruitment", _("Location of Recruitment"), Kind.TEXT, Section.ACCOUNT),
    Column("vic_MethodsOfControl", _("Methods of Control"), Kind.MULTISELECT, Section.ACCOUNT, _CONTROL),
    Column(
        "vic_TypeOfExploitation", _("Type of Exploitation"), Kind.MULTISELECT, Section.ACCOUNT, _EXPLOITATION
    ),
    Column(
        "vic_ForcedLabourIndustry", _("Forced Labour Industry"), Kind.PICKLIST, Section.ACCOUNT, _INDUSTRY
    ),
    Column(
        "vic_TypeOfSexExploitation",
        _("Type of Sex Exploitation"),
        Kind.MULTISELECT,
        Section.ACCOUNT,
        _SEXUAL_EXPLOITATION,
    ),
    Column("vic_LocationOfExploitation", _("Location of Exploitation"), Kind.TEXT, Section.ACCOUNT),
    Column("vic_Vulnerabilities", _("Vulnerabilities"), Kind.MULTISELECT, Section.RISK, _VULNERABILITIES),
    Column("vic_DetailsOfVulnerabilities", _("Details Of Vulnerabilities"), Kind.LONG_TEXT, Section.RISK),
    Column("cas_Status", _("Status"), Kind.PICKLIST, Section.NOTES, _STATUS),
    Column("cas_ReasonForCaseClosure", _("Reason for Case Closure"), Kind.LONG_TEXT, Section.NOTES),
    Column("cas_CaseOwner", _("Case Owner"), Kind.NAME, Section.NOTES),
    Column("cas_ReferringOrganisation", _("Referring Organisation"), Kind.TEXT, Section.NOTES),
    Column("cas_IncomingReferralDate", _("Incoming Referral Date"), Kind.DATE, Section.NOTES),
    Column("cas_ReferringPrimaryCaseWorker", _("Referring Primary Case Worker"), Kind.NAME, Section.NOTES),
    Column(
        "cas_ReasonForIncomingReferral",
        _("Reason for Incoming Referral"),
        Kind.PICKLIST,
        Section.NOTES,
        _REFERRAL_REASON,
    ),
    # Free words about why the child came or went tell what happened to the child.
    Column("cas_IncomingReferralDetails", _("Incoming Referral Details"), Kind.LONG_TEXT, Section.ACCOUNT),
    Column("cas_ReferredOrganisation", _("Referred Organisation"), Kind.TEXT, Section.NOTES),
    Column("cas_ReferredPrimaryCaseWorker", _("Referred Primary Case Worker"), Kind.NAME, Section.NOTES),
    Column(
        "cas_ReasonForOutgoingReferral",
        _("Reason for Outgoing Referral"),
        Kind.PICKLIST,
        Section.NOTES,
        _REFERRAL_REASON,
    ),
    Column("cas_OutgoingReferralDate", _("Outgoing Referral Date"), Kind.DATE, Section.NOTES),
    Column("cas_OutgoingReferralDetails", _("Outgoing Referral Details"), Kind.LONG_TEXT, Section.ACCOUNT),
    Column("con_Consent", _("Consent"), Kind.CONSENT, Section.LEGAL),
)

COLUMN: Mapping[str, Column] = MappingProxyType({column.name: column for column in COLUMNS})

# Spelt this way in the official workbooks.
MISSPELT_HEADINGS: Mapping[str, str] = MappingProxyType(
    {"vic_TraffickinStatusDecisionMakingOrg": "vic_TraffickingStatusDecisionMakingOrg"}
)
