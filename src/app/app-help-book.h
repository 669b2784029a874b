/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app-help-text.h"

G_BEGIN_DECLS

#define APP_TYPE_HELP_PAGE (app_help_page_get_type ())
G_DECLARE_FINAL_TYPE (AppHelpPage, app_help_page, APP, HELP_PAGE, GObject)

const char *app_help_page_get_id (AppHelpPage *self);
const char *app_help_page_get_title (AppHelpPage *self);
const char *app_help_page_get_first_words (AppHelpPage *self);
GPtrArray *app_help_page_get_blocks (AppHelpPage *self);

/* All pages of the help in one language, in the order of its contents. */
#define APP_TYPE_HELP_BOOK (app_help_book_get_type ())
G_DECLARE_FINAL_TYPE (AppHelpBook, app_help_book, APP, HELP_BOOK, GObject)

/* The page that is shown where no other is meant. */
#define APP_HELP_FIRST "start"

AppHelpBook *app_help_book_new (const char *const *languages);
const char *app_help_book_get_language (AppHelpBook *self);
GListModel *app_help_book_get_pages (AppHelpBook *self);
AppHelpPage *app_help_book_find (AppHelpBook *self, const char *id);
const char *app_help_book_find_screen (AppHelpBook *self, const char *type_name);
GPtrArray *app_help_book_search (AppHelpBook *self, const char *typed);

/* A page in which something was found, and the first place. */
typedef struct
{
  AppHelpPage *page; /* the book holds it */
  const char *words; /* of the block in which it stands */
} AppHelpHit;

G_END_DECLS
