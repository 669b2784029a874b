/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-undo.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "prescribe-sheet-private.h"
#include "workspace-toast.h"

/* What was discarded comes back with one press: as it was typed, with its reasons, to the pane. */

#define UNDO_SECONDS 10

typedef struct
{
  PrescribeDesk *desk;
  StoreContent *content; /* (nullable) */
  CareContext *context;
  CarePrescriptionDraft *draft;
  GHashTable *reasons;
} Discarded;

static void
discarded_free (gpointer data, GClosure *closure)
{
  Discarded *self = data;

  g_object_unref (self->desk);
  g_clear_object (&self->content);
  g_object_unref (self->context);
  g_object_unref (self->draft);
  g_hash_table_unref (self->reasons);
  g_free (self);
}

/* Once: the desk finds one that is back already. */
static void
undo_cb (AdwToast *toast, Discarded *self)
{
  g_autoptr (PrescribeSheet) sheet = NULL;

  if (prescribe_desk_find (self->desk, care_prescription_draft_get_id (self->draft)) != NULL)
    return;
  sheet = prescribe_sheet_new (self->context, self->content, self->draft);
  prescribe_sheet_set_reasons (sheet, self->reasons);
  prescribe_sheet_save (sheet);
  /* in no form: the pane takes it */
  prescribe_desk_put (self->desk, sheet, NULL);
}

/**
 * prescribe_undo_offer:
 * @where: in the window in which it was discarded
 * @sheet: that was discarded, and closed
 *
 * Says so, with Undo; nothing of one in which no drug was chosen.
 */
void
prescribe_undo_offer (GtkWidget *where,
                      PrescribeDesk *desk,
                      StoreContent *content,
                      PrescribeSheet *sheet)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (where, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *drug = prescribe_sheet_dup_drug (sheet), *text = NULL;
  Discarded *self;
  AdwToast *toast;

  if (*drug == '\0' || overlay == NULL)
    return;
  text = g_strdup_printf (_ ("Discarded: %s"), drug);
  self = g_new0 (Discarded, 1);
  self->desk = g_object_ref (desk);
  g_set_object (&self->content, content);
  self->context = g_object_ref (prescribe_sheet_get_context (sheet));
  self->draft = g_object_ref (prescribe_sheet_get_draft (sheet));
  self->reasons = g_hash_table_ref (prescribe_sheet_get_own_reasons (sheet));
  toast = workspace_toast_new (text);
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), self, discarded_free, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}
