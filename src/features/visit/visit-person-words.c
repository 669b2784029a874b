/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-person.h"

#include <glib/gi18n.h>

#include "care-contact.h"

/* A guest or an interpreter in words. */

/**
 * visit_person_dup_title:
 *
 * Returns: (transfer full): name and role, as a tile and a screen reader say it
 */
char *
visit_person_dup_title (VisitPerson *self)
{
  const char *name = visit_person_get_name (self);
  const char *number = visit_person_get_number (self);

  if (visit_person_get_role (self) == CARE_VISIT_ROLE_INTERPRETER && name != NULL)
    /* Translators: a person's name */
    return g_strdup_printf (_ ("%s, interpreter"), name);
  if (visit_person_get_role (self) == CARE_VISIT_ROLE_INTERPRETER)
    /* Translators: the number that an interpreter's service knows them by */
    return g_strdup_printf (_ ("Interpreter %s"), number != NULL ? number : "");
  /* Translators: a person's name */
  return g_strdup_printf (_ ("%s, guest"), name != NULL ? name : "");
}

/* (transfer full): what else is known of them, in words. */
char *
visit_person_dup_details (VisitPerson *self)
{
  const char *number = visit_person_get_number (self);
  const char *language = visit_person_get_language (self);
  const char *code = visit_person_get_relation (self);
  const char *relation = care_contact_relationship_name (code);

  if (visit_person_get_role (self) == CARE_VISIT_ROLE_INTERPRETER)
    /* Translators: an interpreter's number and language */
    return g_strdup_printf (_ ("Number %1$s, %2$s"), number != NULL ? number : "",
                            language != NULL ? language : "");
  if (g_strcmp0 (code, "carer") == 0)
    relation = _ ("Carer");
  else if (g_strcmp0 (code, "guardian") == 0)
    relation = _ ("Guardian");
  return g_strdup (relation != NULL ? relation : code != NULL ? code : "");
}
