/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-document.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "care-note-private.h"
#include "care-row.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* Reading documents. An attachment has its bytes inside, or in a Binary that is here, or it says
 * where they are; fetching them is not this module's business. */

/* Where each kind of resource keeps what is said of a document. */
typedef struct
{
  const char *type, *kind, *author, *attachments;
  const char *attachment; /* within an item of attachments, or NULL where it is the item */
  const char *dates[4];
} Shape;

static const Shape shapes[] = {
  { "DocumentReference", "type", "author.0", "content", "attachment", { "date" } },
  { "DiagnosticReport",
    "code",
    "performer.0",
    "presentedForm",
    NULL,
    { "effectiveDateTime", "effectivePeriod.start", "issued" } },
  { "Composition", "type", "author.0", NULL, NULL, { "date" } },
};

void
care_document_free (CareDocument *self)
{
  g_free (self->reference);
  g_free (self->title);
  g_free (self->kind);
  g_free (self->author);
  g_free (self->date);
  g_free (self->content_type);
  g_free (self->file_name);
  g_free (self->url);
  g_free (self->narrative);
  g_free (self->note);
  g_free (self->born);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

static const Shape *
shape_of (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (g_str_equal (shapes[i].type, type))
      return &shapes[i];
  return NULL;
}

static const char *
when_of (const Shape *shape, FhirResource *resource)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shape->dates) && shape->dates[i]; i++)
    if (fhir_resource_path_text (resource, shape->dates[i]))
      return fhir_resource_path_text (resource, shape->dates[i]);
  return NULL;
}

/* (transfer full) (nullable) */
static char *
author_of (StoreConnection *connection, const Shape *shape, FhirResource *resource)
{
  const FhirElement *author = fhir_resource_path (resource, shape->author);
  const char *display = fhir_element_path_text (author, "display");
  const char *reference = fhir_element_path_text (author, "reference");
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) who = NULL;

  if (display || !reference || !fhir_reference_split (reference, &type, &id))
    return g_strdup (display);
  who = store_resource_get (connection, type, id, NULL);
  if (!who)
    return NULL;
  return fhir_resource_path_text (who, "name")
             ? g_strdup (fhir_resource_path_text (who, "name"))
             : fhir_human_name_format (fhir_resource_path (who, "name"));
}

static const FhirElement *
attachment_of (const Shape *shape, const FhirElement *item)
{
  return shape->attachment ? fhir_element_get (item, shape->attachment) : item;
}

/* The document without its content. */
static CareDocument *
describe (StoreConnection *connection,
          const Shape *shape,
          FhirResource *resource,
          const FhirElement *attachment,
          gsize position,
          GTimeZone *zone)
{
  CareDocument *self = g_new0 (CareDocument, 1);
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  const char *title = fhir_element_path_text (attachment, "title");
  const char *when = when_of (shape, resource);

  self->reference = position > 0 ? g_strdup_printf ("%s#%" G_GSIZE_FORMAT, reference, position)
                                 : g_steal_pointer (&reference);
  self->withheld = care_chart_is_opaque (resource);
  self->kept = care_release_is_kept (resource);
  self->kind = care_chart_concept (resource, shape->kind);
  self->author = author_of (connection, shape, resource);
  self->date = when ? fhir_date_format (when, zone) : NULL;
  if (!title)
    title = fhir_resource_path_text (resource, "description");
  if (!title)
    title = fhir_resource_path_text (resource, "title");
  self->title = g_strdup (title ? title : self->kind ? self->kind : _ ("Document without a title"));
  self->content_type = g_strdup (fhir_element_path_text (attachment, "contentType"));
  self->url = g_strdup (fhir_element_path_text (attachment, "url"));
  return self;
}

/* ---- the list ---- */

static const char *
group_of (FhirResource *resource)
{
  const char *status = fhir_resource_path_text (resource, "status");

  return care_chart_is_error (resource) ||
                 g_strcmp0 (fhir_resource_path_text (resource, "docStatus"), "entered-in-error") ==
                     0
             ? "Entered in error"
         : g_strcmp0 (status, "superseded") == 0 ? "Superseded"
                                                 : "Current";
}

static char *
dup_subtitle (const CareDocument *document, gboolean named)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_auto (GStrv) strings = NULL;

  if (document->kept)
    g_strv_builder_add (parts, _ ("kept in the clinic"));
  if (named)
    g_strv_builder_add (parts, document->kind);
  if (!named || document->author)
    g_strv_builder_add (parts, document->author ? document->author : _ ("author not recorded"));
  strings = g_strv_builder_end (parts);
  return g_strjoinv (" · ", strings);
}

static void
add_row (GListStore *rows,
         StoreConnection *connection,
         const Shape *shape,
         FhirResource *resource,
         CareDocument *document)
{
  const char *status = fhir_resource_path_text (resource, "docStatus");
  gboolean named = document->kind && !g_str_equal (document->kind, document->title);
  g_autofree char *subtitle = NULL, *appended = NULL;
  g_autoptr (CareRow) row = NULL;

  if (document->withheld)
    {
      row = care_row_new (
          care_chart_time (when_of (shape, resource)), CARE_ROW_TITLE,
          _ ("Entry that Bedside cannot show safely"), CARE_ROW_SUBTITLE,
          _ ("It carries a modifier that may change its meaning. Read it where it was written."),
          CARE_ROW_REFERENCE, document->reference, CARE_ROW_GROUP, "Not shown", CARE_ROW_DATE,
          document->date, 0);
      g_list_store_append (rows, row);
      return;
    }
  subtitle = dup_subtitle (document, named);
  appended = care_note_dup_owner (connection, resource);
  row = care_row_new (care_chart_time (when_of (shape, resource)), CARE_ROW_TITLE, document->title,
                      CARE_ROW_SUBTITLE, subtitle, CARE_ROW_DATE, document->date, CARE_ROW_STATUS,
                      status ? status : fhir_resource_path_text (resource, "status"),
                      CARE_ROW_REFERENCE, document->reference, CARE_ROW_GROUP, group_of (resource),
                      CARE_ROW_CODE, appended, 0);
  g_list_store_append (rows, row);
}

static void
add_rows (GListStore *rows,
          StoreConnection *connection,
          const Shape *shape,
          FhirResource *resource,
          GTimeZone *zone)
{
  const FhirElement *items =
      shape->attachments ? fhir_resource_path (resource, shape->attachments) : NULL;
  gsize position = 0;

  fhir_element_foreach (item, items)
    {
      g_autoptr (CareDocument) document =
          describe (connection, shape, resource, attachment_of (shape, item), position++, zone);

      add_row (rows, connection, shape, resource, document);
    }
  if (position == 0 &&
      !g_str_equal (shape->type, "DiagnosticReport")) /* a result, not a document */
    {
      g_autoptr (CareDocument) document = describe (connection, shape, resource, NULL, 0, zone);

      add_row (rows, connection, shape, resource, document);
    }
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 first = care_row_get_sort ((CareRow *) a), second = care_row_get_sort ((CareRow *) b);

  return (first < second) - (first > second);
}

static CareRow *
addendum_row (CareRow *row, CareRow *note)
{
  g_autofree char *title = g_strdup_printf (_ ("Addendum to “%s”"), care_row_get_title (note));

  return care_row_new (care_row_get_sort (row), CARE_ROW_TITLE, title, CARE_ROW_SUBTITLE,
                       care_row_get_text (row, CARE_ROW_SUBTITLE), CARE_ROW_DATE,
                       care_row_get_text (row, CARE_ROW_DATE), CARE_ROW_STATUS,
                       care_row_get_text (row, CARE_ROW_STATUS), CARE_ROW_REFERENCE,
                       care_row_get_reference (row), CARE_ROW_GROUP,
                       care_row_get_text (row, CARE_ROW_GROUP), CARE_ROW_CODE,
                       care_row_get_text (row, CARE_ROW_CODE), 0);
}

static void
append_addenda (GListStore *moved, CareRow *note, GPtrArray *addenda)
{
  for (guint i = addenda ? addenda->len : 0; i > 0; i--)
    {
      g_autoptr (CareRow) below = addendum_row (addenda->pdata[i - 1], note);

      g_list_store_append (moved, below);
    }
}

/* (transfer full): reference of a note -> its addenda among @rows, the newest first */
static GHashTable *
find_addenda (GListModel *rows)
{
  GHashTable *addenda =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  guint n = g_list_model_get_n_items (rows);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      if (!care_row_get_text (row, CARE_ROW_CODE))
        g_hash_table_insert (addenda, (gpointer) care_row_get_reference (row),
                             g_ptr_array_new_with_free_func (g_object_unref));
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);
      const char *appended = care_row_get_text (row, CARE_ROW_CODE);
      GPtrArray *of_note = appended ? g_hash_table_lookup (addenda, appended) : NULL;

      if (of_note)
        g_ptr_array_add (of_note, g_object_ref (row));
    }
  return addenda;
}

/* @rows are newest first: the addenda of a note come after it, the oldest first. */
static GListStore *
move_addenda (GListModel *rows)
{
  GListStore *moved = g_list_store_new (CARE_TYPE_ROW);
  g_autoptr (GHashTable) addenda = find_addenda (rows);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);
      const char *appended = care_row_get_text (row, CARE_ROW_CODE);

      if (appended && g_hash_table_lookup (addenda, appended))
        continue;
      g_list_store_append (moved, row);
      append_addenda (moved, row, g_hash_table_lookup (addenda, care_row_get_reference (row)));
    }
  return moved;
}

/**
 * care_document_list:
 *
 * Returns: (transfer full) (nullable) (element-type CareRow): all documents of a patient, newest
 *   first, but for the addenda, which stand under their notes; what was entered in error is there,
 *   in a group of its own
 */
GListStore *
care_document_list (StoreConnection *connection,
                    const char *patient_id,
                    BaseClock *clock,
                    GError **error)
{
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GPtrArray) found =
          store_resource_list (connection, patient_id, shapes[i].type, error);

      if (!found)
        return NULL;
      for (guint n = 0; n < found->len; n++)
        add_rows (rows, connection, &shapes[i], found->pdata[n], g_date_time_get_timezone (now));
    }
  g_list_store_sort (rows, compare_newest, NULL);
  return move_addenda (G_LIST_MODEL (rows));
}

/* ---- one document ---- */

static GBytes *
decode (const char *data)
{
  gsize length = 0;
  guint8 *bytes = g_base64_decode (data, &length);

  return g_bytes_new_take (bytes, length);
}

/* http://hl7.org/fhir/R4/datatypes.html#attachment: "The hash of the data using SHA-1." */
static gboolean
is_damaged (const FhirElement *attachment, GBytes *bytes)
{
  const char *expected = fhir_element_path_text (attachment, "hash");
  g_autoptr (GChecksum) checksum = NULL;
  g_autofree char *actual = NULL;
  gsize length = 20;
  guint8 digest[20];

  if (!expected)
    return FALSE;
  checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_checksum_update (checksum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_checksum_get_digest (checksum, digest, &length);
  actual = g_base64_encode (digest, length);
  return !g_str_equal (expected, actual);
}

static void
read_bytes (StoreConnection *connection, CareDocument *self, const FhirElement *attachment)
{
  const char *data = fhir_element_path_text (attachment, "data");
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) binary = NULL;

  if (!data && self->url && fhir_reference_split (self->url, &type, &id) &&
      g_str_equal (type, "Binary"))
    binary = store_resource_get (connection, type, id, NULL);
  if (binary)
    {
      data = fhir_resource_path_text (binary, "data");
      if (!self->content_type)
        self->content_type = g_strdup (fhir_resource_path_text (binary, "contentType"));
    }
  if (!data)
    return;
  self->bytes = decode (data);
  self->damaged = is_damaged (attachment, self->bytes);
}

static void
add_section (GString *out, const FhirElement *section, guint depth)
{
  const char *title = fhir_element_path_text (section, "title");
  const char *div = fhir_element_path_text (section, "text.div");

  if (title)
    {
      g_autofree char *escaped = g_markup_escape_text (title, -1);
      g_string_append_printf (out, "<title>%s</title>", escaped);
    }
  g_string_append (out, div ? div : "");
  if (depth < 8)
    fhir_element_foreach (child, fhir_element_get (section, "section"))
      add_section (out, child, depth + 1);
}

static char *
narrative_of (FhirResource *composition)
{
  g_autoptr (GString) out = g_string_new ("<div>");
  const char *own = fhir_resource_path_text (composition, "text.div");

  fhir_element_foreach (section, fhir_resource_path (composition, "section"))
    add_section (out, section, 0);
  if (out->len == strlen ("<div>") && own)
    g_string_append (out, own);
  g_string_append (out, "</div>");
  return g_string_free_and_steal (g_steal_pointer (&out));
}

static char *
file_name_of (CareDocument *self)
{
  static const char *const endings[][2] = {
    { "application/pdf", ".pdf" }, { "image/png", ".png" },
    { "image/jpeg", ".jpg" },      { "image/tiff", ".tiff" },
    { "text/plain", ".txt" },      { "text/html", ".html" },
    { "application/rtf", ".rtf" }, { "text/xml", ".xml" },
    { "application/xml", ".xml" }, { "application/hl7-cda+xml", ".xml" },
  };
  char *name = g_strdelimit (g_strdup (self->title), "/\\:*?\"<>|\n\r\t", ' ');

  for (gsize i = 0; self->content_type && i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_prefix (self->content_type, endings[i][0]) &&
        !g_str_has_suffix (name, endings[i][1]))
      {
        g_autofree char *bare = name;

        return g_strconcat (bare, endings[i][1], NULL);
      }
  return name;
}

static char *
born_of (StoreConnection *connection, FhirResource *resource)
{
  g_autofree char *id = care_patient_of (resource);
  g_autoptr (FhirResource) patient =
      id ? store_resource_get (connection, "Patient", id, NULL) : NULL;

  return patient ? g_strdup (fhir_resource_path_text (patient, "birthDate")) : NULL;
}

/* An addendum is read with its note; one that belongs to none is read as it is. */
static char *
note_of (StoreConnection *connection, FhirResource *resource)
{
  g_autofree char *appended = care_note_dup_appended (resource);

  if (appended)
    return care_note_dup_owner (connection, resource);
  return care_note_is_signed (resource) ? fhir_resource_dup_reference (resource) : NULL;
}

/**
 * care_document_load:
 * @reference: of a row of care_document_list()
 *
 * Returns: (transfer full) (nullable): the document with its content where that is here
 */
CareDocument *
care_document_load (StoreConnection *connection,
                    const char *reference,
                    BaseClock *clock,
                    GError **error)
{
  g_auto (GStrv) parts = g_strsplit (reference, "#", 2);
  gsize position = parts[0] && parts[1] ? (gsize) g_ascii_strtoull (parts[1], NULL, 10) : 0;
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  const FhirElement *attachment;
  const Shape *shape;
  CareDocument *self;

  if (!fhir_reference_split (parts[0], &type, &id) || !(shape = shape_of (type)))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("This is no document."));
      return NULL;
    }
  resource = care_read (connection, type, id, error);
  if (!resource)
    return NULL;
  attachment =
      shape->attachments
          ? attachment_of (shape,
                           fhir_element_at (fhir_resource_path (resource, shape->attachments),
                                            position))
          : NULL;
  self =
      describe (connection, shape, resource, attachment, position, g_date_time_get_timezone (now));
  if (!self->withheld && attachment)
    read_bytes (connection, self, attachment);
  else if (!self->withheld && !shape->attachments)
    self->narrative = narrative_of (resource);
  self->file_name = file_name_of (self);
  self->born = born_of (connection, resource);
  self->note = note_of (connection, resource);
  self->can_keep = g_str_equal (type, "DocumentReference") && !self->note && !self->withheld &&
                   g_str_equal (group_of (resource), "Current");
  return self;
}

/* ---- off the main thread ---- */

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result = care_document_list (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_document_list_async (CareContext *context,
                          const char *patient_id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_read (care_command_new (context, list_work, patient_id, NULL),
                     care_context_get_store (context), care_document_list_async, cancellable,
                     callback, user_data);
}

GListModel *
care_document_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) care_document_free;
  command->result = care_document_load (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_document_load_async (CareContext *context,
                          const char *reference,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_read (care_command_new (context, load_work, reference, NULL),
                     care_context_get_store (context), care_document_load_async, cancellable,
                     callback, user_data);
}

CareDocument *
care_document_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
