/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-refusal.h"

#include <glib/gi18n.h>

/* What a role may not do, as a whole sentence for each act: "may not" and the act change their
 * places from language to language. */

static const struct
{
  const char *act;
  const char *sentence; /* %s: the role */
} refusals[] = {
  { "sign a prescription", N_ ("Your role (%s) may not sign a prescription.") },
  { "prepare a prescription", N_ ("Your role (%s) may not prepare a prescription.") },
  { "stop a prescription", N_ ("Your role (%s) may not stop a prescription.") },
  { "cancel a prescription", N_ ("Your role (%s) may not cancel a prescription.") },
  { "take back a prescription", N_ ("Your role (%s) may not take back a prescription.") },
  { "save an order set", N_ ("Your role (%s) may not save an order set.") },
  { "answer what is asked about a prescription",
    N_ ("Your role (%s) may not answer what is asked about a prescription.") },
  { "reconcile medicines", N_ ("Your role (%s) may not reconcile medicines.") },
  { "change the record", N_ ("Your role (%s) may not change the record.") },
  { "review a result", N_ ("Your role (%s) may not review a result.") },
  { "take back a review", N_ ("Your role (%s) may not take back a review.") },
  { "write a note", N_ ("Your role (%s) may not write a note.") },
  { "sign a note", N_ ("Your role (%s) may not sign a note.") },
  { "add to a note", N_ ("Your role (%s) may not add to a note.") },
  { "ask for a co-signature", N_ ("Your role (%s) may not ask for a co-signature.") },
  { "co-sign a note", N_ ("Your role (%s) may not co-sign a note.") },
  { "attach a document", N_ ("Your role (%s) may not attach a document.") },
  { "take back a document", N_ ("Your role (%s) may not take back a document.") },
  { "release a document", N_ ("Your role (%s) may not release a document.") },
  { "lead a visit", N_ ("Your role (%s) may not lead a visit.") },
  { "book a visit", N_ ("Your role (%s) may not book a visit.") },
  { "cancel a visit", N_ ("Your role (%s) may not cancel a visit.") },
  { "say that nobody came", N_ ("Your role (%s) may not say that nobody came.") },
  { "change the schedule", N_ ("Your role (%s) may not change the schedule.") },
  { "tell patients that it takes longer",
    N_ ("Your role (%s) may not tell patients that it takes longer.") },
  { "call patients back", N_ ("Your role (%s) may not call patients back.") },
  { "say who stands in", N_ ("Your role (%s) may not say who stands in.") },
  { "register a patient", N_ ("Your role (%s) may not register a patient.") },
  { "correct how a patient is reached",
    N_ ("Your role (%s) may not correct how a patient is reached.") },
  { "write down what a patient agrees to",
    N_ ("Your role (%s) may not write down what a patient agrees to.") },
  { "say who speaks for a patient", N_ ("Your role (%s) may not say who speaks for a patient.") },
};

static const char *
sentence_of (const char *act)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (refusals[i].act, act))
      return _ (refusals[i].sentence);
  return _ ("Your role (%s) may not do this.");
}

static const char *
words_of_role (const char *role)
{
  static const char *const words[][2] = {
    { "prescriber", NC_ ("role", "prescriber") },
    { "nurse", NC_ ("role", "nurse") },
    { "reception", NC_ ("role", "reception") },
    { "admin", NC_ ("role", "administration") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i][0], role))
      return g_dpgettext2 (NULL, "role", words[i][1]);
  return role;
}

/**
 * care_require_role:
 * @act: what is to be done, "sign a prescription": one of those that have a sentence here
 * @roles: who may
 */
gboolean
care_require_role (CareContext *context, const char *act, const char *const *roles, GError **error)
{
  const char *role = care_context_get_role (context);

  if (g_strv_contains (roles, role))
    return TRUE;
  g_set_error (error, CARE_ERROR, CARE_ERROR_ROLE, sentence_of (act), words_of_role (role));
  return FALSE;
}
