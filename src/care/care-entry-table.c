/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>

#include "care-summary.h"

/* What a person may write of each kind of entry. Codes are those of FHIR R4's own value sets; the
 * three severities are https://hl7.org/fhir/R4B/valueset-condition-severity.html, relatives are of
 * v3-RoleCode. Tobacco smoking status is LOINC 72166-2 (US Core value set
 * us-core-smoking-status-observation-codes). */

#define TERMINOLOGY  "http://terminology.hl7.org/CodeSystem/"
#define CLINICAL     TERMINOLOGY "condition-clinical"
#define VERIFICATION TERMINOLOGY "condition-ver-status"
#define A_CLINICAL   TERMINOLOGY "allergyintolerance-clinical"
#define A_VERIFY     TERMINOLOGY "allergyintolerance-verification"
#define ACHIEVEMENT  TERMINOLOGY "goal-achievement"
#define ROLE_CODE    TERMINOLOGY "v3-RoleCode"
#define FLAG         TERMINOLOGY "flag-category"

static const CareFieldChoice severities[] = {
  { "255604002", N_ ("Mild") },
  { "6736007", N_ ("Moderate") },
  { "24484000", N_ ("Severe") },
  { NULL, NULL },
};

static const CareFieldChoice verifications[] = {
  { "confirmed", N_ ("Confirmed") },
  { "provisional", N_ ("Provisional") },
  { "differential", N_ ("Differential") },
  { "unconfirmed", N_ ("Unconfirmed") },
  { NULL, NULL },
};

static const CareFieldChoice allergy_verifications[] = {
  { "confirmed", N_ ("Confirmed") },
  { "unconfirmed", N_ ("Unconfirmed") },
  { NULL, NULL },
};

static const CareFieldChoice allergy_types[] = {
  { "allergy", N_ ("Allergy") },
  { "intolerance", N_ ("Intolerance") },
  { NULL, NULL },
};

static const CareFieldChoice allergy_categories[] = {
  { "medication", N_ ("Medicine") }, { "food", N_ ("Food") }, { "environment", N_ ("Environment") },
  { "biologic", N_ ("Biologic") },   { NULL, NULL },
};

static const CareFieldChoice criticalities[] = {
  { "low", N_ ("Low Risk") },
  { "high", N_ ("High Risk") },
  { "unable-to-assess", N_ ("Unable to Assess Risk") },
  { NULL, NULL },
};

static const CareFieldChoice reaction_severities[] = {
  { "mild", N_ ("Mild") },
  { "moderate", N_ ("Moderate") },
  { "severe", N_ ("Severe") },
  { NULL, NULL },
};

static const CareFieldChoice relatives[] = {
  { "MTH", N_ ("Mother") },
  { "FTH", N_ ("Father") },
  { "SIS", N_ ("Sister") },
  { "BRO", N_ ("Brother") },
  { "DAU", N_ ("Daughter") },
  { "SON", N_ ("Son") },
  { "MGRMTH", N_ ("Maternal Grandmother") },
  { "MGRFTH", N_ ("Maternal Grandfather") },
  { "PGRMTH", N_ ("Paternal Grandmother") },
  { "PGRFTH", N_ ("Paternal Grandfather") },
  { "AUNT", N_ ("Aunt") },
  { "UNCLE", N_ ("Uncle") },
  { NULL, NULL },
};

static const CareFieldChoice given[] = {
  { "completed", N_ ("Given") },
  { "not-done", N_ ("Not Given") },
  { NULL, NULL },
};

static const CareFieldChoice performed[] = {
  { "completed", N_ ("Done") },
  { "in-progress", N_ ("Under Way") },
  { "not-done", N_ ("Not Done") },
  { NULL, NULL },
};

/* https://hl7.org/fhir/R4/codesystem-flag-category.html */
static const CareFieldChoice alert_categories[] = {
  { CARE_ALERT_SAFETY, N_ ("Safety") },
  { "behavioral", N_ ("Behavior") },
  { "contact", N_ ("Contact") },
  { "clinical", N_ ("Clinical") },
  { "drug", N_ ("Medicines") },
  { "lab", N_ ("Laboratory") },
  { "diet", N_ ("Diet") },
  { "advance-directive", N_ ("Advance Directive") },
  { "admin", N_ ("Administrative") },
  { "research", N_ ("Research") },
  { NULL, NULL },
};

static const CareField problem_fields[] = {
  { .name = "code",
    .label = N_ ("Problem"),
    .path = "code",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "verification",
    .label = N_ ("Certainty"),
    .path = "verificationStatus",
    .type = CARE_FIELD_CHOICE,
    .system = VERIFICATION,
    .choices = verifications },
  { .name = "severity",
    .label = N_ ("Severity"),
    .path = "severity",
    .type = CARE_FIELD_CHOICE,
    .system = CARE_SYSTEM_SNOMED,
    .choices = severities },
  { .name = "onset",
    .label = N_ ("Since"),
    .path = "onsetDateTime",
    .type = CARE_FIELD_PAST,
    .element = "onset" },
};

static const CareField allergy_fields[] = {
  { .name = "code",
    .label = N_ ("Substance"),
    .path = "code",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "reaction",
    .label = N_ ("Reaction"),
    .path = "reaction.0.manifestation.0",
    .type = CARE_FIELD_CONCEPT },
  { .name = "reaction-severity",
    .label = N_ ("Severity of the Reaction"),
    .path = "reaction.0.severity",
    .type = CARE_FIELD_CHOICE,
    .choices = reaction_severities,
    .needs = "reaction" },
  { .name = "criticality",
    .label = N_ ("Risk"),
    .path = "criticality",
    .type = CARE_FIELD_CHOICE,
    .choices = criticalities },
  { .name = "type",
    .label = N_ ("Kind"),
    .path = "type",
    .type = CARE_FIELD_CHOICE,
    .choices = allergy_types },
  { .name = "category",
    .label = N_ ("Category"),
    .path = "category.0",
    .type = CARE_FIELD_CHOICE,
    .choices = allergy_categories },
  { .name = "verification",
    .label = N_ ("Certainty"),
    .path = "verificationStatus",
    .type = CARE_FIELD_CHOICE,
    .system = A_VERIFY,
    .choices = allergy_verifications },
  { .name = "onset",
    .label = N_ ("Since"),
    .path = "onsetDateTime",
    .type = CARE_FIELD_PAST,
    .element = "onset" },
};

static const CareField immunization_fields[] = {
  { .name = "code",
    .label = N_ ("Vaccine"),
    .path = "vaccineCode",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "status",
    .label = N_ ("Given or Not"),
    .path = "status",
    .type = CARE_FIELD_CHOICE,
    .choices = given,
    .required = TRUE },
  { .name = "date",
    .label = N_ ("Date"),
    .path = "occurrenceDateTime",
    .type = CARE_FIELD_PAST,
    .required = TRUE,
    .element = "occurrence" },
  { .name = "reason",
    .label = N_ ("Reason if Not Given"),
    .path = "statusReason",
    .type = CARE_FIELD_CONCEPT },
  { .name = "lot", .label = N_ ("Lot Number"), .path = "lotNumber", .type = CARE_FIELD_TEXT },
  { .name = "manufacturer",
    .label = N_ ("Manufacturer"),
    .path = "manufacturer.display",
    .type = CARE_FIELD_TEXT },
};

static const CareField procedure_fields[] = {
  { .name = "code",
    .label = N_ ("Procedure"),
    .path = "code",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "status",
    .label = N_ ("Status"),
    .path = "status",
    .type = CARE_FIELD_CHOICE,
    .choices = performed,
    .required = TRUE },
  { .name = "date",
    .label = N_ ("Date"),
    .path = "performedDateTime",
    .type = CARE_FIELD_PAST,
    .element = "performed" },
  { .name = "site", .label = N_ ("Body Site"), .path = "bodySite.0", .type = CARE_FIELD_CONCEPT },
  { .name = "reason", .label = N_ ("Reason"), .path = "reasonCode.0", .type = CARE_FIELD_CONCEPT },
  { .name = "outcome", .label = N_ ("Outcome"), .path = "outcome", .type = CARE_FIELD_CONCEPT },
};

static const CareField family_fields[] = {
  { .name = "relative",
    .label = N_ ("Relative"),
    .path = "relationship",
    .type = CARE_FIELD_CHOICE,
    .system = ROLE_CODE,
    .choices = relatives,
    .required = TRUE },
  { .name = "code",
    .label = N_ ("Condition"),
    .path = "condition.0.code",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "onset",
    .label = N_ ("Age or Time of Onset"),
    .path = "condition.0.onsetString",
    .type = CARE_FIELD_TEXT,
    .element = "onset" },
  { .name = "outcome",
    .label = N_ ("Outcome"),
    .path = "condition.0.outcome",
    .type = CARE_FIELD_CONCEPT },
};

static const CareField social_fields[] = {
  { .name = "code",
    .label = N_ ("Topic"),
    .path = "code",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "value",
    .label = N_ ("Finding"),
    .path = "valueCodeableConcept",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE,
    .element = "value" },
  { .name = "date",
    .label = N_ ("As of"),
    .path = "effectiveDateTime",
    .type = CARE_FIELD_PAST,
    .required = TRUE,
    .element = "effective" },
};

static const CareField plan_fields[] = {
  { .name = "title",
    .label = N_ ("Plan"),
    .path = "title",
    .type = CARE_FIELD_TEXT,
    .required = TRUE },
  { .name = "description",
    .label = N_ ("What Is Planned"),
    .path = "description",
    .type = CARE_FIELD_TEXT },
  { .name = "start", .label = N_ ("From"), .path = "period.start", .type = CARE_FIELD_DATE },
  { .name = "end", .label = N_ ("Until"), .path = "period.end", .type = CARE_FIELD_DATE },
};

static const CareField goal_fields[] = {
  { .name = "code",
    .label = N_ ("Goal"),
    .path = "description",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "start",
    .label = N_ ("From"),
    .path = "startDate",
    .type = CARE_FIELD_DATE,
    .element = "start" },
  { .name = "due",
    .label = N_ ("Due"),
    .path = "target.0.dueDate",
    .type = CARE_FIELD_DATE,
    .element = "due" },
};

static const CareField device_fields[] = {
  { .name = "code",
    .label = N_ ("Device"),
    .path = "type",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "manufacturer",
    .label = N_ ("Manufacturer"),
    .path = "manufacturer",
    .type = CARE_FIELD_TEXT },
  { .name = "model", .label = N_ ("Model"), .path = "modelNumber", .type = CARE_FIELD_TEXT },
  { .name = "serial",
    .label = N_ ("Serial Number"),
    .path = "serialNumber",
    .type = CARE_FIELD_TEXT },
  { .name = "lot", .label = N_ ("Lot Number"), .path = "lotNumber", .type = CARE_FIELD_TEXT },
};

static const CareField coverage_fields[] = {
  { .name = "payor",
    .label = N_ ("Insurer or Payer"),
    .path = "payor.0.display",
    .type = CARE_FIELD_TEXT,
    .required = TRUE },
  { .name = "code", .label = N_ ("Kind of Cover"), .path = "type", .type = CARE_FIELD_CONCEPT },
  { .name = "number",
    .label = N_ ("Member Number"),
    .path = "subscriberId",
    .type = CARE_FIELD_TEXT },
  { .name = "start", .label = N_ ("From"), .path = "period.start", .type = CARE_FIELD_DATE },
  { .name = "end", .label = N_ ("Until"), .path = "period.end", .type = CARE_FIELD_DATE },
};

static const CareField alert_fields[] = {
  { .name = "code",
    .label = N_ ("Alert"),
    .path = "code",
    .type = CARE_FIELD_CONCEPT,
    .required = TRUE },
  { .name = "category",
    .label = N_ ("What It Is About"),
    .path = "category.0",
    .type = CARE_FIELD_CHOICE,
    .system = FLAG,
    .choices = alert_categories,
    .required = TRUE },
  { .name = "start", .label = N_ ("From"), .path = "period.start", .type = CARE_FIELD_DATE },
  { .name = "end", .label = N_ ("Until"), .path = "period.end", .type = CARE_FIELD_DATE },
};

#define FIELDS(name) .fields = name##_fields, .n_fields = G_N_ELEMENTS (name##_fields)

static const CareEntryTable tables[CARE_N_ENTRY_KINDS] = {
  [CARE_ENTRY_PROBLEM] = { .type = "Condition",
                           .title = N_ ("Problem"),
                           .plural = N_ ("Problems"),
                           .subject = "subject",
                           .recorded = "recordedDate",
                           .recorder = "recorder",
                           .defaults = { { "clinicalStatus", CLINICAL, "active" },
                                         { "verificationStatus", VERIFICATION, "confirmed" },
                                         { "category.0", TERMINOLOGY "condition-category",
                                           "problem-list-item" } },
                           .none = { "No current problems or disability", CARE_SYSTEM_SNOMED,
                                     "160245001" },
                           FIELDS (problem) },
  [CARE_ENTRY_ALLERGY] = { .type = "AllergyIntolerance",
                           .title = N_ ("Allergy or Intolerance"),
                           .plural = N_ ("Allergies and Intolerances"),
                           .subject = "patient",
                           .recorded = "recordedDate",
                           .recorder = "recorder",
                           .defaults = { { "clinicalStatus", A_CLINICAL, "active" },
                                         { "verificationStatus", A_VERIFY, "unconfirmed" } },
                           .none = { "No known allergy", CARE_SYSTEM_SNOMED, "716186003" },
                           FIELDS (allergy) },
  [CARE_ENTRY_IMMUNIZATION] = { .type = "Immunization",
                                .title = N_ ("Immunization"),
                                .plural = N_ ("Immunizations"),
                                .subject = "patient",
                                .recorded = "recorded",
                                .defaults = { { "status", NULL, "completed" } },
                                FIELDS (immunization) },
  [CARE_ENTRY_PROCEDURE] = { .type = "Procedure",
                             .title = N_ ("Procedure"),
                             .plural = N_ ("Procedures"),
                             .subject = "subject",
                             .recorder = "recorder",
                             .defaults = { { "status", NULL, "completed" } },
                             FIELDS (procedure) },
  [CARE_ENTRY_FAMILY] = { .type = "FamilyMemberHistory",
                          .title = N_ ("Family History"),
                          .plural = N_ ("Family History"),
                          .subject = "patient",
                          .recorded = "date",
                          .defaults = { { "status", NULL, "partial" } },
                          FIELDS (family) },
  [CARE_ENTRY_SOCIAL] = { .type = "Observation",
                          .title = N_ ("Social History"),
                          .plural = N_ ("Social History"),
                          .subject = "subject",
                          .recorder = "performer.0",
                          .recorded = "issued",
                          .defaults = { { "status", NULL, "final" },
                                        { "category.0", TERMINOLOGY "observation-category",
                                          "social-history" } },
                          FIELDS (social) },
  [CARE_ENTRY_PLAN] = { .type = "CarePlan",
                        .title = N_ ("Care Plan"),
                        .plural = N_ ("Care Plans"),
                        .subject = "subject",
                        .recorded = "created",
                        .recorder = "author",
                        .defaults = { { "status", NULL, "active" }, { "intent", NULL, "plan" } },
                        FIELDS (plan) },
  [CARE_ENTRY_GOAL] = { .type = "Goal",
                        .title = N_ ("Goal"),
                        .plural = N_ ("Goals"),
                        .subject = "subject",
                        .recorder = "expressedBy",
                        .defaults = { { "lifecycleStatus", NULL, "active" },
                                      { "achievementStatus", ACHIEVEMENT, "in-progress" } },
                        FIELDS (goal) },
  [CARE_ENTRY_DEVICE] = { .type = "Device",
                          .title = N_ ("Device"),
                          .plural = N_ ("Devices"),
                          .subject = "patient",
                          .defaults = { { "status", NULL, "active" } },
                          FIELDS (device) },
  [CARE_ENTRY_COVERAGE] = { .type = "Coverage",
                            .title = N_ ("Cover"),
                            .plural = N_ ("Cover"),
                            .subject = "beneficiary",
                            .no_note = TRUE,
                            .defaults = { { "status", NULL, "active" } },
                            FIELDS (coverage) },
  [CARE_ENTRY_ALERT] = { .type = "Flag",
                         .title = N_ ("Alert"),
                         .plural = N_ ("Alerts"),
                         .subject = "subject",
                         .recorder = "author",
                         .no_note = TRUE,
                         .defaults = { { "status", NULL, "active" },
                                       { "period.start", NULL, CARE_ENTRY_TODAY } },
                         FIELDS (alert) },
};

const CareEntryTable *
care_entry_table (CareEntryKind kind)
{
  g_return_val_if_fail ((guint) kind < CARE_N_ENTRY_KINDS, &tables[CARE_ENTRY_PROBLEM]);
  return &tables[kind];
}

const char *
care_entry_kind_get_type_name (CareEntryKind kind)
{
  return care_entry_table (kind)->type;
}

/**
 * care_entry_kind_of_type:
 * @type: a resource type, "Condition"
 *
 * Returns: FALSE where it is none of them
 */
gboolean
care_entry_kind_of_type (const char *type, CareEntryKind *kind)
{
  for (guint i = 0; i < CARE_N_ENTRY_KINDS; i++)
    if (g_str_equal (tables[i].type, type))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * care_entry_kind_get_title:
 *
 * Returns: one entry of this kind in words, translated
 */
const char *
care_entry_kind_get_title (CareEntryKind kind)
{
  return _ (care_entry_table (kind)->title);
}

const char *
care_entry_kind_get_plural (CareEntryKind kind)
{
  return _ (care_entry_table (kind)->plural);
}

/**
 * care_entry_kind_get_fields:
 * @n: (out): how many
 *
 * Returns: what a form for this kind asks, in order. Labels are to be translated
 */
const CareField *
care_entry_kind_get_fields (CareEntryKind kind, gsize *n)
{
  *n = care_entry_table (kind)->n_fields;
  return care_entry_table (kind)->fields;
}

/**
 * care_entry_kind_takes_notes:
 *
 * Returns: FALSE where FHIR has no place for a note on such an entry
 */
gboolean
care_entry_kind_takes_notes (CareEntryKind kind)
{
  return !care_entry_table (kind)->no_note;
}
