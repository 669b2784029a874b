/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "store-content.h"

G_BEGIN_DECLS

/* A library that is linked. */
typedef struct
{
  const char *module;  /* its name for pkg-config, or the beginning of several */
  const char *name;    /* its own name */
  const char *licence; /* by SPDX */
} AppAboutLibrary;

AdwDialog *app_about_new (StoreContent *content);
const AppAboutLibrary *app_about_find_library (const char *module);

G_END_DECLS
