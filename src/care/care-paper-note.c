/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "care-cosign.h"
#include "care-document.h"
#include "care-note.h"
#include "care-paper-private.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "store-draft.h"
#include "store-resource.h"

/* A note as it was signed, with what was added to it later; or one's own draft, which says on each
 * page that it is one. */

#define PROGRESS_NOTE "11506-3"
#define NOTES_AT_MOST 200

/* (nullable): what @document was added to. */
static const char *
appended_to (FhirResource *document)
{
  const FhirElement *relations = fhir_resource_path (document, "relatesTo");

  fhir_element_foreach (relation, relations)
    if (g_strcmp0 (fhir_element_path_text (relation, "code"), "appends") == 0)
      return fhir_element_path_text (relation, "target.reference");
  return NULL;
}

static gboolean
is_signed (FhirResource *document)
{
  const char *status = fhir_resource_path_text (document, "docStatus");

  return g_strcmp0 (status, "final") == 0 || g_strcmp0 (status, "amended") == 0;
}

static gboolean
is_in_error (FhirResource *document)
{
  return care_chart_is_error (document) ||
         g_strcmp0 (fhir_resource_path_text (document, "docStatus"), "entered-in-error") == 0;
}

static gboolean
is_text (FhirResource *document)
{
  const char *type = fhir_resource_path_text (document, "content.0.attachment.contentType");

  return type && g_str_has_prefix (type, "text/plain");
}

static gboolean
is_note (FhirResource *document)
{
  return is_text (document) && !care_chart_is_opaque (document) && !is_in_error (document) &&
         !appended_to (document);
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_row_get_sort ((CareRow *) a), y = care_row_get_sort ((CareRow *) b);

  return (x < y) - (x > y);
}

static gboolean
add_drafts (GListStore *rows,
            StoreConnection *connection,
            CareContext *context,
            const char *patient_id,
            GError **error)
{
  g_autoptr (GPtrArray) drafts =
      store_draft_list (connection, care_context_get_user_reference (context), patient_id, error);

  for (guint i = 0; drafts && i < drafts->len; i++)
    {
      const StoreDraft *draft = drafts->pdata[i];
      g_autoptr (CareRow) row =
          care_row_new (draft->updated_us, CARE_ROW_TITLE, _ ("Draft, not signed"),
                        CARE_ROW_REFERENCE, draft->id, 0);

      if (g_strcmp0 (draft->kind, "note") == 0)
        g_list_store_append (rows, row);
    }
  return drafts != NULL;
}

/* (transfer full) (nullable): notes that can be printed, drafts of the user's own among them. */
GListStore *
care_paper_list_notes (StoreConnection *connection,
                       CareContext *context,
                       const char *patient_id,
                       GError **error)
{
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (context));
  g_autoptr (GPtrArray) documents =
      store_resource_list (connection, patient_id, "DocumentReference", error);

  if (!documents || !add_drafts (rows, connection, context, patient_id, error))
    return NULL;
  for (guint i = 0; i < documents->len; i++)
    {
      FhirResource *document = documents->pdata[i];
      const char *when = fhir_resource_path_text (document, "date");
      const char *title = fhir_resource_path_text (document, "description");
      g_autofree char *kind = care_chart_concept (document, "type");
      g_autofree char *date = when ? fhir_date_format (when, g_date_time_get_timezone (now)) : NULL;
      g_autofree char *reference = fhir_resource_dup_reference (document);

      if (!is_note (document))
        continue;
      g_autoptr (CareRow) row = care_row_new (care_chart_time (when), CARE_ROW_TITLE,
                                              title  ? title
                                              : kind ? kind
                                                     : _ ("Note without a title"),
                                              CARE_ROW_DATE, date ? date : _ ("date not recorded"),
                                              CARE_ROW_REFERENCE, reference, 0);
      g_list_store_append (rows, row);
    }
  g_list_store_sort (rows, compare_newest, NULL);
  if (g_list_model_get_n_items (G_LIST_MODEL (rows)) > NOTES_AT_MOST)
    g_list_store_splice (rows, NOTES_AT_MOST,
                         g_list_model_get_n_items (G_LIST_MODEL (rows)) - NOTES_AT_MOST, NULL, 0);
  return g_steal_pointer (&rows);
}

/* A line is a paragraph of its own, so that the note keeps the shape in which it was signed. */
static void
add_lines (CarePaper *paper, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line; line++)
    care_paper_paragraph (paper, g_strchomp (*line));
}

static gboolean
add_text (CarePaperMaker *self, FhirResource *document, GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (document);
  g_autoptr (CareDocument) note =
      care_document_load (self->connection, reference, care_context_get_clock (self->context),
                          error);
  g_autofree char *text = NULL, *line = NULL;

  if (!note)
    return FALSE;
  if (!note->bytes || note->damaged || note->withheld || !is_text (document))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("The words of this note are not on this computer, or they cannot be "
                              "shown safely. Open it under Documents."));
      return FALSE;
    }
  line = g_strdup_printf (is_signed (document) ? _ ("Signed by %s, %s.")
                                               : _ ("Written by %s, %s. Not signed."),
                          note->author ? note->author : _ ("somebody who is not recorded"),
                          note->date ? note->date : _ ("date not recorded"));
  care_paper_paragraph (self->paper, line);
  care_paper_paragraph (self->paper, "");
  text = g_utf8_make_valid (g_bytes_get_data (note->bytes, NULL),
                            (gssize) g_bytes_get_size (note->bytes));
  add_lines (self->paper, g_strchomp (text));
  return TRUE;
}

static int
compare_oldest (gconstpointer a, gconstpointer b)
{
  FhirResource *first = *(FhirResource *const *) a, *second = *(FhirResource *const *) b;
  gint64 x = care_chart_time (fhir_resource_path_text (first, "date")),
         y = care_chart_time (fhir_resource_path_text (second, "date"));

  return (x > y) - (x < y);
}

static gboolean
add_addenda (CarePaperMaker *self, const char *reference, GError **error)
{
  g_autoptr (GPtrArray) documents =
      store_resource_list (self->connection, self->paper->patient_id, "DocumentReference", error);

  if (!documents)
    return FALSE;
  g_ptr_array_sort (documents, compare_oldest);
  for (guint i = 0; i < documents->len; i++)
    {
      FhirResource *document = documents->pdata[i];

      if (g_strcmp0 (appended_to (document), reference) != 0 || is_in_error (document))
        continue;
      care_paper_heading (self->paper, _ ("Addendum"));
      if (!add_text (self, document, error))
        return FALSE;
    }
  return TRUE;
}

/* Who co-signed and who was asked to stands under the words that were signed. */
static gboolean
add_cosigns (CarePaperMaker *self, FhirResource *document, GError **error)
{
  static const char *const sentences[] = {
    [CARE_COSIGN_AWAITED] = N_ ("Co-signature asked of %s, %s. Not co-signed."),
    [CARE_COSIGN_SIGNED] = N_ ("Co-signed by %s, %s."),
    [CARE_COSIGN_SENT_BACK] = N_ ("Sent back without a co-signature by %s, %s."),
    [CARE_COSIGN_CLOSED] = N_ ("Closed without the co-signature of %s, %s."),
  };
  g_autoptr (GPtrArray) cosigns =
      care_cosign_list (self->connection, document, care_context_get_clock (self->context), error);

  for (guint i = 0; cosigns && i < cosigns->len; i++)
    {
      const CareCosign *cosign = cosigns->pdata[i];
      g_autofree char *line =
          g_strdup_printf (_ (sentences[cosign->state]),
                           cosign->who ? cosign->who : _ ("somebody who is not recorded"),
                           cosign->when ? cosign->when : _ ("date not recorded"));

      if (i == 0)
        care_paper_paragraph (self->paper, "");
      care_paper_paragraph (self->paper, line);
      if (cosign->is_changed)
        care_paper_paragraph (self->paper, _ ("The note is not as it was when it was co-signed."));
    }
  return cosigns != NULL;
}

static gboolean
not_of_this_patient (GError **error)
{
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                       _ ("This note does not belong to this patient."));
  return FALSE;
}

static gboolean
make_signed (CarePaperMaker *self, const char *id, const char *reference, GError **error)
{
  g_autoptr (FhirResource) document = care_read (self->connection, "DocumentReference", id, error);
  g_autofree char *patient = document ? care_patient_of (document) : NULL;
  const char *title;

  if (!document)
    return FALSE;
  if (g_strcmp0 (patient, self->paper->patient_id) != 0)
    return not_of_this_patient (error);
  title = fhir_resource_path_text (document, "description");
  self->paper->title = title ? g_strdup (title) : care_chart_concept (document, "type");
  if (!self->paper->title)
    self->paper->title = g_strdup (_ ("Note without a title"));
  if (is_in_error (document))
    self->paper->draft = _ ("ENTERED IN ERROR");
  else if (!is_signed (document))
    self->paper->draft = _ ("DRAFT, not signed");
  else if (g_strcmp0 (fhir_resource_path_text (document, "status"), "superseded") == 0)
    self->paper->draft = _ ("REPLACED by a newer one");
  return add_text (self, document, error) && add_cosigns (self, document, error) &&
         add_addenda (self, reference, error);
}

static gboolean
make_draft (CarePaperMaker *self, const char *draft_id, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (self->connection, draft_id, error);
  g_autofree char *line = NULL;

  if (!draft)
    return FALSE;
  if (g_strcmp0 (draft->patient, self->paper->patient_id) != 0)
    return not_of_this_patient (error);
  if (g_strcmp0 (draft->author, care_context_get_user_reference (self->context)) != 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                           _ ("Somebody else is writing this note. Take it over before you print "
                              "it."));
      return FALSE;
    }
  self->paper->title = g_strdup (_ ("Visit note"));
  self->paper->draft = _ ("DRAFT, not signed");
  line = g_strdup_printf (_ ("Being written by %s. Not signed."),
                          care_context_get_user_name (self->context));
  care_paper_paragraph (self->paper, line);
  care_paper_paragraph (self->paper, "");
  add_lines (self->paper, draft->body);
  return TRUE;
}

/* @reference: "DocumentReference/1", or the id of a draft. */
gboolean
care_paper_make_note (CarePaperMaker *self, const char *reference, GError **error)
{
  g_autofree char *type = NULL, *id = NULL;

  if (reference && g_str_has_prefix (reference, "note:"))
    return make_draft (self, reference, error);
  if (reference && fhir_reference_split (reference, &type, &id) &&
      g_str_equal (type, "DocumentReference"))
    return make_signed (self, id, reference, error);
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("Choose a note first."));
  return FALSE;
}
