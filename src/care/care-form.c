/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-form.h"

#include "care-typed.h"

#define KIND "form"

/**
 * care_form_dup_id:
 * @form: "registration", "booking"
 * @about: (nullable): what the form changes; NULL: something new
 *
 * Returns: (transfer full): the one draft that this author has of it
 */
char *
care_form_dup_id (CareContext *context, const char *form, const char *about)
{
  return g_strdup_printf ("form:%s:%s:%s", form, about ? about : "",
                          care_context_get_user_reference (context));
}

GHashTable *
care_form_values_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* What is empty is not kept. */
void
care_form_set (GHashTable *values, const char *name, const char *text)
{
  if (text && *text)
    g_hash_table_insert (values, g_strdup (name), g_strdup (text));
}

void
care_form_save_async (CareContext *context,
                      const char *id,
                      GHashTable *values,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_typed_save_async (context, KIND, id, NULL, values, NULL, callback, user_data);
}

/* Forgets what was typed; nothing happens where nothing was. */
void
care_form_remove_async (CareContext *context,
                        const char *id,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_typed_remove_async (context, id, callback, user_data);
}

/* In line behind what is being saved: a form that is opened again at once finds what it had. */
void
care_form_load_async (CareContext *context,
                      const char *id,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_typed_load_async (context, id, cancellable, callback, user_data);
}

/* (transfer full) (nullable): what was typed before; NULL where nothing was */
GHashTable *
care_form_load_finish (GAsyncResult *result)
{
  g_autoptr (GHashTable) values = care_typed_load_finish (result, NULL);

  return values && g_hash_table_size (values) > 0 ? g_steal_pointer (&values) : NULL;
}
