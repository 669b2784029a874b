/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "care-received.h"
#include "documents-received.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "fhir-text.h"

/* A FHIR bundle as something to read: the sections of its document, as they were written, and then
 * its entries, as Bedside reads entries of a record. */

#define SECTIONS_MAX 200
#define LEVELS_MAX   4

static void
block_free (gpointer data)
{
  DocumentsBlock *self = data;

  g_free (self->lead);
  g_free (self->text);
  g_free (self);
}

static void
add_block (DocumentsNarrative *self, DocumentsBlockKind kind, const char *lead, const char *text)
{
  DocumentsBlock *block = g_new0 (DocumentsBlock, 1);

  block->kind = kind;
  block->lead = g_strdup (lead);
  block->text = g_strdup (text);
  g_ptr_array_add (self->blocks, block);
}

/* ---- the document's own words ---- */

static void
add_words (DocumentsNarrative *self, const char *div)
{
  g_autoptr (GBytes) xml = div ? g_bytes_new (div, strlen (div)) : NULL;
  g_autoptr (DocumentsNarrative) words = xml ? documents_narrative_parse (xml, NULL) : NULL;
  g_autofree gpointer *blocks = NULL;
  gsize n = 0;

  if (div && !words)
    add_block (self, DOCUMENTS_BLOCK_PARAGRAPH, NULL,
               _ ("The words of this section are damaged and cannot be shown."));
  blocks = words ? g_ptr_array_steal (words->blocks, &n) : NULL;
  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (self->blocks, blocks[i]);
}

static void
add_sections (DocumentsNarrative *self, const FhirElement *sections, guint level)
{
  guint n = 0;

  fhir_element_foreach (section, sections)
    {
      g_autofree char *title = fhir_text_tidy (fhir_element_path_text (section, "title"));
      g_autofree char *code = fhir_concept_dup_text (fhir_element_get (section, "code"));

      if (++n > SECTIONS_MAX)
        return;
      add_block (self, DOCUMENTS_BLOCK_TITLE, NULL,
                 title  ? title
                 : code ? code
                        : _ ("Section without a title"));
      add_words (self, fhir_element_path_text (section, "text.div"));
      if (level < LEVELS_MAX)
        add_sections (self, fhir_element_get (section, "section"), level + 1);
    }
}

/* ---- its entries ---- */

static char *
dup_line (const CareTimelineEvent *event)
{
  const char *const parts[] = { event->value,  event->flag,     event->subtitle,
                                event->detail, event->severity, event->date };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) said = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i])
      g_strv_builder_add (builder, parts[i]);
  said = g_strv_builder_end (builder);
  return g_strjoinv (" · ", said);
}

static guint
count_kind (CareTimeline *timeline, CareTimelineKind kind)
{
  guint n = 0;

  for (guint i = 0; i < care_timeline_get_n_events (timeline); i++)
    n += care_timeline_get_event (timeline, i)->kind == kind;
  return n;
}

static void
add_kind (DocumentsNarrative *self, CareTimeline *timeline, CareTimelineKind kind)
{
  guint n = count_kind (timeline, kind);
  g_autofree char *title = NULL;

  if (n == 0)
    return;
  /* Translators: a kind of entries and how many there are, as "Allergies (2)" */
  title = g_strdup_printf (_ ("%s (%u)"), care_timeline_kind_get_title (kind), n);
  add_block (self, DOCUMENTS_BLOCK_TITLE, NULL, title);
  for (guint i = 0; i < care_timeline_get_n_events (timeline); i++)
    {
      const CareTimelineEvent *event = care_timeline_get_event (timeline, i);
      g_autofree char *line = event->kind == kind ? dup_line (event) : NULL;

      if (event->kind == kind)
        add_block (self, DOCUMENTS_BLOCK_ROW, event->title, line);
    }
}

static void
add_entries (DocumentsNarrative *self, CareReceived *received)
{
  if (received->composition && received->n_events > 0)
    add_block (self, DOCUMENTS_BLOCK_TITLE, NULL, _ ("The Entries, as Bedside Reads Them"));
  for (int kind = 0; received->timeline && kind < CARE_N_TIMELINE_KINDS; kind++)
    add_kind (self, received->timeline, (CareTimelineKind) kind);
}

/* ---- what to know ---- */

/* @sentence: (transfer full) */
static void
take_notice (DocumentsReceived *self, guint n, char *sentence)
{
  g_autofree char *text = sentence;

  if (n > 0)
    documents_received_add_notice (self, text);
}

static void
add_notices (DocumentsReceived *self, CareReceived *received)
{
  guint n = received->n_subjects;

  take_notice (self, n > 1 ? n : 0,
               g_strdup_printf (ngettext ("It holds records of %u patient.",
                                          "It holds records of %u patients, which are not read "
                                          "here. Ask for a file of one patient.",
                                          n),
                                n));
  n = received->n_nested;
  take_notice (self, n,
               g_strdup_printf (ngettext ("It holds %u other bundle, which is not opened.",
                                          "It holds %u other bundles, which are not opened.", n),
                                n));
  n = received->n_unread;
  take_notice (self, n,
               g_strdup_printf (ngettext ("%u entry in it cannot be read.",
                                          "%u entries in it cannot be read.", n),
                                n));
  n = received->n_passed_over;
  take_notice (self, n,
               g_strdup_printf (ngettext ("There are too many: %u entry more is not shown.",
                                          "There are too many: %u entries more are not shown.", n),
                                n));
  n = received->timeline ? care_timeline_get_n_errors (received->timeline) : 0;
  take_notice (self, n,
               g_strdup_printf (
                   ngettext ("%u entry was entered in error or refuted, and is left out.",
                             "%u entries were entered in error or refuted, and are left out.", n),
                   n));
}

/* ---- the head ---- */

static char *
dup_author (CareReceived *received)
{
  const FhirElement *author =
      received->composition ? fhir_resource_path (received->composition, "author.0") : NULL;
  g_autofree char *id = NULL, *type = NULL;
  const char *reference = fhir_element_path_text (author, "reference");
  const char *display = fhir_element_path_text (author, "display");

  if (display)
    return fhir_text_tidy (display);
  if (!reference || !fhir_reference_split (reference, &type, &id))
    return NULL;
  return care_received_dup_name (received, type, id);
}

static void
take_head (DocumentsReceived *self, CareReceived *received, FhirResource *whole)
{
  FhirResource *composition = received->composition;
  g_autofree char *kind =
      composition ? fhir_concept_dup_text (fhir_resource_path (composition, "type")) : NULL;
  const char *date = composition ? fhir_resource_path_text (composition, "date") : NULL;

  self->title =
      composition ? fhir_text_tidy (fhir_resource_path_text (composition, "title")) : NULL;
  if (!self->title)
    self->title = g_steal_pointer (&kind);
  self->author = dup_author (received);
  self->date = g_strdup (date ? date : fhir_resource_path_text (whole, "timestamp"));
  self->subject = received->subject ? fhir_resource_ref (received->subject) : NULL;
  self->n_subjects = received->n_subjects;
}

static void
set_error (GError **error, const GError *problem)
{
  if (g_error_matches (problem, FHIR_ERROR, FHIR_ERROR_LIMIT))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("It is too large or nested too deep for a record. It was not opened."));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("It is damaged, or no FHIR record of release 4. Ask whoever sent it to "
                            "send it again."));
}

/* For the same folder. */
gboolean
documents_received_read_fhir (DocumentsReceived *self, BaseClock *clock, GError **error)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (self->bytes, &length);
  gboolean marked = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0;
  g_autoptr (GError) problem = NULL;
  g_autoptr (FhirResource) whole =
      fhir_resource_parse (text + (marked ? 3 : 0), (gssize) (length - (marked ? 3 : 0)), &problem);
  g_autoptr (CareReceived) received = whole ? care_received_read (whole, clock, &problem) : NULL;

  if (!received)
    {
      set_error (error, problem);
      return FALSE;
    }
  self->what =
      g_strdup (received->composition ? _ ("Document of FHIR records") : _ ("FHIR records"));
  self->content_type = "application/fhir+json";
  self->narrative = g_new0 (DocumentsNarrative, 1);
  self->narrative->blocks = g_ptr_array_new_with_free_func (block_free);
  if (received->composition)
    add_sections (self->narrative, fhir_resource_path (received->composition, "section"), 1);
  take_head (self, received, whole);
  add_notices (self, received);
  add_entries (self->narrative, received);
  if (self->narrative->blocks->len == 0)
    add_block (self->narrative, DOCUMENTS_BLOCK_PARAGRAPH, NULL,
               _ ("There is nothing to read in it."));
  return TRUE;
}
