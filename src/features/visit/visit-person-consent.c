/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-person-consent.h"

#define CONSENT_KEY  "visit-agreed"
#define PERSON_KEY   "visit-person-on-record"
#define IDENTITY_KEY "visit-person-identity"

/**
 * visit_person_set_consent:
 * @agreed: (nullable): who agreed: "patient", or the reference of who speaks for the patient
 * @on_record: (nullable): the reference of the person, who is on record as speaking for the patient
 */
void
visit_person_set_consent (VisitPerson *self, const char *agreed, const char *on_record)
{
  g_object_set_data_full (G_OBJECT (self), CONSENT_KEY, g_strdup (agreed), g_free);
  g_object_set_data_full (G_OBJECT (self), PERSON_KEY, g_strdup (on_record), g_free);
}

const char *
visit_person_get_agreed (VisitPerson *self)
{
  return g_object_get_data (G_OBJECT (self), CONSENT_KEY);
}

const char *
visit_person_get_on_record (VisitPerson *self)
{
  return g_object_get_data (G_OBJECT (self), PERSON_KEY);
}

/**
 * visit_person_get_identity:
 *
 * Returns: a number that is another as soon as somebody else may stand behind the role
 */
guint
visit_person_get_identity (VisitPerson *self)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (self), IDENTITY_KEY));
}

/**
 * visit_person_forget:
 *
 * Somebody else stands there from now on, or nobody: nobody agreed to them.
 */
void
visit_person_forget (VisitPerson *self)
{
  guint identity = visit_person_get_identity (self) + 1;

  visit_person_set_consent (self, NULL, NULL);
  g_object_set_data (G_OBJECT (self), IDENTITY_KEY, GUINT_TO_POINTER (identity));
}
