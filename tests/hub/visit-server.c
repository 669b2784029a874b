/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include <stdio.h>
#include <string.h>

#include "hub-patient-information.h"

/* The clinic of visit-clinic.c as a program of its own, for tests that need a real browser. Prints
 * the join link and the doctor's token; then each line of standard input is a resource to store, or
 * "Type?query", which is answered with the ids that it finds, or "Type/id", with that resource.
 * Ends with its standard input. */

static void
answer (VisitClinic *clinic, const char *line)
{
  const char *query = strchr (line, '?');
  const char *slash = strchr (line, '/');
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *type = NULL;

  if (*line == '{')
    visit_clinic_put (clinic, line);
  else if (query != NULL)
    {
      g_autoptr (GPtrArray) ids = NULL;

      type = g_strndup (line, (gsize) (query - line));
      ids = visit_clinic_find (clinic, type, query + 1);
      for (guint i = 0; i < ids->len; i++)
        g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (char *) ids->pdata[i]);
    }
  else if (slash != NULL)
    {
      g_autoptr (FhirResource) resource = NULL;

      type = g_strndup (line, (gsize) (slash - line));
      resource = visit_clinic_get (clinic, type, slash + 1);
      g_string_append (text, fhir_resource_get_text (resource, NULL));
    }
  printf ("%s\n", text->str);
  fflush (stdout);
}

typedef struct
{
  VisitClinic *clinic;
  GMainLoop *loop;
} Program;

static gboolean
line_cb (GIOChannel *channel, GIOCondition condition, gpointer data)
{
  Program *program = data;
  g_autofree char *line = NULL;
  gsize end;

  if (g_io_channel_read_line (channel, &line, NULL, &end, NULL) != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (program->loop);
      return G_SOURCE_REMOVE;
    }
  line[end] = '\0';
  answer (program->clinic, line);
  return G_SOURCE_CONTINUE;
}

int
main (void)
{
  Program program = { .clinic = visit_clinic_new (), .loop = g_main_loop_new (NULL, FALSE) };
  g_autoptr (GIOChannel) channel = g_io_channel_unix_new (0);
  g_autofree char *path = store_content_dup_default_path ();
  g_autoptr (StoreContent) content = store_content_new (path, program.clinic->clock);

  hub_patient_set_content (program.clinic->server, content);
  printf ("%s\n%s\n", program.clinic->url, program.clinic->doctor);
  fflush (stdout);
  g_io_add_watch (channel, G_IO_IN | G_IO_HUP, line_cb, &program);
  g_main_loop_run (program.loop);
  g_main_loop_unref (program.loop);
  visit_clinic_free (program.clinic);
  return 0;
}
