/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-sheet-private.h"

#include <glib/gi18n.h>

#include "care-prescription-group.h"

#define GATHER_MS 200 /* between two savings while somebody types */
#define REST_MS   300 /* for so long nothing changes before it is checked */

static guint serials; /* of all sheets: no two drafts have the same */

struct _PrescribeSheet
{
  GObject parent_instance;

  CareContext *context;
  StoreContent *content;
  CarePrescriptionDraft *draft;
  GPtrArray *findings;
  CarePrescriptionFacts *facts;
  char *facts_drug;    /* for which they were asked */
  GPtrArray *beside;   /* (nullable) PrescribeSheet: what is written at the same time, this too */
  GHashTable *reasons; /* clinical_finding_dup_key () to what the prescriber wrote */
  char *state;
  guint save_source, check_source;
  guint serial;  /* of the draft as it stands, and of the chart it was compared with */
  guint asked;   /* the serial that the checks were last asked about */
  guint checked; /* the serial that the findings are of */
  gboolean checking;
  gboolean choosing; /* a drug, which is many properties: they are told of once, at the end */
  gboolean closed;
  gboolean looked;  /* at: what is in it was in front of the prescriber */
  gboolean signing; /* as it stands: nothing of it changes, on disk neither */
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeSheet, prescribe_sheet, G_TYPE_OBJECT)

static void
changed (PrescribeSheet *self)
{
  if (!self->choosing)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* ---- on disk ---- */

static void
save_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeSheet) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_prescription_command_finish (result, &error))
    {
      g_free (self->state);
      self->state = g_strdup_printf (_ ("Not on disk yet: %s"), error->message);
    }
  else
    g_set_str (&self->state, _ ("Draft, on disk"));
  changed (self);
}

static void
save_now (PrescribeSheet *self)
{
  g_clear_handle_id (&self->save_source, g_source_remove);
  if (!self->closed && !self->signing)
    care_prescription_save_async (self->context, self->draft, NULL, save_cb, g_object_ref (self));
}

/* Puts it on disk as it stands: a draft that nobody typed is kept too. */
void
prescribe_sheet_save (PrescribeSheet *self)
{
  save_now (self);
}

/* ---- checks ---- */

typedef struct
{
  PrescribeSheet *sheet;
  guint serial;
} Check;

/* Whether both say the same: rows that stand in front of the user, reasons being typed into them,
 * do not move for nothing. */
static gboolean
is_same (GPtrArray *one, GPtrArray *other)
{
  if (one == NULL || other == NULL || one->len != other->len)
    return FALSE;
  for (guint i = 0; i < one->len; i++)
    {
      const ClinicalFinding *a = g_ptr_array_index (one, i), *b = g_ptr_array_index (other, i);

      if (a->answer != b->answer || a->blocks != b->blocks ||
          g_strcmp0 (a->sentence, b->sentence) != 0 || g_strcmp0 (a->scope, b->scope) != 0 ||
          g_strcmp0 (a->severity, b->severity) != 0 ||
          g_strcmp0 (a->overridden, b->overridden) != 0)
        return FALSE;
    }
  return TRUE;
}

/* @findings: (transfer full) (nullable) */
static void
take_findings (PrescribeSheet *self, guint serial, GPtrArray *findings, const GError *error)
{
  self->checked = serial;
  if (is_same (self->findings, findings))
    g_clear_pointer (&findings, g_ptr_array_unref);
  else
    {
      g_clear_pointer (&self->findings, g_ptr_array_unref);
      self->findings = findings;
    }
  if (error != NULL)
    {
      g_free (self->state);
      self->state = g_strdup_printf (_ ("The checks did not run: %s"), error->message);
    }
  changed (self);
}

/* Whether the checks are to be asked now. One check reads the whole chart: they are asked one at a
 * time, and once about the same. */
static gboolean
may_check (PrescribeSheet *self)
{
  return !self->closed && !self->checking && self->asked != self->serial && self->content != NULL &&
         care_prescription_draft_get_drug_code (self->draft) != NULL;
}

/* (transfer full) (element-type CarePrescriptionDraft): of all that is written at the same time. */
static GPtrArray *
drafts_beside (PrescribeSheet *self)
{
  GPtrArray *drafts = g_ptr_array_new ();

  for (guint i = 0; self->beside != NULL && i < self->beside->len; i++)
    g_ptr_array_add (drafts, ((PrescribeSheet *) self->beside->pdata[i])->draft);
  return drafts;
}

/* @check: (transfer full) */
static void
ask (Check *check, GAsyncReadyCallback answered)
{
  PrescribeSheet *self = g_object_ref (check->sheet);
  g_autoptr (GPtrArray) beside = drafts_beside (self);

  self->checking = TRUE;
  self->asked = check->serial = self->serial;
  care_prescription_check_group_async (self->context, self->draft, beside,
                                       CLINICAL_CONTENT (self->content), answered, check);
}

static void
check_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (PrescribeSheet) self = check->sheet;
  g_autoptr (GError) error = NULL;
  GPtrArray *findings = care_prescription_check_finish (result, &error);

  self->checking = FALSE;
  if (check->serial == self->serial)
    take_findings (self, check->serial, findings, error);
  else
    g_clear_pointer (&findings, g_ptr_array_unref);
  /* What came meanwhile and has rested; what has not is asked about by its own source. */
  if (self->check_source == 0 && may_check (self))
    ask (g_steal_pointer (&check), check_cb);
  g_free (check);
}

static void
start_check (PrescribeSheet *self)
{
  Check *check;

  g_clear_handle_id (&self->check_source, g_source_remove);
  if (!may_check (self))
    return;
  check = g_new0 (Check, 1);
  check->sheet = self;
  ask (check, check_cb);
}

/**
 * prescribe_sheet_check_again:
 *
 * Runs the checks; until they answer there are no findings, and nothing can be signed.
 */
void
prescribe_sheet_check_again (PrescribeSheet *self)
{
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  self->serial = ++serials;
  start_check (self);
  changed (self);
}

static gboolean
save_timeout_cb (gpointer data)
{
  PrescribeSheet *self = data;

  self->save_source = 0;
  save_now (self);
  return G_SOURCE_REMOVE;
}

static gboolean
check_timeout_cb (gpointer data)
{
  PrescribeSheet *self = data;

  self->check_source = 0;
  start_check (self);
  return G_SOURCE_REMOVE;
}

/**
 * prescribe_sheet_check_later:
 *
 * Every change is checked, once it has rested, be it of what is written beside this. What was found
 * before stays in sight until then, but it is of another draft: nothing can be signed over it.
 */
void
prescribe_sheet_check_later (PrescribeSheet *self)
{
  self->serial = ++serials; /* a check that is on its way is of what was before */
  if (!self->closed)
    {
      g_clear_handle_id (&self->check_source, g_source_remove);
      self->check_source = g_timeout_add (REST_MS, check_timeout_cb, self);
    }
  changed (self);
}

/* Words and amounts to hand out are nothing that another drug is compared with. */
static gboolean
concerns_others (const char *property)
{
  static const char *const own[] = {
    "quantity",    "quantity-unit", "repeats",          "instructions",
    "note",        "reason",        "no-substitution",  "substitution-reason",
    "weight-note", "brand",         "weight-reference", "by-weight",
    NULL,
  };

  return !g_strv_contains (own, property);
}

static void
draft_changed_cb (PrescribeSheet *self, GParamSpec *property)
{
  if (self->save_source == 0)
    self->save_source = g_timeout_add (GATHER_MS, save_timeout_cb, self);
  prescribe_sheet_check_later (self);
  if (concerns_others (property->name))
    g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

/* ---- what is known beside the draft ---- */

static void
facts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeSheet) self = user_data;
  g_autoptr (CarePrescriptionFacts) facts = care_prescription_facts_finish (result, NULL);

  /* those of another drug come too late */
  if (facts == NULL || self->draft == NULL ||
      g_strcmp0 (self->facts_drug, care_prescription_draft_get_drug_code (self->draft)) != 0)
    return;
  g_clear_pointer (&self->facts, care_prescription_facts_free);
  self->facts = g_steal_pointer (&facts);
  changed (self);
}

static void
read_facts (PrescribeSheet *self)
{
  const char *drug = care_prescription_draft_get_drug_code (self->draft);

  g_clear_pointer (&self->facts, care_prescription_facts_free);
  g_set_str (&self->facts_drug, drug);
  care_prescription_facts_async (self->context,
                                 care_prescription_draft_get_patient_id (self->draft), drug,
                                 facts_cb, g_object_ref (self));
  changed (self);
}

/* The record of the patient is another now. */
void
prescribe_sheet_read_again (PrescribeSheet *self)
{
  read_facts (self);
  prescribe_sheet_check_again (self);
}

/**
 * prescribe_sheet_get_facts:
 *
 * Returns: (transfer none) (nullable): how the drug was taken before, the patient's weight and
 *   language; NULL until the store answered
 */
const CarePrescriptionFacts *
prescribe_sheet_get_facts (PrescribeSheet *self)
{
  return self->facts;
}

static void
prescribe_sheet_dispose (GObject *object)
{
  PrescribeSheet *self = PRESCRIBE_SHEET (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_handle_id (&self->check_source, g_source_remove);
  g_clear_pointer (&self->facts, care_prescription_facts_free);
  g_clear_pointer (&self->facts_drug, g_free);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->beside, g_ptr_array_unref);
  g_clear_pointer (&self->reasons, g_hash_table_unref);
  g_clear_pointer (&self->state, g_free);
  g_clear_object (&self->context);
  g_clear_object (&self->content);
  g_clear_object (&self->draft);

  G_OBJECT_CLASS (prescribe_sheet_parent_class)->dispose (object);
}

static void
prescribe_sheet_class_init (PrescribeSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = prescribe_sheet_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", PRESCRIBE_TYPE_SHEET, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EDITED] = g_signal_new ("edited", PRESCRIBE_TYPE_SHEET, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
prescribe_sheet_init (PrescribeSheet *self)
{
  self->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * prescribe_sheet_new:
 * @content: (nullable): the formulary; without it nothing is checked, and nothing can be signed
 *
 * Returns: (transfer full): the sheet of @draft
 */
PrescribeSheet *
prescribe_sheet_new (CareContext *context, StoreContent *content, CarePrescriptionDraft *draft)
{
  PrescribeSheet *self = g_object_new (PRESCRIBE_TYPE_SHEET, NULL);

  self->context = g_object_ref (context);
  g_set_object (&self->content, content);
  self->draft = g_object_ref (draft);
  g_signal_connect_object (draft, "notify", G_CALLBACK (draft_changed_cb), self, G_CONNECT_SWAPPED);
  prescribe_sheet_check_again (self);
  read_facts (self);
  return self;
}

CarePrescriptionDraft *
prescribe_sheet_get_draft (PrescribeSheet *self)
{
  return self->draft;
}

/**
 * prescribe_sheet_get_findings:
 *
 * Returns: (transfer none) (nullable): what the checks answered for the drug as it stands; NULL
 * while they run or when they could not
 */
GPtrArray *
prescribe_sheet_get_findings (PrescribeSheet *self)
{
  return self->findings;
}

/**
 * prescribe_sheet_get_checked:
 *
 * Returns: which draft the findings are of; 0 while they are of none, or of a draft that was
 * changed since. Another number later: what was read before is not what would be signed.
 */
guint
prescribe_sheet_get_checked (PrescribeSheet *self)
{
  return self->findings != NULL && self->checked == self->serial ? self->checked : 0;
}

const char *
prescribe_sheet_get_state (PrescribeSheet *self)
{
  return self->state;
}

/**
 * prescribe_sheet_set_beside:
 * @sheets: (nullable) (element-type PrescribeSheet): what is written at the same time, this sheet
 *   among it; whoever keeps it takes it away again before it is gone
 */
void
prescribe_sheet_set_beside (PrescribeSheet *self, GPtrArray *sheets)
{
  if (self->beside == sheets)
    return;
  g_clear_pointer (&self->beside, g_ptr_array_unref);
  self->beside = sheets != NULL ? g_ptr_array_ref (sheets) : NULL;
}

/* (transfer none) (nullable) */
GPtrArray *
prescribe_sheet_get_beside (PrescribeSheet *self)
{
  return self->beside;
}

CareContext *
prescribe_sheet_get_context (PrescribeSheet *self)
{
  return self->context;
}

/* It was in front of the prescriber: what an order set or the last session left was not. */
void
prescribe_sheet_set_looked (PrescribeSheet *self)
{
  if (self->looked)
    return;
  self->looked = TRUE;
  changed (self);
}

gboolean
prescribe_sheet_get_looked (PrescribeSheet *self)
{
  return self->looked;
}

/**
 * prescribe_sheet_set_signing:
 *
 * From the press of Sign to its answer nobody edits it: what was typed meanwhile would be lost, or
 * would look signed.
 */
void
prescribe_sheet_set_signing (PrescribeSheet *self, gboolean signing)
{
  if (signing && self->save_source != 0)
    save_now (self);
  self->signing = signing;
  if (!signing)
    save_now (self);
  changed (self);
}

gboolean
prescribe_sheet_is_signing (PrescribeSheet *self)
{
  return self->signing;
}

/* @reasons: clinical_finding_dup_key () to what stands in its row */
void
prescribe_sheet_set_reasons (PrescribeSheet *self, GHashTable *reasons)
{
  g_hash_table_unref (self->reasons);
  self->reasons = g_hash_table_ref (reasons);
  changed (self);
}

/* (transfer none): what was written for this sheet's own findings */
GHashTable *
prescribe_sheet_get_own_reasons (PrescribeSheet *self)
{
  return self->reasons;
}

/**
 * prescribe_sheet_choose_drug:
 *
 * Takes the drug from the formulary and asks the checks about it. The dose of another drug does not
 * stay.
 */
void
prescribe_sheet_choose_drug (PrescribeSheet *self, const StoreDrug *drug)
{
  if (self->signing)
    return;
  self->choosing = TRUE;
  g_object_freeze_notify (G_OBJECT (self->draft));
  /* the brands of the formulary help to find a drug; what is prescribed is the generic */
  care_prescription_draft_set_drug (self->draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_thaw_notify (G_OBJECT (self->draft));
  prescribe_sheet_check_again (self);
  read_facts (self);
  self->choosing = FALSE;
  changed (self);
}

/**
 * prescribe_sheet_close:
 *
 * After signing or discarding: nothing of it is written again.
 */
void
prescribe_sheet_close (PrescribeSheet *self)
{
  self->closed = TRUE;
  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_handle_id (&self->check_source, g_source_remove);
}
