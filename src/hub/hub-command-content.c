/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "hub-admin.h"
#include "hub-command.h"
#include "store-content-make.h"

/* content import and content show: a site's own tables as a content file, and what is in one. Both
 * need no hub and no folder of records. */

static void
print_line (const StoreContentSummary *table)
{
  g_autofree char *ends =
      table->expires ? g_strdup_printf (", good until %s", table->expires) : g_strdup ("");
  g_autofree char *version =
      table->version ? g_strdup_printf (", version %s", table->version) : g_strdup ("");

  printf ("%-20s %8u rows, %u unverified, %u reviewed, of %s%s%s: %s%s\n", table->name, table->rows,
          table->unverified, table->reviewed, table->date ? table->date : "no date", version, ends,
          table->label ? table->label : "no label",
          table->known ? "" : " (no check reads this table)");
}

static void
add_table (JsonBuilder *builder, const StoreContentSummary *table)
{
  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "table", table->name);
  hub_admin_add_text (builder, "label", table->label ? table->label : "");
  hub_admin_add_text (builder, "date", table->date ? table->date : "");
  if (table->version)
    hub_admin_add_text (builder, "version", table->version);
  if (table->expires)
    hub_admin_add_text (builder, "expires", table->expires);
  hub_admin_add_number (builder, "rows", table->rows);
  hub_admin_add_number (builder, "unverified", table->unverified);
  hub_admin_add_number (builder, "reviewed", table->reviewed);
  json_builder_set_member_name (builder, "known");
  json_builder_add_boolean_value (builder, table->known);
  json_builder_end_object (builder);
}

static void
print_tables (const HubOptions *options, GPtrArray *tables)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  if (!options->json)
    {
      for (guint i = 0; i < tables->len; i++)
        print_line (tables->pdata[i]);
      return;
    }
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tables->len; i++)
    add_table (builder, tables->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  printf ("%s\n", text);
}

int
hub_command_content (const HubOptions *options)
{
  guint words = options->words ? g_strv_length (options->words) : 0;
  const char *action = words > 0 ? options->words[0] : "";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = NULL;

  if (g_str_equal (action, "import") && words == 3)
    tables = store_content_make (options->words[1], options->words[2], &error);
  else if (g_str_equal (action, "show") && words == 2)
    tables = store_content_summarize (options->words[1], &error);
  else
    return hub_command_fail ("Say content import FOLDER FILE, or content show FILE");
  if (tables == NULL)
    {
      g_autofree char *sentence =
          g_strdup_printf ("%s%s", error->message, words == 3 ? "\nNothing was written." : "");

      return hub_command_fail (sentence);
    }
  print_tables (options, tables);
  return 0;
}
