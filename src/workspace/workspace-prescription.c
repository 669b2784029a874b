/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-prescription.h"

#include <glib/gi18n.h>

#include "clinical-dose.h"
#include "clinical-tallman.h"

#include "workspace-text.h"

/* A prescription in words, to be read before it is signed, the same wherever that is done. */

static void
append_supply (GtkWidget *box, CarePrescriptionDraft *draft)
{
  g_autofree char *quantity = NULL, *unit = NULL, *amount = NULL, *supply = NULL, *again = NULL,
                  *text = NULL;
  int repeats;

  g_object_get (draft, "quantity", &quantity, "quantity-unit", &unit, "repeats", &repeats, NULL);
  if (quantity == NULL)
    return;
  /* Translators: what the pharmacy hands out: "6 tablets" */
  amount = clinical_dose_amount (quantity, unit);
  supply = g_strdup_printf (_ ("Supply %s"), amount);
  again = repeats == 0
              ? g_strdup (_ ("no repeats"))
              : g_strdup_printf (ngettext ("%d repeat", "%d repeats", (gulong) repeats), repeats);
  text = g_strdup_printf ("%s, %s", supply, again);
  workspace_text_append (box, text, NULL);
}

/* Whose capitals stand in the drug's name. */
static void
append_letters (GtkWidget *box, CarePrescriptionDraft *draft)
{
  const char *name = care_prescription_draft_get_drug_name (draft);
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autofree char *today = base_clock_dup_today (clock);
  g_autofree char *scope = name != NULL ? clinical_tallman_dup_scope (name, today) : NULL;

  workspace_text_append (box, scope, "dim-label");
}

/**
 * workspace_prescription_append_rest:
 * @box: of a dialog that is read line by line
 *
 * What is signed beside drug and dosage, as it goes out.
 */
void
workspace_prescription_append_rest (GtkWidget *box, CarePrescriptionDraft *draft)
{
  g_autofree char *weight = NULL, *why = NULL, *reason = NULL, *note = NULL, *fixed = NULL,
                  *indication = NULL, *to_pharmacist = NULL, *prior = NULL;
  gboolean no_substitution;

  g_object_get (draft, "weight-note", &weight, "no-substitution", &no_substitution,
                "substitution-reason", &why, "reason", &reason, "note", &note, "prior", &prior,
                NULL);
  fixed =
      no_substitution ? g_strdup_printf (_ ("No substitution: %s"), why != NULL ? why : "") : NULL;
  indication = reason != NULL ? g_strdup_printf (_ ("For: %s"), reason) : NULL;
  to_pharmacist = note != NULL ? g_strdup_printf (_ ("To the pharmacist: %s"), note) : NULL;
  append_supply (box, draft);
  append_letters (box, draft);
  workspace_text_append (box, weight, NULL);
  workspace_text_append (box, fixed, NULL);
  workspace_text_append (box, indication, NULL);
  workspace_text_append (box, to_pharmacist, NULL);
  if (prior != NULL)
    workspace_text_append (box,
                           _ ("Your signature also stops the prescription that this one replaces."),
                           NULL);
}
