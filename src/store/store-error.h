/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  STORE_ERROR_CIPHER,        /* the library at hand does not encrypt */
  STORE_ERROR_KEY,           /* the key does not open this file */
  STORE_ERROR_VERSION_NEWER, /* written by a newer Bedside; untouched */
  STORE_ERROR_CORRUPT,       /* the file is damaged */
  STORE_ERROR_FULL,          /* no room on the disk */
  STORE_ERROR_SQL,           /* anything else the database says */
  STORE_ERROR_CONFLICT,      /* if_match names another version than the stored one */
  STORE_ERROR_NOT_FOUND,
  STORE_ERROR_GONE,      /* it was deleted */
  STORE_ERROR_READ_ONLY, /* opened to read only: nothing was written */
} StoreError;

#define STORE_ERROR (store_error_quark ())
GQuark store_error_quark (void);

G_END_DECLS
