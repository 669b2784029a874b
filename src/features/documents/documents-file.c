/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-file.h"

#include <glib/gi18n.h>

#include "care-document.h"

/* Whoever gives a file to a program may give it anything: a folder, a device, a link that leads
 * round in a circle, or a file that grows while it is read. */

#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_TYPE                                                                   \
  "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME
#define PART 65536

/* (transfer full) */
static char *
dup_name (GFile *file, GFileInfo *info)
{
  g_autofree char *base = g_file_get_basename (file);

  if (info && g_file_info_get_display_name (info))
    return g_strdup (g_file_info_get_display_name (info));
  return base ? g_utf8_make_valid (base, -1) : g_strdup ("?");
}

static void
explain (GError **error, const GError *problem, const char *name)
{
  GIOErrorEnum code =
      problem->domain == G_IO_ERROR ? (GIOErrorEnum) problem->code : G_IO_ERROR_FAILED;

  if (code == G_IO_ERROR_CANCELLED)
    g_propagate_error (error, g_error_copy (problem));
  else if (code == G_IO_ERROR_NOT_FOUND)
    g_set_error (error, G_IO_ERROR, code, _ ("There is no file “%s” any more."), name);
  else if (code == G_IO_ERROR_PERMISSION_DENIED)
    g_set_error (error, G_IO_ERROR, code,
                 _ ("You may not read “%s” on this computer. Ask whoever put it there."), name);
  else
    g_set_error (error, G_IO_ERROR, code, _ ("“%s” cannot be read: %s"), name, problem->message);
}

static void
set_too_large (GError **error, const char *name)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               _ ("“%s” is larger than %u MB, which is more than a server takes."), name,
               (guint) (CARE_ATTACHMENT_MAX >> 20));
}

static gboolean
check (GFileInfo *info, const char *name, GError **error)
{
  GFileType type = g_file_info_get_file_type (info);

  if (type == G_FILE_TYPE_DIRECTORY)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                 _ ("“%s” is a folder. Open the file in it."), name);
  else if (type == G_FILE_TYPE_SYMBOLIC_LINK) /* whose end is not there */
    g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS,
        _ ("“%s” is a link that leads to nothing, or back to itself. Open the file itself."), name);
  else if (type != G_FILE_TYPE_REGULAR)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("“%s” is not a file."), name);
  else if (g_file_info_get_size (info) > (goffset) CARE_ATTACHMENT_MAX)
    set_too_large (error, name);
  else
    return TRUE;
  return FALSE;
}

/* What a file says of its size need not be true. */
static GBytes *
read_parts (GInputStream *stream, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) read = g_byte_array_new ();
  g_autofree guint8 *part = g_malloc (PART);

  for (;;)
    {
      g_autoptr (GError) problem = NULL;
      gssize got = g_input_stream_read (stream, part, PART, cancellable, &problem);

      if (got < 0)
        {
          explain (error, problem, name);
          return NULL;
        }
      if (got == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&read));
      if (read->len + (gsize) got > CARE_ATTACHMENT_MAX)
        {
          set_too_large (error, name);
          return NULL;
        }
      g_byte_array_append (read, part, (guint) got);
    }
}

/**
 * documents_file_read:
 * @name: (out): as it is shown, whether it can be read or not
 *
 * Blocks: for a thread. Reads no more than CARE_ATTACHMENT_MAX.
 *
 * Returns: (transfer full) (nullable): all of the file; NULL with a sentence
 */
GBytes *
documents_file_read (GFile *file, char **name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, cancellable, &problem);
  g_autoptr (GFileInputStream) stream = NULL;

  *name = dup_name (file, info);
  if (info && !check (info, *name, error))
    return NULL;
  if (info)
    stream = g_file_read (file, cancellable, &problem);
  if (stream)
    return read_parts (G_INPUT_STREAM (stream), *name, cancellable, error);
  explain (error, problem, *name);
  return NULL;
}
