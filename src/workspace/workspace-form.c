/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-form.h"

#include "care-form.h"

/**
 * WorkspaceForm:
 *
 * A form's draft: read when the form is opened, written with each pause of the typing and when the
 * form is closed, forgotten when it is done. Nobody is asked whether to save.
 */

#define PAUSE_MS 200

struct _WorkspaceForm
{
  GObject parent_instance;

  CareContext *context;
  char *id;
  WorkspaceFormRead read;
  WorkspaceFormFill fill;
  gpointer widget; /* borrowed; NULL: the form is closed */
  guint save_source;
  gboolean was_loaded;
  gboolean typed; /* before it was loaded */
};

G_DEFINE_FINAL_TYPE (WorkspaceForm, workspace_form, G_TYPE_OBJECT)

static void
workspace_form_finalize (GObject *object)
{
  WorkspaceForm *self = WORKSPACE_FORM (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_object (&self->context);
  g_free (self->id);
  G_OBJECT_CLASS (workspace_form_parent_class)->finalize (object);
}

static void
workspace_form_class_init (WorkspaceFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workspace_form_finalize;
}

static void
workspace_form_init (WorkspaceForm *self)
{
}

static void
save (gpointer user_data)
{
  WorkspaceForm *self = user_data;
  g_autoptr (GHashTable) values = self->read (self->widget);

  self->save_source = 0;
  if (g_hash_table_size (values) > 0)
    care_form_save_async (self->context, self->id, values, NULL, NULL);
  else
    care_form_remove_async (self->context, self->id, NULL, NULL);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceForm) self = user_data;
  g_autoptr (GHashTable) values = care_form_load_finish (result);

  self->was_loaded = TRUE;
  if (!self->widget)
    return;
  g_autoptr (GHashTable) now = self->read (self->widget);
  /* who was faster than the disk goes on with what is being typed now */
  if (self->typed && g_hash_table_size (now) > 0)
    save (self);
  else if (values)
    self->fill (self->widget, values);
}

/**
 * workspace_form_new:
 * @form: "registration", "booking"
 * @about: (nullable): what the form changes; NULL: something new
 * @widget: borrowed until workspace_form_close ()
 *
 * Reads what was typed before, and fills it in.
 */
WorkspaceForm *
workspace_form_new (CareContext *context,
                    const char *form,
                    const char *about,
                    WorkspaceFormRead read,
                    WorkspaceFormFill fill,
                    gpointer widget)
{
  WorkspaceForm *self = g_object_new (WORKSPACE_TYPE_FORM, NULL);

  self->context = g_object_ref (context);
  self->id = care_form_dup_id (context, form, about);
  self->read = read;
  self->fill = fill;
  self->widget = widget;
  care_form_load_async (context, self->id, NULL, loaded_cb, g_object_ref (self));
  return self;
}

/* Something was typed. */
void
workspace_form_changed (WorkspaceForm *self)
{
  g_return_if_fail (WORKSPACE_IS_FORM (self));

  self->typed = self->typed || !self->was_loaded;
  if (!self->widget || !self->was_loaded)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->save_source = g_timeout_add_once (PAUSE_MS, save, self);
}

/* The form goes: what is still to be saved is saved. */
void
workspace_form_close (WorkspaceForm *self)
{
  g_return_if_fail (WORKSPACE_IS_FORM (self));

  if (self->save_source)
    {
      g_clear_handle_id (&self->save_source, g_source_remove);
      save (self);
    }
  self->widget = NULL;
}

/* It is done, or begun anew: nothing of it is kept. */
void
workspace_form_forget (WorkspaceForm *self)
{
  g_return_if_fail (WORKSPACE_IS_FORM (self));

  g_clear_handle_id (&self->save_source, g_source_remove);
  care_form_remove_async (self->context, self->id, NULL, NULL);
}
