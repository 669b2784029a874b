/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-shorthand.h"

#include <glib/gi18n.h>

struct _PrescribeShorthand
{
  AdwBin parent_instance;

  PrescribeSheet *sheet;                    /* (nullable) */
  const CarePrescriptionFacts *shown_facts; /* compared only */
  GPtrArray *sig_rows;

  GtkListBox *list;
  GtkEditable *entry_row;
  GtkLabel *echo_label;
};

enum
{
  SIGNAL_TAKEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeShorthand, prescribe_shorthand, ADW_TYPE_BIN)

/* (transfer full) (nullable): what would be taken, in figures and in words; NULL with what stands
 * in its way: words that were not understood, a part that is missing. */
static char *
dup_echo (ClinicalShorthand *said, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *text = NULL;

  if (said->rest != NULL)
    {
      g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
                   _ ("Not understood: “%s”. Nothing of it is taken."), said->rest);
      return NULL;
    }
  text = clinical_dosage_say_steps (said->steps, "en", CLINICAL_READER_CLINICIAN, error);
  if (text == NULL)
    return NULL;
  g_string_append (out, text);
  for (guint i = 0; i < said->steps->len; i++)
    {
      g_autofree char *words = clinical_dosage_words (said->steps->pdata[i]);

      g_string_append_printf (out, "\n%s", words != NULL ? words : "");
    }
  for (guint i = 0; i < said->notes->len; i++)
    g_string_append_printf (out, "\n%s", (char *) said->notes->pdata[i]);
  return g_string_free_and_steal (g_steal_pointer (&out));
}

/**
 * prescribe_shorthand_read:
 * @sheet: (nullable)
 * @echo: (out) (transfer full) (nullable): what was understood, or what stands in the way; NULL
 *   where nothing is typed
 *
 * Returns: (transfer full) (nullable): what is typed, if it is whole
 */
ClinicalShorthand *
prescribe_shorthand_read (PrescribeSheet *sheet, const char *typed, char **echo)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ClinicalShorthand) said = NULL;

  *echo = NULL;
  if (sheet == NULL || *typed == '\0')
    return NULL;
  said = prescribe_sheet_read_shorthand (sheet, typed, &error);
  *echo = said != NULL ? dup_echo (said, &error) : NULL;
  if (*echo != NULL)
    return g_steal_pointer (&said);
  *echo = g_strdup (error->message);
  return NULL;
}

static void
show_echo (PrescribeShorthand *self, const char *text, gboolean good)
{
  gtk_label_set_label (self->echo_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->echo_label), text != NULL);
  if (good)
    gtk_widget_remove_css_class (GTK_WIDGET (self->echo_label), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->echo_label), "dim-label");
}

/* (transfer full) (nullable): what is typed, if it is whole; the echo says which. */
static ClinicalShorthand *
read_entry (PrescribeShorthand *self)
{
  g_autofree char *echo = NULL;
  ClinicalShorthand *said =
      prescribe_shorthand_read (self->sheet, gtk_editable_get_text (self->entry_row), &echo);

  show_echo (self, echo, said != NULL || echo == NULL);
  return said;
}

static void
changed_cb (PrescribeShorthand *self)
{
  g_autoptr (ClinicalShorthand) said = read_entry (self);
}

static void
apply_cb (PrescribeShorthand *self)
{
  g_autoptr (ClinicalShorthand) said = read_entry (self);

  if (said == NULL)
    {
      gtk_widget_error_bell (GTK_WIDGET (self->entry_row));
      gtk_accessible_announce (GTK_ACCESSIBLE (self), gtk_label_get_label (self->echo_label),
                               GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
      return;
    }
  if (!care_prescription_draft_take (prescribe_sheet_get_draft (self->sheet), said->steps, NULL))
    return; /* the line was read, and has no more steps than it may */
  gtk_editable_set_text (self->entry_row, "");
  g_signal_emit (self, signals[SIGNAL_TAKEN], 0);
}

/* ---- from before ---- */

static void
take_sig (PrescribeShorthand *self, const CareSig *sig)
{
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheet);
  g_autofree char *quantity = NULL;

  if (!care_prescription_draft_take (draft, sig->steps, NULL))
    return; /* one that cannot be taken is not offered */
  g_object_set (draft, "by-weight", sig->by_weight, "weight-reference", sig->weight_reference,
                NULL);
  if (sig->quantity != NULL && clinical_dose_parse (sig->quantity, ".", &quantity, NULL) &&
      sig->quantity_unit != NULL)
    {
      g_autofree char *unit = clinical_unit_spell (sig->quantity_unit, FALSE);

      /* a measure is spelled out here, and stays as it was written */
      g_object_set (draft, "quantity", quantity, "quantity-unit",
                    clinical_unit_is_counted (sig->quantity_unit) ? unit : sig->quantity_unit,
                    "repeats", sig->repeats, NULL);
    }
  g_signal_emit (self, signals[SIGNAL_TAKEN], 0);
}

static void
sig_cb (PrescribeShorthand *self, GtkWidget *button)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));

  if (self->sheet != NULL && prescribe_sheet_get_facts (self->sheet) == self->shown_facts &&
      self->shown_facts != NULL && index < self->shown_facts->sigs->len)
    take_sig (self, self->shown_facts->sigs->pdata[index]);
}

static GtkWidget *
sig_row_new (PrescribeShorthand *self, const CareSig *sig, guint index)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (_ ("Same Again"));
  g_autoptr (GString) below = g_string_new (sig->label);
  g_autofree char *name = g_strdup_printf (_ ("Same again: %s"), sig->text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sig->text);
  if (sig->problem != NULL)
    g_string_append_printf (below, ". %s", sig->problem);
  if (sig->by_weight)
    g_string_append_printf (below, ". %s", _ ("Its dose was worked out of a weight."));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), below->str);
  if (sig->problem != NULL)
    {
      g_object_ref_sink (button);
      g_object_unref (button);
      return row;
    }
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (sig_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
show_sigs (PrescribeShorthand *self)
{
  const CarePrescriptionFacts *facts =
      self->sheet != NULL ? prescribe_sheet_get_facts (self->sheet) : NULL;

  if (facts == self->shown_facts && facts != NULL)
    return;
  for (guint i = 0; i < self->sig_rows->len; i++)
    gtk_list_box_remove (self->list, self->sig_rows->pdata[i]);
  g_ptr_array_set_size (self->sig_rows, 0);
  self->shown_facts = facts;
  for (guint i = 0; facts != NULL && i < facts->sigs->len; i++)
    {
      GtkWidget *row = sig_row_new (self, facts->sigs->pdata[i], i);

      gtk_list_box_append (self->list, row);
      g_ptr_array_add (self->sig_rows, row);
    }
}

/* ---- object ---- */

static void
prescribe_shorthand_dispose (GObject *object)
{
  PrescribeShorthand *self = PRESCRIBE_SHORTHAND (object);

  if (self->sheet != NULL)
    g_signal_handlers_disconnect_by_data (self->sheet, self);
  g_clear_object (&self->sheet);
  g_clear_pointer (&self->sig_rows, g_ptr_array_unref);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_SHORTHAND);

  G_OBJECT_CLASS (prescribe_shorthand_parent_class)->dispose (object);
}

static void
prescribe_shorthand_class_init (PrescribeShorthandClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_shorthand_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-shorthand.ui");
  gtk_widget_class_bind_template_child (widget_class, PrescribeShorthand, list);
  gtk_widget_class_bind_template_child (widget_class, PrescribeShorthand, entry_row);
  gtk_widget_class_bind_template_child (widget_class, PrescribeShorthand, echo_label);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);

  signals[SIGNAL_TAKEN] = g_signal_new ("taken", PRESCRIBE_TYPE_SHORTHAND, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
prescribe_shorthand_init (PrescribeShorthand *self)
{
  self->sig_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @sheet: (nullable): none is open */
void
prescribe_shorthand_set_sheet (PrescribeShorthand *self, PrescribeSheet *sheet)
{
  g_return_if_fail (PRESCRIBE_IS_SHORTHAND (self));

  if (self->sheet != NULL)
    g_signal_handlers_disconnect_by_data (self->sheet, self);
  g_set_object (&self->sheet, sheet);
  gtk_editable_set_text (self->entry_row, "");
  if (sheet != NULL)
    g_signal_connect_object (sheet, "changed", G_CALLBACK (show_sigs), self, G_CONNECT_SWAPPED);
  show_sigs (self);
}

void
prescribe_shorthand_start (PrescribeShorthand *self)
{
  g_return_if_fail (PRESCRIBE_IS_SHORTHAND (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry_row));
}
