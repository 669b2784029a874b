/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-import-private.h"

#include <string.h>

/* Cuts a file into resources without parsing it: a bundle of any type, one resource, or NDJSON. */

static void
visit_fault (HubImportVisit visit, gpointer data, const char *file, guint number, const char *fault)
{
  HubImportEntry entry = { file, number, { NULL, NULL }, NULL, fault };

  visit (&entry, data);
}

static void
visit_entry (const char *file, guint number, HubSpan value, HubImportVisit visit, gpointer data)
{
  HubImportEntry entry = { file, number, { NULL, NULL }, NULL, NULL };
  HubSpan name, member;

  if (!hub_span_open (&value, '{'))
    entry.fault = NOT_FHIR ": the entry is no object";
  else
    while (hub_span_next_member (&value, &name, &member))
      {
        if (hub_span_is_string (&name, "resource"))
          entry.resource = member;
        else if (hub_span_is_string (&name, "fullUrl") && entry.full_url == NULL)
          entry.full_url = hub_span_dup_string (&member);
      }
  if (entry.fault == NULL && entry.resource.at == NULL)
    entry.fault = "the entry has no resource";
  visit (&entry, data);
  g_free (entry.full_url);
}

static void
visit_list (const char *file, guint *number, HubSpan list, HubImportVisit visit, gpointer data)
{
  HubSpan item;

  if (!hub_span_open (&list, '['))
    {
      visit_fault (visit, data, file, ++*number, "Bundle.entry is no list");
      return;
    }
  while (hub_span_next_item (&list, &item))
    visit_entry (file, ++*number, item, visit, data);
  if (list.at >= list.end || *list.at != ']')
    visit_fault (visit, data, file, ++*number, "the file breaks off or is no JSON from here on");
}

static gboolean
is_bundle (HubSpan object)
{
  HubSpan name, value;

  if (!hub_span_open (&object, '{'))
    return FALSE;
  while (hub_span_next_member (&object, &name, &value))
    if (hub_span_is_string (&name, "resourceType"))
      return hub_span_is_string (&value, "Bundle");
  return FALSE;
}

static void
visit_bundle (const char *file, HubSpan object, HubImportVisit visit, gpointer data)
{
  HubSpan name, value;
  guint number = 0;

  hub_span_open (&object, '{');
  while (hub_span_next_member (&object, &name, &value))
    if (hub_span_is_string (&name, "entry"))
      visit_list (file, &number, value, visit, data);
}

static void
visit_resource (
    const char *file, guint number, HubSpan resource, HubImportVisit visit, gpointer data)
{
  HubImportEntry entry = { file, number, resource, NULL, NULL };

  visit (&entry, data);
}

static void
visit_lines (const char *file, HubSpan rest, HubImportVisit visit, gpointer data)
{
  for (guint number = 1; rest.at < rest.end; number++)
    {
      const char *newline = memchr (rest.at, '\n', (gsize) (rest.end - rest.at));
      HubSpan line = { rest.at, newline != NULL ? newline : rest.end };

      rest.at = newline != NULL ? newline + 1 : rest.end;
      if (!hub_span_is_blank (&line))
        visit_resource (file, number, line, visit, data);
    }
}

/* A bundle that breaks off: what came before the break is read. */
static void
visit_broken (const char *file, HubSpan text, HubImportVisit visit, gpointer data)
{
  HubSpan object = text, name = { NULL, NULL }, value;
  guint number = 0;

  if (!hub_span_open (&object, '{'))
    {
      visit_fault (visit, data, file, 1, NOT_FHIR ": the file holds no JSON object");
      return;
    }
  while (hub_span_next_member (&object, &name, &value))
    ;
  if (hub_span_is_string (&name, "entry") && object.at < object.end)
    visit_list (file, &number, object, visit, data);
  else
    visit_fault (visit, data, file, 1, "the file breaks off or is no JSON");
}

static void
walk_text (const char *file, HubSpan text, HubImportVisit visit, gpointer data)
{
  const char *newline = memchr (text.at, '\n', (gsize) (text.end - text.at));
  HubSpan rest = text, line = { text.at, newline != NULL ? newline : text.end }, value;

  if (hub_span_is_blank (&text))
    visit_fault (visit, data, file, 1, NOT_FHIR ": the file is empty");
  else if (hub_span_read (&rest, &value) && hub_span_is_blank (&rest))
    {
      if (is_bundle (value))
        visit_bundle (file, value, visit, data);
      else
        visit_resource (file, 1, value, visit, data);
    }
  else if (hub_span_read (&line, &value) && hub_span_is_blank (&line))
    visit_lines (file, text, visit, data);
  else if (g_str_has_suffix (file, ".ndjson"))
    visit_lines (file, text, visit, data);
  else
    visit_broken (file, text, visit, data);
}

/**
 * hub_import_walk:
 * @visit: called for every entry or line in its order, and where something cannot be read
 */
void
hub_import_walk (const char *file, HubImportVisit visit, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (file, FALSE, &error);
  HubSpan text;

  if (mapped == NULL)
    {
      visit_fault (visit, data, file, 1, "the file cannot be read");
      return;
    }
  text.at = g_mapped_file_get_contents (mapped);
  text.end = text.at + g_mapped_file_get_length (mapped);
  if (text.at == NULL)
    text.at = text.end = "";
  if (text.end - text.at >= 3 && memcmp (text.at, "\xef\xbb\xbf", 3) == 0)
    text.at += 3;
  walk_text (file, text, visit, data);
}
