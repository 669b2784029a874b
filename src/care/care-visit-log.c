/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-log.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-extension.h"
#include "care-visit-private.h"

/* What was shown and sent in a visit, in its Encounter, so that the course of the visit says it and
 * every workstation reads it: an extension for each, with what, when and the title. */

#define EXTENSION "visit-event"
#define MOST      200 /* of one visit */

static const char *const codes[] = {
  [CARE_VISIT_LOG_SHOWN] = "shown",         [CARE_VISIT_LOG_HIDDEN] = "hidden",
  [CARE_VISIT_LOG_FILE_SENT] = "file-sent", [CARE_VISIT_LOG_FILE_KEPT] = "file-kept",
  [CARE_VISIT_LOG_LOST] = "lost",           [CARE_VISIT_LOG_SILENCE] = "silence",
};

static void
add_part (FhirBuilder *builder,
          gsize place,
          guint number,
          const char *url,
          const char *type,
          const char *value)
{
  g_autofree char *url_path =
      g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".extension.%u.url", place, number);
  g_autofree char *value_path =
      g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".extension.%u.%s", place, number, type);

  fhir_builder_set_many (builder, url_path, url, value_path, value, NULL);
}

/*
 * care_visit_log_add:
 * @title: (nullable)
 *
 * Adds an event to a change of the visit that is written with it. A visit with very many of them
 * takes no more.
 *
 * Returns: whether it was added
 */
gboolean
care_visit_log_add (CareVisitChange *change, CareVisitLogKind kind, const char *title)
{
  gsize place = fhir_builder_get_length (change->builder, "extension");
  g_autofree char *path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".url", place);

  if (place >= MOST)
    return FALSE;
  fhir_builder_set (change->builder, path, CARE_EXTENSION_BASE EXTENSION);
  add_part (change->builder, place, 0, "kind", "valueCode", codes[kind]);
  add_part (change->builder, place, 1, "at", "valueInstant", change->now);
  if (title != NULL)
    add_part (change->builder, place, 2, "title", "valueString", title);
  return TRUE;
}

/**
 * care_visit_log:
 * @title: (nullable): of what was shown or sent
 *
 * Writes it into the visit and into the audit.
 */
gboolean
care_visit_log (StoreConnection *connection,
                CareContext *context,
                const char *encounter_id,
                CareVisitLogKind kind,
                const char *title,
                GError **error)
{
  g_auto (CareVisitChange) change = { 0 };

  if (!care_visit_change_begin (&change, connection, context, encounter_id, error))
    return FALSE;
  if (!care_visit_log_add (&change, kind, title))
    return care_write_audit (&change.write, codes[kind], change.reference, title, error);
  return care_visit_change_write (&change, codes[kind], title, error);
}

static const char *
part_of (const FhirElement *extension, const char *url, const char *type)
{
  fhir_element_foreach (part, fhir_element_get (extension, "extension"))
    if (g_strcmp0 (fhir_element_path_text (part, "url"), url) == 0)
      return fhir_element_path_text (part, type);
  return NULL;
}

/**
 * care_visit_log_has:
 *
 * Returns: whether an event of that kind is in the visit
 */
gboolean
care_visit_log_has (FhirResource *encounter, CareVisitLogKind kind)
{
  fhir_element_foreach (extension, fhir_resource_path (encounter, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), CARE_EXTENSION_BASE EXTENSION) == 0 &&
        g_strcmp0 (part_of (extension, "kind", "valueCode"), codes[kind]) == 0)
      return TRUE;
  return FALSE;
}

static char *
dup_silence (const char *title)
{
  guint64 seconds;

  if (title == NULL || !g_ascii_string_to_unsigned (title, 10, 1, 86400, &seconds, NULL))
    return NULL;
  return g_strdup_printf (ngettext ("Nothing had got through for %u second.",
                                    "Nothing had got through for %u seconds.", seconds),
                          (guint) seconds);
}

/**
 * care_visit_log_dup_words:
 * @extension: of an Encounter
 * @at: (out): an instant
 *
 * Returns: (transfer full) (nullable): what it says for the course of the visit; NULL where it is
 *   another extension, or one that says nothing known
 */
char *
care_visit_log_dup_words (const FhirElement *extension, const char **at)
{
  const char *title = part_of (extension, "title", "valueString");
  const char *kind = part_of (extension, "kind", "valueCode");

  *at = part_of (extension, "at", "valueInstant");
  if (g_strcmp0 (fhir_element_path_text (extension, "url"), CARE_EXTENSION_BASE EXTENSION) != 0)
    return NULL;
  if (g_strcmp0 (kind, codes[CARE_VISIT_LOG_LOST]) == 0)
    return g_strdup (_ ("The call was lost."));
  if (g_strcmp0 (kind, codes[CARE_VISIT_LOG_SILENCE]) == 0)
    return dup_silence (title);
  if (title == NULL)
    return NULL;
  if (g_strcmp0 (kind, codes[CARE_VISIT_LOG_SHOWN]) == 0)
    /* Translators: %s is the title of something of the chart */
    return g_strdup_printf (_ ("The patient was shown: %s."), title);
  if (g_strcmp0 (kind, codes[CARE_VISIT_LOG_HIDDEN]) == 0)
    return g_strdup_printf (_ ("No longer shown: %s."), title);
  if (g_strcmp0 (kind, codes[CARE_VISIT_LOG_FILE_SENT]) == 0)
    /* Translators: %s is the name of a file */
    return g_strdup_printf (_ ("The patient received a file: %s."), title);
  if (g_strcmp0 (kind, codes[CARE_VISIT_LOG_FILE_KEPT]) == 0)
    return g_strdup_printf (_ ("A file that the patient sent was added to the chart: %s."), title);
  return NULL;
}

/* ---- off the main thread ---- */

static gboolean
log_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_log (connection, command->context, command->texts[0],
                         (CareVisitLogKind) command->number, command->texts[1], error);
}

/* Finish with care_visit_command_finish (). */
void
care_visit_log_async (CareContext *context,
                      const char *encounter_id,
                      CareVisitLogKind kind,
                      const char *title,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  CareCommand *command = care_command_new (context, log_work, encounter_id, title, NULL);

  command->number = kind;
  care_command_write (command, care_visit_log_async, NULL, callback, user_data);
}
