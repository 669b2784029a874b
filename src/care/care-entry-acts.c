/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>

/* What may become of an entry of each kind. Codes are those of FHIR R4's own value sets. */

#define TERMINOLOGY  "http://terminology.hl7.org/CodeSystem/"
#define CLINICAL     TERMINOLOGY "condition-clinical"
#define VERIFICATION TERMINOLOGY "condition-ver-status"
#define A_CLINICAL   TERMINOLOGY "allergyintolerance-clinical"
#define A_VERIFY     TERMINOLOGY "allergyintolerance-verification"
#define ACHIEVEMENT  TERMINOLOGY "goal-achievement"

#define IN_ERROR                                                                                   \
  {                                                                                                \
    .name = "error",                                                                               \
    .label = N_ ("Enter in Error…"),                                                               \
    .done = N_ ("Marked as entered in error"),                                                     \
    .needs_reason = TRUE,                                                                          \
    .from = CARE_ENTRY_ACTIVE | CARE_ENTRY_ENDED | CARE_ENTRY_REFUTED,                             \
    .sets = { { "status", NULL, "entered-in-error" } },                                            \
  }

static const CareEntryAct problem_acts[] = {
  { .name = "resolve",
    .label = N_ ("Resolve"),
    .done = N_ ("Problem resolved"),
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "clinicalStatus", CLINICAL, "resolved" },
              { "abatement*", NULL, NULL },
              { "abatementDateTime", NULL, CARE_ENTRY_TODAY } } },
  { .name = "reopen",
    .label = N_ ("Make Active Again"),
    .done = N_ ("Problem active again"),
    .from = CARE_ENTRY_ENDED | CARE_ENTRY_REFUTED,
    .sets = { { "clinicalStatus", CLINICAL, "active" },
              { "abatement*", NULL, NULL },
              { "verificationStatus", VERIFICATION, "confirmed" } } },
  { .name = "refute",
    .label = N_ ("Refute…"),
    .done = N_ ("Problem refuted"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE | CARE_ENTRY_ENDED,
    .sets = { { "clinicalStatus", CLINICAL, "inactive" },
              { "verificationStatus", VERIFICATION, "refuted" } } },
  { .name = "error",
    .label = N_ ("Enter in Error…"),
    .done = N_ ("Marked as entered in error"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE | CARE_ENTRY_ENDED | CARE_ENTRY_REFUTED,
    .sets = { { "clinicalStatus", NULL, NULL },
              { "verificationStatus", VERIFICATION, "entered-in-error" } } },
};

static const CareEntryAct allergy_acts[] = {
  { .name = "resolve",
    .label = N_ ("Resolve…"),
    .done = N_ ("Allergy resolved"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "clinicalStatus", A_CLINICAL, "resolved" } } },
  { .name = "reopen",
    .label = N_ ("Make Active Again"),
    .done = N_ ("Allergy active again"),
    .from = CARE_ENTRY_ENDED | CARE_ENTRY_REFUTED,
    .sets = { { "clinicalStatus", A_CLINICAL, "active" },
              { "verificationStatus", A_VERIFY, "confirmed" } } },
  { .name = "refute",
    .label = N_ ("Refute…"),
    .done = N_ ("Allergy refuted"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE | CARE_ENTRY_ENDED,
    .sets = { { "clinicalStatus", A_CLINICAL, "inactive" },
              { "verificationStatus", A_VERIFY, "refuted" } } },
  { .name = "error",
    .label = N_ ("Enter in Error…"),
    .done = N_ ("Marked as entered in error"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE | CARE_ENTRY_ENDED | CARE_ENTRY_REFUTED,
    .sets = { { "clinicalStatus", NULL, NULL },
              { "verificationStatus", A_VERIFY, "entered-in-error" } } },
};

static const CareEntryAct event_acts[] = { IN_ERROR };

static const CareEntryAct plan_acts[] = {
  { .name = "complete",
    .label = N_ ("Complete"),
    .done = N_ ("Plan completed"),
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "status", NULL, "completed" }, { "period.end", NULL, CARE_ENTRY_TODAY } } },
  { .name = "revoke",
    .label = N_ ("Stop…"),
    .done = N_ ("Plan stopped"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "status", NULL, "revoked" }, { "period.end", NULL, CARE_ENTRY_TODAY } } },
  { .name = "reopen",
    .label = N_ ("Make Active Again"),
    .done = N_ ("Plan active again"),
    .from = CARE_ENTRY_ENDED,
    .sets = { { "status", NULL, "active" }, { "period.end", NULL, NULL } } },
  IN_ERROR,
};

static const CareEntryAct goal_acts[] = {
  { .name = "achieve",
    .label = N_ ("Achieved"),
    .done = N_ ("Goal achieved"),
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "lifecycleStatus", NULL, "completed" },
              { "achievementStatus", ACHIEVEMENT, "achieved" },
              { "statusDate", NULL, CARE_ENTRY_TODAY } } },
  { .name = "cancel",
    .label = N_ ("Give Up…"),
    .done = N_ ("Goal given up"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "lifecycleStatus", NULL, "cancelled" },
              { "statusDate", NULL, CARE_ENTRY_TODAY } } },
  { .name = "reopen",
    .label = N_ ("Make Active Again"),
    .done = N_ ("Goal active again"),
    .from = CARE_ENTRY_ENDED,
    .sets = { { "lifecycleStatus", NULL, "active" },
              { "achievementStatus", ACHIEVEMENT, "in-progress" },
              { "statusDate", NULL, CARE_ENTRY_TODAY } } },
  { .name = "error",
    .label = N_ ("Enter in Error…"),
    .done = N_ ("Marked as entered in error"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE | CARE_ENTRY_ENDED,
    .sets = { { "lifecycleStatus", NULL, "entered-in-error" } } },
};

static const CareEntryAct device_acts[] = {
  { .name = "retire",
    .label = N_ ("No Longer Used"),
    .done = N_ ("Device no longer used"),
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "status", NULL, "inactive" } } },
  { .name = "reopen",
    .label = N_ ("Used Again"),
    .done = N_ ("Device used again"),
    .from = CARE_ENTRY_ENDED,
    .sets = { { "status", NULL, "active" } } },
  IN_ERROR,
};

static const CareEntryAct coverage_acts[] = {
  { .name = "end",
    .label = N_ ("End Cover"),
    .done = N_ ("Cover ended"),
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "status", NULL, "cancelled" }, { "period.end", NULL, CARE_ENTRY_TODAY } } },
  { .name = "reopen",
    .label = N_ ("Make Active Again"),
    .done = N_ ("Cover active again"),
    .from = CARE_ENTRY_ENDED,
    .sets = { { "status", NULL, "active" }, { "period.end", NULL, NULL } } },
  IN_ERROR,
};

static const CareEntryAct alert_acts[] = {
  { .name = "end",
    .label = N_ ("End Alert…"),
    .done = N_ ("Alert ended"),
    .needs_reason = TRUE,
    .from = CARE_ENTRY_ACTIVE,
    .sets = { { "status", NULL, "inactive" }, { "period.end", NULL, CARE_ENTRY_TODAY } } },
  { .name = "reopen",
    .label = N_ ("Make Active Again"),
    .done = N_ ("Alert active again"),
    .from = CARE_ENTRY_ENDED,
    .sets = { { "status", NULL, "active" }, { "period.end", NULL, NULL } } },
  IN_ERROR,
};

#define ACTS(name) { name##_acts, G_N_ELEMENTS (name##_acts) }

static const struct
{
  const CareEntryAct *acts;
  gsize n_acts;
} tables[CARE_N_ENTRY_KINDS] = {
  [CARE_ENTRY_PROBLEM] = ACTS (problem),    [CARE_ENTRY_ALLERGY] = ACTS (allergy),
  [CARE_ENTRY_IMMUNIZATION] = ACTS (event), [CARE_ENTRY_PROCEDURE] = ACTS (event),
  [CARE_ENTRY_FAMILY] = ACTS (event),       [CARE_ENTRY_SOCIAL] = ACTS (event),
  [CARE_ENTRY_PLAN] = ACTS (plan),          [CARE_ENTRY_GOAL] = ACTS (goal),
  [CARE_ENTRY_DEVICE] = ACTS (device),      [CARE_ENTRY_COVERAGE] = ACTS (coverage),
  [CARE_ENTRY_ALERT] = ACTS (alert),
};

const CareEntryAct *
care_entry_kind_get_acts (CareEntryKind kind, gsize *n)
{
  *n = tables[kind].n_acts;
  return tables[kind].acts;
}
