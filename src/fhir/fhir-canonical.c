/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-canonical.h"

#include <string.h>

/* JSON in one way only: no white space, members in the order of their names, strings escaped in one
 * way, numbers as written. Source of the rule: http://hl7.org/fhir/canonicalization/json. The
 * parser refuses an object that names a member twice, so there is one text for what is said. */

typedef struct
{
  const char *name;
  const FhirElement *value;
} Member;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Member *) a)->name, ((const Member *) b)->name);
}

static void
append_text (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *at = text; *at; at++)
    {
      guchar c = (guchar) *at;

      if (c == '"' || c == '\\')
        g_string_append_c (out, '\\');
      if (c < 0x20)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_c (out, *at);
    }
  g_string_append_c (out, '"');
}

static void
append (GString *out, const FhirElement *element, const char *const *without)
{
  g_autoptr (GArray) members = NULL;
  FhirMemberIter iter;
  Member member;
  const char *comma = "";

  if (fhir_element_get_kind (element) == FHIR_KIND_ARRAY)
    {
      g_string_append_c (out, '[');
      fhir_element_foreach (item, element)
        {
          g_string_append (out, comma);
          append (out, item, NULL);
          comma = ",";
        }
      g_string_append_c (out, ']');
      return;
    }
  if (fhir_element_get_kind (element) != FHIR_KIND_OBJECT)
    {
      g_autofree char *json = fhir_element_dup_json (element);

      g_string_append (out, json);
      return;
    }
  members = g_array_new (FALSE, FALSE, sizeof (Member));
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &member.name, &member.value))
    if (!without || !g_strv_contains (without, member.name))
      g_array_append_val (members, member);
  g_array_sort (members, compare_names);
  g_string_append_c (out, '{');
  for (guint i = 0; i < members->len; i++)
    {
      const Member *at = &g_array_index (members, Member, i);

      g_string_append (out, comma);
      append_text (out, at->name);
      g_string_append_c (out, ':');
      append (out, at->value, NULL);
      comma = ",";
    }
  g_string_append_c (out, '}');
}

/**
 * fhir_canonical_json:
 * @without: (nullable): names of members of @element itself that are passed over
 *
 * Returns: (transfer full): the one text of what @element says
 */
char *
fhir_canonical_json (const FhirElement *element, const char *const *without)
{
  GString *out = g_string_new (NULL);

  append (out, element, without);
  return g_string_free_and_steal (out);
}
