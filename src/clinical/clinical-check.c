/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-check.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "clinical-check-private.h"
#include "fhir-date.h"

/* Every check of every order against the chart and against the other orders. Each check answers at
 * least once for each order, and every answer carries what it covered: a check that did not run
 * never looks like a check that found nothing. What is in a drug is looked up once and then
 * compared as sets of bits. */

static void
profile_free (ClinicalProfile *self)
{
  clinical_row_set_clear (&self->a);
  clinical_row_set_clear (&self->b);
  clinical_row_set_clear (&self->conditions);
  clinical_row_set_clear (&self->never_events);
  g_ptr_array_unref (self->duplicates);
  g_free (self);
}

static void
drug_free (ClinicalDrug *self)
{
  g_ptr_array_unref (self->profiles);
  g_free (self);
}

/* ---- what is in a drug ---------------------------------------------------------------------- */

static ClinicalProfile *
profile_new (ClinicalRules *rules, const ClinicalIngredient *ingredient)
{
  ClinicalProfile *self = g_new0 (ClinicalProfile, 1);
  g_autoptr (GPtrArray) classes = clinical_rules_dup_classes (rules, ingredient);

  self->ingredient = ingredient;
  self->duplicates =
      clinical_rules_dup_rows_of (rules, CLINICAL_TABLE_DUPLICATE_CLASSES, ingredient);
  for (guint i = 0; i < classes->len; i++)
    {
      const char *name = classes->pdata[i];

      clinical_rules_add_side (rules, CLINICAL_TABLE_INTERACTIONS, FALSE, name, &self->a);
      clinical_rules_add_side (rules, CLINICAL_TABLE_INTERACTIONS, TRUE, name, &self->b);
      clinical_rules_add_side (rules, CLINICAL_TABLE_CONDITIONS, FALSE, name, &self->conditions);
      clinical_rules_add_side (rules, CLINICAL_TABLE_NEVER_EVENTS, FALSE, name,
                               &self->never_events);
    }
  return self;
}

static ClinicalProfile *
get_profile (ClinicalCheck *self, const ClinicalIngredient *ingredient)
{
  g_autofree char *key =
      ingredient->code ? g_strdup (ingredient->code) : g_strconcat ("n:", ingredient->name, NULL);
  ClinicalProfile *profile = g_hash_table_lookup (self->profiles, key);

  if (!profile)
    {
      profile = profile_new (self->rules, ingredient);
      g_hash_table_insert (self->profiles, g_steal_pointer (&key), profile);
    }
  return profile;
}

static GPtrArray *
drugs_new (ClinicalCheck *self, GPtrArray *orders)
{
  GPtrArray *drugs = g_ptr_array_new_with_free_func ((GDestroyNotify) drug_free);

  for (guint i = 0; i < orders->len; i++)
    {
      ClinicalDrug *drug = g_new0 (ClinicalDrug, 1);

      drug->order = orders->pdata[i];
      drug->is_systemic = clinical_order_is_systemic (drug->order);
      drug->profiles = g_ptr_array_new ();
      for (guint j = 0; drug->order->ingredients && j < drug->order->ingredients->len; j++)
        g_ptr_array_add (drug->profiles, get_profile (self, drug->order->ingredients->pdata[j]));
      g_ptr_array_add (drugs, drug);
    }
  return drugs;
}

/* ---- answers -------------------------------------------------------------------------------- */

const ClinicalDrug *
clinical_check_drug (ClinicalCheck *self)
{
  return self->orders->pdata[self->at];
}

/* (transfer full): up to four decimals, none that says nothing. */
char *
clinical_check_number (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 320];
  char *point;

  g_ascii_formatd (buffer, sizeof buffer, fabs (value) < 1e9 ? "%.4f" : "%.3e", value);
  point = strchr (buffer, '.');
  if (point && !strchr (buffer, 'e'))
    for (char *end = buffer + strlen (buffer) - 1; end >= point && (*end == '0' || *end == '.');
         end--)
      {
        gboolean last = *end == '.';

        *end = '\0';
        if (last)
          break;
      }
  return g_strdup (buffer);
}

const char *
clinical_check_title (const char *kind)
{
  static const struct
  {
    const char *kind, *title;
  } titles[] = {
    { "allergy", N_ ("Allergies") },
    { "interaction", N_ ("Interactions") },
    { "duplicate", N_ ("Duplicates") },
    { "dose", N_ ("Dose") },
    { "renal", N_ ("Kidney function") },
    { "pregnancy", N_ ("Pregnancy and breastfeeding") },
    { "age", N_ ("Age") },
    { "condition", N_ ("Conditions") },
    { "never-event", N_ ("Never events") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].kind, kind))
      return _ (titles[i].title);
  return kind;
}

static char *
scope_new (ClinicalCheck *self, ClinicalTable table)
{
  g_autofree char *label = clinical_rules_dup_label (self->rules, table);
  g_autofree char *date = clinical_rules_dup_date (self->rules, table);
  const char *name = clinical_table_get_name (table);
  const char *expires = clinical_rules_get_head (self->rules, name, "expires");
  g_autofree char *day = NULL;
  g_autoptr (GTimeZone) utc = NULL;

  if (!expires || strcmp (expires, self->today) >= 0)
    return g_strdup_printf (_ ("%s of %s"), label, date);
  utc = g_time_zone_new_utc ();
  day = fhir_date_format (expires, utc);
  return g_strdup_printf (_ ("%s of %s, EXPIRED on %s"), label, date, day ? day : expires);
}

/* (transfer full): the table with its date; past its date it says so wherever it is used. */
char *
clinical_check_scope (ClinicalCheck *self, ClinicalTable table)
{
  if (!self->scopes[table])
    self->scopes[table] = scope_new (self, table);
  return g_strdup (self->scopes[table]);
}

static ClinicalFinding *
add (ClinicalCheck *self,
     const char *kind,
     ClinicalAnswer answer,
     const char *severity,
     ClinicalTable table,
     const char *evidence,
     char *sentence)
{
  ClinicalFinding *finding = clinical_finding_new (kind, answer, severity, evidence);
  const char *name = clinical_table_get_name (table);
  const char *version = clinical_rules_get_head (self->rules, name, "version");

  if (!version)
    version = clinical_rules_get_head (self->rules, name, "date");
  finding->sentence = sentence;
  finding->scope = clinical_check_scope (self, table);
  finding->version = g_strdup (version);
  finding->order = self->at;
  g_ptr_array_add (self->findings, finding);
  return finding;
}

/* The order's dose is always a fact: the same alert at another dose is another alert. */
ClinicalFinding *
clinical_check_found (ClinicalCheck *self,
                      const char *kind,
                      const char *severity,
                      const ClinicalRow *row,
                      const char *evidence,
                      char *sentence)
{
  g_autofree char *whole = sentence;
  gboolean unread = clinical_row_is_unverified (row);
  ClinicalFinding *finding =
      add (self, kind, CLINICAL_FOUND, severity, row->table, evidence,
           unread ? g_strdup_printf ("%s %s", sentence, _ ("Found, unreviewed content."))
                  : g_strdup (sentence));

  finding->source = g_strdup (row->texts[CLINICAL_COLUMN_SOURCE]);
  finding->rule = g_strdup (row->texts[CLINICAL_COLUMN_ID]);
  finding->facts = clinical_order_dup_dose (clinical_check_drug (self)->order);
  return finding;
}

void
clinical_check_add_fact (ClinicalFinding *finding, const char *fact)
{
  g_autofree char *before = finding->facts;

  finding->facts = g_strconcat (before ? before : "", "; ", fact ? fact : "?", NULL);
}

/* @sentence: (nullable) (transfer full): NULL says that there was no match */
ClinicalFinding *
clinical_check_not_found (ClinicalCheck *self,
                          const char *kind,
                          ClinicalTable table,
                          char *sentence)
{
  g_autofree char *scope = clinical_check_scope (self, table);

  return add (self, kind, CLINICAL_NOT_FOUND, NULL, table, NULL,
              sentence ? sentence
                       : g_strdup_printf (_ ("%s: no match in %s."), clinical_check_title (kind),
                                          scope));
}

ClinicalFinding *
clinical_check_not_checked (ClinicalCheck *self,
                            const char *kind,
                            ClinicalTable table,
                            const char *why,
                            const char *subject,
                            char *sentence)
{
  ClinicalFinding *finding = add (self, kind, CLINICAL_NOT_CHECKED, NULL, table, NULL, sentence);

  finding->why = g_strdup (why);
  clinical_finding_add_subject (finding,
                                subject ? subject : clinical_check_drug (self)->order->name);
  return finding;
}

/* Whether there is anything to check with; where there is not, says so. */
gboolean
clinical_check_can (ClinicalCheck *self, const char *kind, ClinicalTable table)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  const char *title = clinical_check_title (kind);

  if (clinical_rules_get_rows (self->rules, table)->len == 0)
    clinical_check_not_checked (
        self, kind, table, "no content", NULL,
        g_strdup_printf (_ ("%s: not checked. The clinical content has nothing about it."), title));
  else if (drug->profiles->len == 0)
    clinical_check_not_checked (
        self, kind, table, "ingredients not known", NULL,
        g_strdup_printf (_ ("%s: not checked. The ingredients of %s are not known."), title,
                         drug->order->name));
  else
    return TRUE;
  return FALSE;
}

/* ---- the content itself --------------------------------------------------------------------- */

static guint
count_rows (ClinicalRules *rules)
{
  guint rows = 0;

  for (guint i = 0; rules && i < CLINICAL_N_TABLES; i++)
    rows += clinical_rules_get_rows (rules, i)->len;
  return rows;
}

static char *
content_sentence (ClinicalRules *rules, const char *expired)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *day = expired ? fhir_date_format (expired, utc) : NULL;

  if (!rules)
    return g_strdup (
        _ ("NOTHING WAS CHECKED: the clinical content is missing or damaged. Write how "
           "you checked it yourself before you sign."));
  if (!expired)
    return g_strdup (_ ("NOTHING WAS CHECKED: the clinical content is empty. Write how you checked "
                        "it yourself before you sign."));
  return g_strdup_printf (_ ("The clinical content expired on %s. Write how you checked it "
                             "yourself before you sign."),
                          day ? day : expired);
}

/* Says of each order why the content cannot be relied upon. Returns whether there is any. */
static gboolean
check_content (ClinicalCheck *self, guint n_orders)
{
  guint rows = count_rows (self->rules);
  g_autofree char *expired =
      rows > 0 ? clinical_rules_dup_expired (self->rules, self->today) : NULL;

  for (guint i = 0; i < n_orders && (rows == 0 || expired); i++)
    {
      ClinicalFinding *finding = clinical_finding_new ("content", CLINICAL_NOT_CHECKED, NULL, NULL);

      finding->why = g_strdup (!self->rules ? "content missing"
                               : rows == 0  ? "content empty"
                                            : "content expired");
      finding->sentence = content_sentence (self->rules, expired);
      finding->scope =
          g_strdup (_ ("Until the content is renewed, this stands at every prescription."));
      finding->order = i;
      g_ptr_array_add (self->findings, finding);
    }
  return rows > 0;
}

static void
begin (ClinicalCheck *self, GPtrArray *orders)
{
  self->date = clinical_content_dup_date (self->content);
  self->profiles =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) profile_free);
  self->orders = drugs_new (self, orders);
  self->medicines = drugs_new (self, self->patient->medicines);
  self->weight = clinical_patient_weight (self->patient, self->today, &self->kg);
  clinical_renal_of (self->patient, self->today, &self->renal);
}

static void
end (ClinicalCheck *self)
{
  g_free (self->date);
  for (guint i = 0; i < CLINICAL_N_TABLES; i++)
    g_free (self->scopes[i]);
  g_ptr_array_unref (self->orders);
  g_ptr_array_unref (self->medicines);
  g_hash_table_unref (self->profiles);
  clinical_renal_clear (&self->renal);
  clinical_rules_unref (self->rules);
}

/**
 * clinical_check_orders:
 * @content: what the checks go by
 * @patient: the chart
 * @orders: (element-type ClinicalOrder): what is to be prescribed
 * @today: as in "2026-11-29"
 *
 * Checks every order against the chart and against the orders before it. The order of the answers
 * is that in which they are read: what never may happen, allergies, interactions, duplicates, dose,
 * kidneys, pregnancy, age, conditions. Without content there is one answer for each order: that
 * nothing was checked.
 *
 * Returns: (transfer full) (element-type ClinicalFinding): each names its order by index
 */
GPtrArray *
clinical_check_orders (ClinicalContent *content,
                       const ClinicalPatient *patient,
                       GPtrArray *orders,
                       const char *today)
{
  static void (*const checks[]) (ClinicalCheck *) = {
    clinical_check_do_never_events, clinical_check_do_allergies, clinical_check_do_interactions,
    clinical_check_do_duplicates,   clinical_check_do_dose,      clinical_check_do_renal,
    clinical_check_do_pregnancy,    clinical_check_do_ages,      clinical_check_do_conditions,
  };
  ClinicalCheck self = { .content = content,
                         .rules = clinical_content_dup_rules (content),
                         .patient = patient,
                         .today = today };

  self.findings = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_finding_free);
  if (!check_content (&self, orders->len))
    {
      g_clear_pointer (&self.rules, clinical_rules_unref);
      return self.findings;
    }
  begin (&self, orders);
  for (self.at = 0; self.at < orders->len; self.at++)
    for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
      checks[i](&self);
  end (&self);
  return self.findings;
}
