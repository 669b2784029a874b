/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-medicine-row.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * ChartMedicineRow:
 *
 * One medicine. The medication line keeps to the rules of the Common User Interface: name, dose,
 * route, frequency in this order, name and dose in the heavier weight, whole: it wraps and is never
 * cut. Where sources differ the part that does says so in words; colour only repeats it.
 */

struct _ChartMedicineRow
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (ChartMedicineRow, chart_medicine_row, GTK_TYPE_BOX)

#define NO_BREAK_SPACE "\xc2\xa0"
#define SIDE_CHARS     26 /* two sides stand beside one another from about 500 pixels on */

/* ---- the medication line ---- */

static void
insert (PangoAttrList *attributes, PangoAttribute *attribute, gsize start, gsize end)
{
  attribute->start_index = (guint) start;
  attribute->end_index = (guint) end;
  pango_attr_list_insert (attributes, attribute);
}

/* A dose is never parted from its unit, nor from its label; nor is "2 times a day" torn. */
static char *
unbroken (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  return g_strjoinv (NO_BREAK_SPACE, words);
}

static void
append_part (GString *text, PangoAttrList *attributes, const ClinicalPart *part)
{
  gboolean dose = part->kind == CLINICAL_PART_DOSE;
  gboolean short_frequency = part->kind == CLINICAL_PART_FREQUENCY && strlen (part->text) < 20;
  g_autofree char *words = dose || short_frequency ? unbroken (part->text) : g_strdup (part->text);
  gsize start;

  if (text->len > 0)
    g_string_append (text, dose ? NO_BREAK_SPACE : " – ");
  start = text->len;
  g_string_append (text, words);
  if (dose || part->kind == CLINICAL_PART_GENERIC)
    insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD), start, text->len);
  if (part->kind == CLINICAL_PART_LABEL)
    insert (attributes, pango_attr_scale_new (0.82), start, text->len);
}

/* @classes: (nullable): apart by spaces */
static GtkWidget *
label_new (const char *text, const char *classes)
{
  g_auto (GStrv) names = g_strsplit (classes ? classes : "", " ", -1);

  return g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                       PANGO_WRAP_WORD_CHAR, "css-classes", names, NULL);
}

/* (transfer floating): a medication line of clinical_line (). */
GtkWidget *
chart_medicine_line_new (GPtrArray *line)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GtkWidget *label;

  for (guint i = 0; i < line->len; i++)
    append_part (text, attributes, line->pdata[i]);
  label = label_new (text->str, NULL);
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  return label;
}

/* ---- one source ---- */

static void
append_label (GtkWidget *box, const char *text, const char *css_class)
{
  if (text && *text)
    gtk_box_append (GTK_BOX (box), label_new (text, css_class));
}

static void
join (GString *out, const char *text)
{
  if (text && *text)
    g_string_append_printf (out, "%s%s", out->len ? " · " : "", text);
}

/* "Our prescription · Dr Ada Stone · since 05-Jan-2026 · for hypertension" */
static char *
origin_words (const CareMedicineSide *side, gboolean with_source)
{
  GString *out = g_string_new (with_source ? side->source : NULL);
  g_autofree char *since = side->since ? g_strdup_printf (_ ("since %s"), side->since)
                                       : g_strdup (_ ("since when is not recorded"));
  g_autofree char *reason = side->reason ? g_strdup_printf (_ ("for %s"), side->reason) : NULL;

  join (out, side->who);
  if (side->state != CARE_MEDICINE_WITHHELD)
    join (out, since);
  join (out, reason);
  return g_string_free_and_steal (out);
}

/* When it ended, why and by whom; that this is not recorded is said too. */
static char *
end_words (const CareMedicineSide *side)
{
  GString *out = g_string_new (NULL);
  g_autofree char *end = care_medicine_side_dup_end (side);
  g_autofree char *why = side->why ? g_strdup_printf (_ ("Why: %s"), side->why) : NULL;
  g_autofree char *by = side->stopped_by ? g_strdup_printf (_ ("by %s"), side->stopped_by) : NULL;
  gboolean asked = side->state == CARE_MEDICINE_STOPPED || side->state == CARE_MEDICINE_NOT_TAKEN;

  join (out, end);
  join (out, why ? why : asked ? _ ("Why is not recorded") : NULL);
  join (out, by ? by : asked ? _ ("by whom is not recorded") : NULL);
  return g_string_free_and_steal (out);
}

static void
append_aspect (
    GtkWidget *box, const char *name, const char *value, gboolean missing, CareAgreement agreement)
{
  const char *shown = missing ? _ ("not recorded") : value;
  g_autofree char *text = agreement == CARE_AGREEMENT_DIFFERS
                              /* Translators: "≠ Dose: 5 mg (differs)" */
                              ? g_strdup_printf (_ ("≠ %s: %s (differs)"), name, shown)
                              : agreement == CARE_AGREEMENT_UNSURE
                                    /* Translators: "? Dose: not recorded (not compared)" */
                                    ? g_strdup_printf (_ ("? %s: %s (not compared)"), name, shown)
                                    /* Translators: "Dose: 5 mg" */
                                    : g_strdup_printf (_ ("%s: %s"), name, shown);

  append_label (box, text, agreement == CARE_AGREEMENT_DIFFERS ? "medicine-differs" : NULL);
}

/* As wide as a few words by nature, so that another side finds room beside it; it grows to fill. */
static void
keep_narrow (GtkWidget *box)
{
  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_next_sibling (child))
    {
      gtk_label_set_width_chars (GTK_LABEL (child), SIDE_CHARS);
      gtk_label_set_max_width_chars (GTK_LABEL (child), SIDE_CHARS);
    }
}

static GtkWidget *
side_new (CareMedicine *medicine, const CareMedicineSide *side)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *origin = origin_words (side, FALSE);
  g_autofree char *end = end_words (side);
  const char *values[CARE_N_ASPECTS] = { side->dose, side->route, side->frequency,
                                         care_medicine_state_get_words (side->state) };
  const char *names[CARE_N_ASPECTS] = { _ ("Dose"), _ ("Route"), _ ("Frequency"), _ ("Status") };

  gtk_widget_add_css_class (box, "medicine-side");
  append_label (box, side->source, "heading");
  gtk_box_append (GTK_BOX (box), chart_medicine_line_new (side->line));
  for (CareAspect aspect = 0; aspect < CARE_N_ASPECTS; aspect++)
    if (care_medicine_get_agreement (medicine, aspect) != CARE_AGREEMENT_SAME &&
        (aspect == CARE_ASPECT_STATUS || !care_medicine_state_is_over (side->state)))
      append_aspect (box, names[aspect], values[aspect], !values[aspect],
                     care_medicine_get_agreement (medicine, aspect));
  append_label (box, end, NULL);
  append_label (box, origin, "caption dimmed");
  keep_narrow (box);
  return box;
}

/* ---- the row ---- */

static void
append_chip (GtkWidget *box, const char *text, const char *style)
{
  g_autofree char *classes = g_strdup_printf ("chip %s", style);
  GtkWidget *label;

  if (!text)
    return;
  label = label_new (text, classes);
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), label);
}

static void
append_supply (GtkWidget *box, const CareMedicineSupply *supply)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!supply)
    return;
  join (text, supply->text);
  join (text, supply->repeats);
  if (supply->loud)
    append_chip (box, supply->pharmacy, "chip-red");
  append_label (box, text->str, supply->soon || supply->over ? "caption warning" : "caption");
  if (!supply->loud && supply->pharmacy)
    {
      /* Translators: where it is: "Prescription: Sent. The patient chose Mill Pharmacy" */
      g_autofree char *where = g_strdup_printf (_ ("Prescription: %s"), supply->pharmacy);

      append_label (box, where, "caption dimmed");
    }
}

static void
append_sides (GtkWidget *box, CareMedicine *medicine)
{
  GtkWidget *sides = adw_wrap_box_new ();

  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (sides), 12);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (sides), 8);
  adw_wrap_box_set_justify (ADW_WRAP_BOX (sides), ADW_JUSTIFY_FILL);
  adw_wrap_box_set_justify_last_line (ADW_WRAP_BOX (sides), TRUE);
  for (guint i = 0; i < care_medicine_get_n_sides (medicine); i++)
    adw_wrap_box_append (ADW_WRAP_BOX (sides),
                         side_new (medicine, care_medicine_get_side (medicine, i)));
  gtk_box_append (GTK_BOX (box), sides);
}

static void
append_only_side (GtkWidget *box, const CareMedicineSide *side)
{
  g_autofree char *origin = origin_words (side, TRUE);
  g_autofree char *end = end_words (side);

  gtk_box_append (GTK_BOX (box), chart_medicine_line_new (side->line));
  append_label (box, end, NULL);
  append_label (box, origin, "caption dimmed");
}

/**
 * chart_medicine_row_set_medicine:
 *
 * Shows a medicine in place of the last one.
 */
void
chart_medicine_row_set_medicine (ChartMedicineRow *self, CareMedicine *medicine)
{
  GtkWidget *box = GTK_WIDGET (self), *child;
  g_autofree char *mark = care_medicine_dup_mark (medicine);

  while ((child = gtk_widget_get_first_child (box)))
    gtk_box_remove (GTK_BOX (box), child);
  append_chip (box, mark, care_medicine_is_conflict (medicine) ? "chip-amber" : "chip-plain");
  if (care_medicine_is_twice (medicine))
    append_chip (box, _ ("Twice from the same source"), "chip-amber");
  if (care_medicine_get_n_sides (medicine) > 1)
    append_sides (box, medicine);
  else
    append_only_side (box, care_medicine_get_side (medicine, 0));
  append_supply (box, care_medicine_get_supply (medicine));
  append_label (box, care_medicine_get_reconciled (medicine), "caption dimmed");
}

/**
 * chart_medicine_row_offer_stop:
 *
 * Adds the button that stops it, where it is taken: the action "medicines.stop" of who shows it.
 */
void
chart_medicine_row_offer_stop (ChartMedicineRow *self, CareMedicine *medicine)
{
  g_autofree char *spoken = NULL;
  GtkWidget *button;

  if (!care_medicine_is_current (medicine))
    return;
  /* Translators: what a button does, for those who hear it: "Stop Amlodipine 5 mg" */
  spoken = g_strdup_printf (_ ("Stop %s"), care_medicine_get_name (medicine));
  button = gtk_button_new_with_label (_ ("Stop…"));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s",
                                    care_medicine_get_side (medicine, 0)->reference);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "medicines.stop");
  /* a button is labelled by its child, which would stand before the name that is set here */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  gtk_box_append (GTK_BOX (self), button);
}

static void
chart_medicine_row_class_init (ChartMedicineRowClass *klass)
{
}

static void
chart_medicine_row_init (ChartMedicineRow *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
  gtk_widget_add_css_class (GTK_WIDGET (self), "medicine-row");
}

/* (transfer floating) */
GtkWidget *
chart_medicine_row_new (void)
{
  return g_object_new (CHART_TYPE_MEDICINE_ROW, NULL);
}
