/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a page of the help is made of. */
typedef enum
{
  APP_HELP_TITLE,   /* once, at the top */
  APP_HELP_HEADING, /* of a part */
  APP_HELP_TEXT,    /* a paragraph */
  APP_HELP_ITEM,    /* of a list */
  APP_HELP_STEP,    /* of a list where the order counts */
} AppHelpKind;

typedef struct
{
  AppHelpKind kind;
  guint number; /* of a step, from 1 */
  char *markup; /* Pango's, with <a href="PAGE"> */
  char *plain;  /* the same words, for search and screen readers */
} AppHelpBlock;

GPtrArray *app_help_text_parse (const char *text);
GStrv app_help_text_dup_screens (const char *text);

G_END_DECLS
