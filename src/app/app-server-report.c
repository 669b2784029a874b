/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-server-report.h"

#include <glib/gi18n.h>

#include "sync-capability.h"

/* What works with a server and what does not, in the order in which a person asks: may I sign in,
 * what can I read, what can I write, are there visits; then what Bedside does in another way. */

static const struct
{
  const char *type, *word;
} records[] = {
  { "Patient", N_ ("patients") },
  { "AllergyIntolerance", N_ ("allergies") },
  { "Condition", N_ ("problems") },
  { "MedicationRequest", N_ ("prescriptions") },
  { "Observation", N_ ("results and measurements") },
  { "DocumentReference", N_ ("documents") },
  { "Appointment", N_ ("bookings") },
  { "Encounter", N_ ("visits to the clinic") },
  { "Task", N_ ("tasks") },
};

typedef enum
{
  ACCESS_NONE,
  ACCESS_READ,
  ACCESS_WRITE,
} Access;

static void
line_free (gpointer data)
{
  AppServerLine *line = data;

  g_free (line->sentence);
  g_free (line->detail);
  g_free (line);
}

static void
add (GPtrArray *lines, AppServerLineKind kind, const char *sentence, const char *detail)
{
  AppServerLine *line = g_new0 (AppServerLine, 1);

  line->kind = kind;
  line->sentence = g_strdup (sentence);
  line->detail = g_strdup (detail);
  g_ptr_array_add (lines, line);
}

static gboolean
does (const FhirElement *resource, const char *code)
{
  const FhirElement *interactions = fhir_element_get (resource, "interaction");

  fhir_element_foreach (interaction, interactions)
    if (g_strcmp0 (fhir_element_path_text (interaction, "code"), code) == 0)
      return TRUE;
  return fhir_element_get_length (interactions) == 0; /* it lists nothing, so it says nothing */
}

/* What a server does not name it does not have; one that names no type at all does not say. */
static Access
read_access (FhirResource *statement, const char *type)
{
  const FhirElement *resources = fhir_resource_path (statement, "rest.0.resource");

  if (fhir_element_get_length (resources) == 0)
    return ACCESS_WRITE;
  fhir_element_foreach (resource, resources)
    if (g_strcmp0 (fhir_element_path_text (resource, "type"), type) == 0)
      {
        if (!does (resource, "search-type") && !does (resource, "read"))
          return ACCESS_NONE;
        return does (resource, "create") && does (resource, "update") ? ACCESS_WRITE : ACCESS_READ;
      }
  return ACCESS_NONE;
}

/* (transfer full) (nullable): the records with that access, by their words */
static char *
dup_list (FhirResource *statement, Access access)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    if (read_access (statement, records[i].type) == access)
      g_strv_builder_add (words, _ (records[i].word));
  all = g_strv_builder_end (words);
  /* TRANSLATORS: stands between the words of a list */
  return *all ? g_strjoinv (_ (", "), all) : NULL;
}

static void
add_records (GPtrArray *lines, FhirResource *statement)
{
  g_autofree char *written = dup_list (statement, ACCESS_WRITE);
  g_autofree char *read = dup_list (statement, ACCESS_READ);
  g_autofree char *missing = dup_list (statement, ACCESS_NONE);

  if (written)
    add (lines, APP_SERVER_LINE_GOOD, _ ("These can be read and written."), written);
  if (read)
    add (lines, APP_SERVER_LINE_NOTE, _ ("These can only be read."), read);
  if (missing)
    add (lines, APP_SERVER_LINE_MISSING, _ ("The server does not have these."), missing);
}

static void
add_program (GPtrArray *lines, const NetProbe *probe)
{
  const char *name = fhir_resource_path_text (probe->statement, "software.name");
  const char *version = fhir_resource_path_text (probe->statement, "software.version");
  g_autofree char *both =
      name && version ? g_strdup_printf ("%s %s", name, version) : g_strdup (name);

  add (lines, APP_SERVER_LINE_GOOD, _ ("This is a FHIR R4 server."), both);
}

static void
add_sign_in (GPtrArray *lines, const NetProbe *probe)
{
  if (probe->signs_in)
    add (lines, APP_SERVER_LINE_GOOD, _ ("You sign in with your browser."), NULL);
  else
    add (lines, APP_SERVER_LINE_MISSING, _ ("Nobody can sign in there with Bedside."),
         probe->sign_in_problem);
}

static void
add_visits (GPtrArray *lines, const NetProbe *probe)
{
  if (probe->is_hub)
    add (lines, APP_SERVER_LINE_GOOD, _ ("Video visits work."), NULL);
  else
    add (lines, APP_SERVER_LINE_MISSING, _ ("Video visits do not work with this server alone."),
         _ ("Its administrator can put bedside-hub in front of it; then connect to that."));
}

static void
add_notes (GPtrArray *lines, FhirResource *statement)
{
  g_autoptr (SyncCapability) capability = sync_capability_new ();
  g_auto (GStrv) notes = NULL;

  sync_capability_set_statement (capability, statement);
  notes = sync_capability_dup_notes (capability);
  for (char **note = notes; *note; note++)
    add (lines, APP_SERVER_LINE_NOTE, *note, NULL);
}

/**
 * app_server_report_new:
 * @probe: of a server that is ready
 *
 * Returns: (transfer full) (element-type AppServerLine): what works, and what does not
 */
GPtrArray *
app_server_report_new (const NetProbe *probe)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);

  add_program (lines, probe);
  add_sign_in (lines, probe);
  add_records (lines, probe->statement);
  add_visits (lines, probe);
  add_notes (lines, probe->statement);
  return lines;
}
