/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-fleet-private.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * BaseFleet:
 *
 * Its own reader, and not GKeyFile, because every remark names its line, and because a file that
 * was written only in part must be known from one that is whole: it ends with the group "[end]".
 */

#define END "end"

static void
remark_free (gpointer data)
{
  BaseFleetRemark *remark = data;

  g_free (remark->text);
  g_free (remark);
}

GPtrArray *
base_fleet_remarks_new (void)
{
  return g_ptr_array_new_with_free_func (remark_free);
}

void
base_fleet_remark (GPtrArray *remarks, guint line, gboolean refused, const char *format, ...)
{
  BaseFleetRemark *remark = g_new0 (BaseFleetRemark, 1);
  va_list arguments;

  va_start (arguments, format);
  remark->text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  remark->line = line;
  remark->refused = refused;
  g_ptr_array_add (remarks, remark);
}

/* ---- reading ---- */

typedef struct
{
  BaseFleet *fleet;
  GPtrArray *remarks;
  GHashTable *groups; /* those that began, and where */
  char *group;        /* (nullable) */
  guint line;
  guint lines[BASE_FLEET_N_KEYS]; /* where each was set; 0: it was not */
  gboolean ended;
} Reader;

static gboolean
is_known_group (const char *group)
{
  for (guint i = 0; i < BASE_FLEET_N_KEYS; i++)
    if (g_str_equal (base_fleet_settings[i].group, group))
      return TRUE;
  return FALSE;
}

static void
read_group (Reader *reader, const char *text)
{
  gsize length = strlen (text);
  g_autofree char *name = g_strndup (text + 1, length > 2 ? length - 2 : 0);
  guint before;

  if (!g_str_has_suffix (text, "]") || !*name || strpbrk (name, "[]"))
    {
      base_fleet_remark (reader->remarks, reader->line, TRUE,
                         _ ("A group is written as [policy], alone in its line."));
      return;
    }
  before = GPOINTER_TO_UINT (g_hash_table_lookup (reader->groups, name));
  if (before > 0)
    base_fleet_remark (reader->remarks, reader->line, TRUE,
                       _ ("[%s] is there twice, first in line %u. Join them."), name, before);
  else if (g_str_equal (name, END))
    reader->ended = TRUE;
  else if (!is_known_group (name))
    base_fleet_remark (reader->remarks, reader->line, FALSE,
                       _ ("[%s] is not known here, and nothing below it changes anything."), name);
  g_hash_table_insert (reader->groups, g_strdup (name), GUINT_TO_POINTER (reader->line));
  g_set_str (&reader->group, name);
}

/* The index of the setting, or BASE_FLEET_N_KEYS. */
static guint
find_setting (const char *group, const char *name)
{
  guint i = 0;

  while (i < BASE_FLEET_N_KEYS && (!g_str_equal (base_fleet_settings[i].group, group) ||
                                   !g_str_equal (base_fleet_settings[i].name, name)))
    i++;
  return i;
}

static void
remark_unknown (Reader *reader, const char *name)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < BASE_FLEET_N_KEYS; i++)
    if (g_str_equal (base_fleet_settings[i].group, reader->group))
      g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "",
                              base_fleet_settings[i].name);
  if (known->len > 0)
    base_fleet_remark (reader->remarks, reader->line, FALSE,
                       _ ("“%s” is not known in [%s] and changes nothing. Known there are: %s."),
                       name, reader->group, known->str);
  else
    base_fleet_remark (reader->remarks, reader->line, FALSE,
                       _ ("“%s” is not known in [%s] and changes nothing."), name, reader->group);
}

static void
read_value (Reader *reader, const char *name, const char *value)
{
  guint key = find_setting (reader->group, name);
  g_autofree char *problem = NULL;

  if (key == BASE_FLEET_N_KEYS)
    {
      remark_unknown (reader, name);
      return;
    }
  if (reader->lines[key] > 0)
    {
      base_fleet_remark (reader->remarks, reader->line, TRUE,
                         _ ("“%s” is set twice, first in line %u. Leave one of them."), name,
                         reader->lines[key]);
      return;
    }
  reader->lines[key] = reader->line;
  problem = base_fleet_check_value (&base_fleet_settings[key], value);
  if (problem)
    base_fleet_remark (reader->remarks, reader->line, TRUE, "%s: %s", name, problem);
  g_set_str (&reader->fleet->values[key], value);
}

static void
read_line (Reader *reader, char *text)
{
  char *equals;

  g_strstrip (text);
  if (!*text || *text == '#')
    return;
  if (reader->ended)
    {
      base_fleet_remark (reader->remarks, reader->line, TRUE,
                         _ ("Something follows [end], which has to be the last line."));
      return;
    }
  if (*text == '[')
    {
      read_group (reader, text);
      return;
    }
  equals = strchr (text, '=');
  if (!equals || equals == text)
    {
      base_fleet_remark (reader->remarks, reader->line, TRUE,
                         _ ("This is neither a [group], nor a name and its value, as "
                            "lock-minutes=10, nor a comment, which begins with #."));
      return;
    }
  *equals = '\0';
  if (reader->group)
    read_value (reader, g_strchomp (text), g_strchug (equals + 1));
  else
    base_fleet_remark (reader->remarks, reader->line, TRUE,
                       _ ("“%s” stands before the first [group]."), g_strchomp (text));
}

static guint
count_lines (const char *text, const char *end)
{
  guint line = 1;

  for (const char *at = text; at < end; at++)
    line += *at == '\n' ? 1 : 0;
  return line;
}

/* Whether it is text at all; what is not is not looked at any further. */
static gboolean
check_bytes (const char *text, gsize length, GPtrArray *remarks)
{
  const char *end = NULL;

  if (length > BASE_FLEET_MOST_BYTES)
    {
      base_fleet_remark (remarks, 0, TRUE,
                         _ ("The file is larger than %d bytes, so it is not one of Bedside’s."),
                         BASE_FLEET_MOST_BYTES);
      return FALSE;
    }
  if (g_utf8_validate_len (text, length, &end))
    return TRUE;
  base_fleet_remark (remarks, count_lines (text, end), TRUE,
                     _ ("This line is not text in UTF-8. Save the file in that encoding."));
  return FALSE;
}

static void
check_whole (Reader *reader)
{
  if (!reader->ended)
    base_fleet_remark (reader->remarks, reader->line, TRUE,
                       _ ("The file ends before the line [end]: it was written only in part."));
  if (reader->lines[BASE_FLEET_ADMINISTRATOR_NAME] == 0)
    base_fleet_remark (
        reader->remarks, 0, TRUE,
        _ ("Under [administrator], name= is missing: Bedside says by it who set what "
           "cannot be changed."));
}

static gboolean
is_refused (GPtrArray *remarks)
{
  for (guint i = 0; i < remarks->len; i++)
    if (((BaseFleetRemark *) remarks->pdata[i])->refused)
      return TRUE;
  return FALSE;
}

static void
read_lines (Reader *reader, const char *text, gsize length)
{
  g_autofree char *whole = g_strndup (text, length);
  /* what some editors put before the first letter */
  g_auto (GStrv) lines =
      g_strsplit (g_str_has_prefix (whole, "\357\273\277") ? whole + 3 : whole, "\n", -1);
  guint n_lines = g_strv_length (lines);

  for (guint i = 0; i < n_lines; i++)
    {
      /* behind the last line end there is no line */
      if (i + 1 == n_lines && i > 0 && !*lines[i])
        break;
      reader->line = i + 1;
      read_line (reader, lines[i]);
    }
}

/**
 * base_fleet_parse:
 * @text: @length bytes; anything
 * @remarks: BaseFleetRemark are added, in the order of their lines; those of the whole come last
 *
 * Returns: (transfer full) (nullable): NULL where one of the remarks refuses the file
 */
BaseFleet *
base_fleet_parse (const char *text, gsize length, GPtrArray *remarks)
{
  g_autoptr (BaseFleet) fleet = g_rc_box_new0 (BaseFleet);
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reader reader = { .fleet = fleet, .remarks = remarks, .groups = groups };
  g_autofree char *problem = NULL;

  if (!check_bytes (text, length, remarks))
    return NULL;
  read_lines (&reader, text, length);
  g_free (reader.group);
  check_whole (&reader);
  if (is_refused (remarks))
    return NULL;
  if (fleet->values[BASE_FLEET_NETWORKS])
    fleet->networks = base_fleet_read_networks (fleet->values[BASE_FLEET_NETWORKS], &problem);
  return g_steal_pointer (&fleet);
}

/* ---- what it says ---- */

static void
clear (gpointer data)
{
  BaseFleet *self = data;

  for (guint i = 0; i < BASE_FLEET_N_KEYS; i++)
    g_free (self->values[i]);
  g_clear_pointer (&self->networks, g_ptr_array_unref);
}

BaseFleet *
base_fleet_ref (BaseFleet *self)
{
  return g_rc_box_acquire (self);
}

void
base_fleet_unref (BaseFleet *self)
{
  g_rc_box_release_full (self, clear);
}

/* @self: (nullable): no file, nothing is set */
gboolean
base_fleet_has (BaseFleet *self, BaseFleetKey key)
{
  return self && self->values[key];
}

/* (nullable): as it stands in the file; NULL: the file does not set it. @self: (nullable) */
const char *
base_fleet_get_text (BaseFleet *self, BaseFleetKey key)
{
  return self ? self->values[key] : NULL;
}

/* 0: the file does not set it. @self: (nullable) */
guint
base_fleet_get_number (BaseFleet *self, BaseFleetKey key)
{
  return base_fleet_has (self, key) ? (guint) g_ascii_strtoull (self->values[key], NULL, 10) : 0;
}

/* Whether a computer of @address stands in one of the networks. Without networks all do. */
gboolean
base_fleet_allows (BaseFleet *self, GInetAddress *address)
{
  if (!self || !self->networks)
    return TRUE;
  for (guint i = 0; i < self->networks->len; i++)
    if (g_inet_address_mask_matches (self->networks->pdata[i], address))
      return TRUE;
  return FALSE;
}

/* As it is written in the file. */
const char *
base_fleet_key_name (BaseFleetKey key)
{
  return base_fleet_settings[key].name;
}
