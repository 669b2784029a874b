/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-search.h"

#include <glib/gi18n.h>

#include "care-drug-marks.h"
#include "clinical-barcode.h"
#include "clinical-tallman.h"
#include "fhir-date.h"
#include "prescribe-drug-row.h"
#include "prescribe-set-row.h"
#include "workspace-alert.h"

/* By name, or by the code on a package, in one field. A drug is never taken unseen: Enter, which a
 * scanner sends too, goes to the list. */

#define MAX_DRUGS 40
#define MAX_OWN   20

struct _PrescribeSearch
{
  AdwBin parent_instance;

  StoreContent *content; /* (nullable) */
  CareContext *context;
  CareDrugMarks *marks; /* (nullable): until they are read */
  GPtrArray *sets;      /* (nullable) CareOrderSet: until they are read, or where none is offered */
  gboolean offers_sets, only_sets;
  guint n_sets; /* rows of order sets, which stand first */
  guint exact;  /* rows before those that are only spelled nearly as typed */

  GtkSearchEntry *search_entry;
  GtkLabel *search_label;
  GtkLabel *state_label;
  GtkListBox *drug_list;
};

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_SET_CHOSEN,
  SIGNAL_CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeSearch, prescribe_search, ADW_TYPE_BIN)

/* ---- favourites ---- */

static void
say (PrescribeSearch *self, const char *text)
{
  gtk_label_set_label (self->search_label, text);
}

static void
favourite_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeSearch) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_drug_marks_set_favourite_finish (result, &error) && self->search_label)
    {
      g_clear_pointer (&self->marks, care_drug_marks_free); /* read them again: this one is wrong */
      say (self, error->message);
    }
}

/* The list keeps its order while it is looked at; the next search has the new one. */
static void
star_toggled_cb (PrescribeSearch *self, GtkToggleButton *star)
{
  const StoreDrug *drug = g_object_get_data (G_OBJECT (star), "drug");
  gboolean favourite = gtk_toggle_button_get_active (star);

  if (!self->context)
    return;
  if (self->marks && favourite)
    g_hash_table_add (self->marks->favourites, g_strdup (drug->rxcui));
  else if (self->marks)
    g_hash_table_remove (self->marks->favourites, drug->rxcui);
  care_drug_marks_set_favourite_async (self->context, drug->rxcui, favourite, favourite_written_cb,
                                       g_object_ref (self));
}

static gboolean
list_key_cb (PrescribeSearch *self,
             guint key,
             guint code,
             GdkModifierType state,
             GtkEventController *controller)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *focus = root ? gtk_root_get_focus (GTK_ROOT (root)) : NULL;
  GtkWidget *row = focus ? gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_BOX_ROW) : NULL;
  GtkToggleButton *star;

  if (key != GDK_KEY_d || (state & gtk_accelerator_get_default_mod_mask ()) != GDK_CONTROL_MASK ||
      !row)
    return GDK_EVENT_PROPAGATE;
  star = prescribe_drug_row_get_star (GTK_LIST_BOX_ROW (row));
  if (!star) /* an order set */
    return GDK_EVENT_PROPAGATE;
  gtk_toggle_button_set_active (star, !gtk_toggle_button_get_active (star));
  return GDK_EVENT_STOP;
}

/* ---- what is found ---- */

static void
add_drug (PrescribeSearch *self, const StoreDrug *drug)
{
  gboolean favourite = self->marks && g_hash_table_contains (self->marks->favourites, drug->rxcui);
  guint count =
      self->marks ? GPOINTER_TO_UINT (g_hash_table_lookup (self->marks->counts, drug->rxcui)) : 0;
  GtkWidget *row = prescribe_drug_row_new (drug, favourite, count);

  g_signal_connect_object (prescribe_drug_row_get_star (GTK_LIST_BOX_ROW (row)), "toggled",
                           G_CALLBACK (star_toggled_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->drug_list, row);
}

static void
add_drugs (PrescribeSearch *self, GPtrArray *drugs)
{
  for (guint i = 0; i < drugs->len; i++)
    add_drug (self, drugs->pdata[i]);
}

/* @text: "" for all */
static void
add_sets (PrescribeSearch *self, const char *text)
{
  for (guint i = 0; self->sets && i < self->sets->len; i++)
    if (care_order_set_matches (self->sets->pdata[i], text))
      {
        GtkWidget *row = prescribe_set_row_new (self->sets->pdata[i]);

        g_object_set_data_full (G_OBJECT (row), "sets", g_ptr_array_ref (self->sets),
                                (GDestroyNotify) g_ptr_array_unref);
        gtk_list_box_append (self->drug_list, row);
        self->n_sets++;
      }
}

/* What is searched, and of which date: the scope stands above what is found. */
static void
show_scope (PrescribeSearch *self)
{
  g_autofree char *label = self->content ? store_content_dup_label (self->content) : NULL;

  say (self, label ? label
                   : _ ("The formulary cannot be read: nothing can be prescribed. "
                        "Reinstall Bedside, or tell your administrator."));
}

static void
show_own (PrescribeSearch *self)
{
  g_autoptr (GPtrArray) codes =
      self->marks ? care_drug_marks_dup_first (self->marks, MAX_OWN) : NULL;
  g_autofree char *label = store_content_dup_label (self->content), *text = NULL;
  guint shown = 0;

  for (guint i = 0; codes && i < codes->len; i++)
    {
      const StoreDrug *drug = store_content_get_drug (self->content, codes->pdata[i]);

      if (drug)
        add_drug (self, drug);
      shown += drug != NULL;
    }
  text = g_strdup_printf (_ ("Your favourites and what you prescribe most, from %s"), label);
  if (shown > 0)
    say (self, text);
  else
    show_scope (self);
}

static char *
dup_today (PrescribeSearch *self)
{
  g_autoptr (BaseClock) clock =
      self->context ? g_object_ref (care_context_get_clock (self->context)) : base_clock_new ();

  return base_clock_dup_today (clock);
}

/* Whose capitals stand in the names, where there are any. */
static void
show_letters (PrescribeSearch *self, GPtrArray *drugs)
{
  g_autofree char *today = dup_today (self);
  g_autofree char *scope = NULL;

  for (guint i = 0; i < drugs->len && !scope; i++)
    scope = clinical_tallman_dup_scope (((StoreDrug *) drugs->pdata[i])->name, today);
  if (scope)
    {
      g_autofree char *both =
          g_strdup_printf ("%s. %s", gtk_label_get_label (self->search_label), scope);

      say (self, both);
    }
}

static void
show_search (PrescribeSearch *self, const char *text)
{
  StoreContentMarks marks = { self->marks ? self->marks->favourites : NULL,
                              self->marks ? self->marks->counts : NULL };
  guint exact = 0;
  g_autoptr (GPtrArray) drugs =
      store_content_search (self->content, text, &marks, MAX_DRUGS, &exact);

  add_drugs (self, drugs);
  self->exact = self->n_sets + exact;
  gtk_list_box_invalidate_headers (self->drug_list);
  if (drugs->len == 0 && self->n_sets == 0)
    say (self, _ ("No drug of the formulary matches. Try another spelling, the "
                  "ingredient, or fewer words."));
  else
    show_scope (self);
  show_letters (self, drugs);
}

static GtkWidget *
header_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_margin_start (label, 16);
  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_margin_bottom (label, 6);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

/* A drug that is only spelled nearly as typed never looks like the one that was meant. */
static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  PrescribeSearch *self = user_data;
  guint index = (guint) gtk_list_box_row_get_index (row);
  GtkWidget *label = NULL;

  if (index == self->exact)
    label = header_new (_ ("Spelled nearly as you typed"));
  else if (index == 0 && self->n_sets > 0)
    label = header_new (_ ("Order sets of the clinic"));
  else if (index == self->n_sets && self->n_sets > 0)
    label = header_new (_ ("Drugs"));
  gtk_list_box_row_set_header (row, label);
}

static void
show_only_sets (PrescribeSearch *self, const char *text)
{
  add_sets (self, text);
  gtk_list_box_invalidate_headers (self->drug_list);
  if (!self->sets)
    say (self, _ ("The order sets are being read."));
  else if (self->n_sets > 0)
    say (self, _ ("Nothing of an order set is signed before you have looked at each drug."));
  else if (*text)
    say (self, _ ("No order set of the clinic has these words."));
  else
    say (self, _ ("The clinic has no order set yet. Write the prescriptions, and save them as an "
                  "order set."));
}

/* ---- the code on a package ---- */

static char *
dup_found_sentence (const ClinicalBarcode *code, guint found, const char *label, const char *today)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *day = *code->expires ? fhir_date_format (code->expires, utc) : NULL;

  if (found == 0)
    return g_strdup_printf (
        _ ("This code is not in %s. That says nothing about the product: search "
           "for its name."),
        label);
  if (found > 1)
    return g_strdup (_ ("This code stands for more than one drug. Compare the names with the "
                        "package."));
  if (day && g_strcmp0 (code->expires, today) < 0)
    return g_strdup_printf (_ ("This package is past its date, %s. Its drug is:"), day);
  return g_strdup (_ ("This package’s drug. Compare the name with the package."));
}

static void
show_package (PrescribeSearch *self, const ClinicalBarcode *code, const char *today)
{
  const char *ndcs[G_N_ELEMENTS (code->ndcs) + 1] = { NULL };
  g_autofree char *label = store_content_dup_label (self->content), *sentence = NULL;
  g_autoptr (GPtrArray) drugs = NULL;

  for (guint i = 0, n = 0; i < G_N_ELEMENTS (code->ndcs); i++)
    if (*code->ndcs[i])
      ndcs[n++] = code->ndcs[i];
  drugs = store_content_find_packages (self->content, ndcs);
  add_drugs (self, drugs);
  sentence = dup_found_sentence (code, drugs->len, label, today);
  say (self, sentence);
}

static void
show (PrescribeSearch *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), *why = NULL;
  g_autofree char *today = dup_today (self);
  ClinicalBarcode code;

  gtk_list_box_remove_all (self->drug_list);
  self->exact = G_MAXUINT;
  self->n_sets = 0;
  if (!self->content)
    {
      show_scope (self);
      return;
    }
  if (self->only_sets)
    {
      show_only_sets (self, text);
      return;
    }
  if (*text == '\0')
    {
      show_own (self);
      return;
    }
  switch (clinical_barcode_parse (text, -1, (int) g_ascii_strtoll (today, NULL, 10), &code, &why))
    {
    case CLINICAL_BARCODE_NONE:
      add_sets (self, text);
      show_search (self, text);
      break;
    case CLINICAL_BARCODE_PART:
      say (self, _ ("Go on typing: the code on a package has 10 to 14 digits."));
      break;
    case CLINICAL_BARCODE_BAD:
      say (self, why);
      break;
    case CLINICAL_BARCODE_PACKAGE:
      show_package (self, &code, today);
      break;
    }
}

/* ---- from outside ---- */

static void
search_changed_cb (PrescribeSearch *self)
{
  show (self);
}

static void
drug_activated_cb (PrescribeSearch *self, GtkListBoxRow *row)
{
  const CareOrderSet *set = prescribe_set_row_get_set (row);

  if (set)
    g_signal_emit (self, signals[SIGNAL_SET_CHOSEN], 0, set);
  else
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, prescribe_drug_row_get_drug (row));
}

/* Enter in the search goes to the list: a drug is never taken unseen. */
static void
search_activate_cb (PrescribeSearch *self)
{
  show (self);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->drug_list, 0);
  if (row)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
search_cancel_cb (PrescribeSearch *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCELLED], 0);
}

static void
marks_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  CareDrugMarks *marks = care_drug_marks_read_finish (result, &error);

  if (!marks || !self->drug_list)
    {
      /* without them the list has another order, and nothing else */
      if (!marks)
        g_warning ("What is prescribed most cannot be read: %s", error->message);
      g_clear_pointer (&marks, care_drug_marks_free);
      return;
    }
  g_clear_pointer (&self->marks, care_drug_marks_free);
  self->marks = marks;
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) == '\0')
    show (self);
}

/* ---- order sets ---- */

static void
sets_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *sets = care_order_set_list_finish (result, &error);

  if (!self->drug_list || !sets)
    {
      if (!sets)
        g_warning ("The order sets cannot be read: %s", error->message);
      g_clear_pointer (&sets, g_ptr_array_unref);
      return;
    }
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  self->sets = sets;
  /* rows that are looked at do not move: what is searched for finds them with the next letter */
  if (self->only_sets)
    show (self);
}

static void
read_sets (PrescribeSearch *self)
{
  if (self->context && self->offers_sets)
    care_order_set_list_async (self->context, sets_read_cb, g_object_ref (self));
}

static void
set_retired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeSearch) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_order_set_command_finish (result, &error) && self->drug_list)
    say (self, error->message);
  else
    read_sets (self);
}

static void
retire_response_cb (AdwAlertDialog *dialog, const char *response, PrescribeSearch *self)
{
  if (g_str_equal (response, "remove") && self->context)
    care_order_set_retire_async (self->context, g_object_get_data (G_OBJECT (dialog), "set"),
                                 set_retired_cb, g_object_ref (self));
}

static void
retire_set (GtkWidget *widget, const char *action, GVariant *target)
{
  PrescribeSearch *self = PRESCRIBE_SEARCH (widget);
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Remove the Order Set?"), NULL);
  const char *id = g_variant_get_string (target, NULL), *title = "";

  for (guint i = 0; self->sets && i < self->sets->len; i++)
    if (g_str_equal (((CareOrderSet *) self->sets->pdata[i])->id, id))
      title = ((CareOrderSet *) self->sets->pdata[i])->title;
  adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog), "%s\n\n%s", title,
                                _ ("Nobody in the clinic finds it any more. What was prescribed "
                                   "with it stays."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "keep", _ ("_Keep It"), "remove",
                                  _ ("_Remove"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "remove",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "keep");
  g_object_set_data_full (G_OBJECT (dialog), "set", g_variant_dup_string (target, NULL), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (retire_response_cb), widget, 0);
  workspace_alert_present (dialog, widget);
}

static void
state_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeSearch) self = user_data;
  g_autofree char *sentence = NULL;

  store_content_get_state_finish (result, &sentence);
  if (!self->state_label)
    return;
  gtk_label_set_label (self->state_label, sentence ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), sentence != NULL);
}

/* ---- object ---- */

static void
prescribe_search_dispose (GObject *object)
{
  PrescribeSearch *self = PRESCRIBE_SEARCH (object);

  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_SEARCH);
  g_clear_pointer (&self->marks, care_drug_marks_free);
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  g_clear_object (&self->context);
  g_clear_object (&self->content);
  G_OBJECT_CLASS (prescribe_search_parent_class)->dispose (object);
}

static void
prescribe_search_class_init (PrescribeSearchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_search_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-search.ui");
  gtk_widget_class_bind_template_child (widget_class, PrescribeSearch, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PrescribeSearch, search_label);
  gtk_widget_class_bind_template_child (widget_class, PrescribeSearch, state_label);
  gtk_widget_class_bind_template_child (widget_class, PrescribeSearch, drug_list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, drug_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cancel_cb);

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", PRESCRIBE_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  gtk_widget_class_install_action (widget_class, "search.retire-set", "s", retire_set);
  signals[SIGNAL_SET_CHOSEN] = g_signal_new ("set-chosen", PRESCRIBE_TYPE_SEARCH, G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_CANCELLED] = g_signal_new ("cancelled", PRESCRIBE_TYPE_SEARCH, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
prescribe_search_init (PrescribeSearch *self)
{
  GtkEventController *keys;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->exact = G_MAXUINT;
  gtk_list_box_set_header_func (self->drug_list, header_cb, self, NULL);
  keys = gtk_event_controller_key_new ();
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (list_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->drug_list), keys);
}

/* @content: (nullable): without it the search says so, and nothing is found */
void
prescribe_search_set_content (PrescribeSearch *self, StoreContent *content)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  g_set_object (&self->content, content);
}

/* @context: whose favourites and history stand first */
void
prescribe_search_set_context (PrescribeSearch *self, CareContext *context)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  if (g_set_object (&self->context, context))
    g_clear_pointer (&self->marks, care_drug_marks_free);
}

/* Order sets are found too, where several prescriptions can be written at once. */
void
prescribe_search_offer_sets (PrescribeSearch *self)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  self->offers_sets = TRUE;
}

/* Once it is to be seen: with nothing but order sets in it. */
void
prescribe_search_start_sets (PrescribeSearch *self)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  self->only_sets = TRUE;
  show (self);
  read_sets (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* Once it is to be seen. */
void
prescribe_search_start (PrescribeSearch *self)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  self->only_sets = FALSE;
  show (self);
  read_sets (self);
  if (self->content)
    store_content_get_state_async (self->content, state_read_cb, g_object_ref (self));
  /* a thousand prescriptions: once, for a star that is set here is known here */
  if (self->context && !self->marks)
    care_drug_marks_read_async (self->context, marks_read_cb, g_object_ref (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
prescribe_search_clear (PrescribeSearch *self)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}
