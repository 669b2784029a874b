/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The kinds of files that may pass in a visit: what a person can look at, and no more. */
typedef enum
{
  MEDIA_FILE_NONE,
  MEDIA_FILE_PDF,
  MEDIA_FILE_JPEG,
  MEDIA_FILE_PNG,
  MEDIA_FILE_TEXT, /* UTF-8 */
} MediaFileKind;

/* A photograph of a telephone and a letter of some pages pass; a film does not. */
#define MEDIA_FILE_MAX      ((gsize) 20 * 1024 * 1024)
#define MEDIA_FILE_MAX_NAME 80 /* characters, after cleaning */

MediaFileKind media_file_kind_from_id (const char *id);
const char *media_file_kind_to_id (MediaFileKind kind);
const char *media_file_kind_to_mime (MediaFileKind kind);
MediaFileKind media_file_kind_of_bytes (GBytes *bytes);
char *media_file_clean_line (const char *text, gsize characters);
char *media_file_clean_name (const char *name, MediaFileKind kind, const char *nameless);

G_END_DECLS
