/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "store-content-load.h"

/* The content as the checks ask for it. Without content nothing is known, and every check answers
 * not checked. */

static GPtrArray *
ingredient_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
}

static GPtrArray *
ingredients_in_text (ClinicalContent *content, const char *text)
{
  StoreContentLoad *load = store_content_get_load (STORE_CONTENT (content));
  GPtrArray *out = ingredient_list_new ();

  if (load)
    store_content_names_find (load->names, text, out);
  return out;
}

static GPtrArray *
ingredients_of (const StoreDrug *drug)
{
  g_auto (GStrv) names = g_strsplit (drug->ingredients, "|", -1);
  g_auto (GStrv) codes = g_strsplit (drug->ingredient_codes, "|", -1);
  GPtrArray *out = ingredient_list_new ();

  for (guint i = 0; names[i] && codes[i]; i++)
    g_ptr_array_add (out, clinical_ingredient_new (codes[i], names[i]));
  return out;
}

static GPtrArray *
ingredients_of_drug (ClinicalContent *content, const char *rxcui)
{
  StoreContentLoad *load = store_content_get_load (STORE_CONTENT (content));
  const StoreDrug *drug = load ? store_content_get_drug (STORE_CONTENT (content), rxcui) : NULL;
  const char *name = load ? store_content_names_get_ingredient (load->names, rxcui) : NULL;
  GPtrArray *out;

  if (drug)
    return ingredients_of (drug);
  if (!name)
    return NULL;
  /* A salt is answered by its ingredient, where its name begins with it. */
  out = ingredients_in_text (content, name);
  if (out->len == 0)
    g_ptr_array_add (out, clinical_ingredient_new (rxcui, name));
  return out;
}

static GPtrArray *
class_rows (ClinicalContent *content)
{
  static GPtrArray *none;
  StoreContentLoad *load = store_content_get_load (STORE_CONTENT (content));

  if (g_once_init_enter_pointer (&none))
    g_once_init_leave_pointer (&none, g_ptr_array_new ());
  return load ? load->class_rows : none;
}

static char *
dup_date (ClinicalContent *content)
{
  StoreContentLoad *load = store_content_get_load (STORE_CONTENT (content));

  return g_strdup (load ? load->date : _ ("an unknown date"));
}

static ClinicalRules *
dup_rules (ClinicalContent *content)
{
  StoreContentLoad *load = store_content_get_load (STORE_CONTENT (content));

  return load ? clinical_rules_ref (load->rules) : NULL;
}

void
store_content_checks_init (ClinicalContentInterface *iface)
{
  iface->ingredients_of_drug = ingredients_of_drug;
  iface->ingredients_in_text = ingredients_in_text;
  iface->class_rows = class_rows;
  iface->dup_date = dup_date;
  iface->dup_rules = dup_rules;
}
