/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-help-book.h"

#include "fhir-text.h"

/**
 * AppHelpBook:
 *
 * The help comes in the program, a file a page and a folder a language (data/help). A page that a
 * language lacks is shown in English: the tests let none be missing, but a page is better than a
 * hole. Which page explains which screen stands in the English page itself, so that a screen needs
 * to know nothing of the help.
 */

#define ROOT    "/health/bedside/help/"
#define ENGLISH "en"

struct _AppHelpPage
{
  GObject parent_instance;

  char *id;
  GPtrArray *blocks;
  GStrv screens;
};

G_DEFINE_FINAL_TYPE (AppHelpPage, app_help_page, G_TYPE_OBJECT)

struct _AppHelpBook
{
  GObject parent_instance;

  char *language;
  GListStore *pages;
};

G_DEFINE_FINAL_TYPE (AppHelpBook, app_help_book, G_TYPE_OBJECT)

static void
app_help_page_finalize (GObject *object)
{
  AppHelpPage *self = APP_HELP_PAGE (object);

  g_free (self->id);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_strfreev (self->screens);
  G_OBJECT_CLASS (app_help_page_parent_class)->finalize (object);
}

static void
app_help_page_class_init (AppHelpPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_help_page_finalize;
}

static void
app_help_page_init (AppHelpPage *self)
{
}

const char *
app_help_page_get_id (AppHelpPage *self)
{
  return self->id;
}

const char *
app_help_page_get_title (AppHelpPage *self)
{
  for (guint i = 0; i < self->blocks->len; i++)
    {
      const AppHelpBlock *block = self->blocks->pdata[i];
      if (block->kind == APP_HELP_TITLE)
        return block->plain;
    }
  return self->id;
}

/* What the page begins with: what it is about, in a sentence or two. */
const char *
app_help_page_get_first_words (AppHelpPage *self)
{
  for (guint i = 0; i < self->blocks->len; i++)
    {
      const AppHelpBlock *block = self->blocks->pdata[i];
      if (block->kind == APP_HELP_TEXT)
        return block->plain;
    }
  return "";
}

/* (transfer none) (element-type AppHelpBlock) */
GPtrArray *
app_help_page_get_blocks (AppHelpPage *self)
{
  return self->blocks;
}

/* ---- the book ---- */

static char *
dup_file (const char *name)
{
  g_autofree char *path = g_strconcat (ROOT, name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  gsize size = 0;
  const char *text = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  return text ? g_strndup (text, size) : NULL;
}

static char *
dup_page_file (const char *language, const char *id)
{
  g_autofree char *name = g_strdup_printf ("%s/%s.md", language, id);

  return dup_file (name);
}

static void
add_page (AppHelpBook *self, const char *id)
{
  g_autofree char *english = dup_page_file (ENGLISH, id);
  g_autofree char *text = dup_page_file (self->language, id);
  g_autoptr (AppHelpPage) page = NULL;

  if (!english)
    return;
  page = g_object_new (APP_TYPE_HELP_PAGE, NULL);
  page->id = g_strdup (id);
  page->screens = app_help_text_dup_screens (english);
  page->blocks = app_help_text_parse (text ? text : english);
  g_list_store_append (self->pages, page);
}

/* "de_DE.UTF-8", "de_DE" and "de" are asked for one after the other; "C" ends it: English. */
static char *
dup_language (const char *const *languages)
{
  for (gsize i = 0; languages && languages[i]; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/" APP_HELP_FIRST ".md", languages[i]);
      g_autofree char *text = dup_file (name);

      if (text || g_str_equal (languages[i], "C"))
        return g_strdup (text ? languages[i] : ENGLISH);
    }
  return g_strdup (ENGLISH);
}

static void
app_help_book_finalize (GObject *object)
{
  AppHelpBook *self = APP_HELP_BOOK (object);

  g_free (self->language);
  g_clear_object (&self->pages);
  G_OBJECT_CLASS (app_help_book_parent_class)->finalize (object);
}

static void
app_help_book_class_init (AppHelpBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_help_book_finalize;
}

static void
app_help_book_init (AppHelpBook *self)
{
  self->pages = g_list_store_new (APP_TYPE_HELP_PAGE);
}

/**
 * app_help_book_new:
 * @languages: (array zero-terminated=1): as g_get_language_names() gives them
 */
AppHelpBook *
app_help_book_new (const char *const *languages)
{
  AppHelpBook *self = g_object_new (APP_TYPE_HELP_BOOK, NULL);
  g_autofree char *contents = dup_file ("contents");
  g_auto (GStrv) ids = g_strsplit (contents ? contents : "", "\n", -1);

  self->language = dup_language (languages);
  for (char **id = ids; *id; id++)
    if (**id)
      add_page (self, *id);
  return self;
}

const char *
app_help_book_get_language (AppHelpBook *self)
{
  return self->language;
}

/* (transfer none): of AppHelpPage */
GListModel *
app_help_book_get_pages (AppHelpBook *self)
{
  return G_LIST_MODEL (self->pages);
}

/* (transfer none): the list holds it. */
static AppHelpPage *
get_page (AppHelpBook *self, guint position)
{
  g_autoptr (AppHelpPage) page = g_list_model_get_item (G_LIST_MODEL (self->pages), position);

  return page;
}

static guint
count_pages (AppHelpBook *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->pages));
}

/* (transfer none) (nullable) */
AppHelpPage *
app_help_book_find (AppHelpBook *self, const char *id)
{
  for (guint i = 0; i < count_pages (self); i++)
    if (g_str_equal (get_page (self, i)->id, id))
      return get_page (self, i);
  return NULL;
}

/* "Visit" is for VisitView and VisitWindow, and not for a VisitorList. */
static gboolean
is_for (const char *screen, const char *type_name)
{
  gsize length = strlen (screen);

  return strncmp (screen, type_name, length) == 0 &&
         (type_name[length] == '\0' || g_ascii_isupper (type_name[length]));
}

/**
 * app_help_book_find_screen:
 *
 * Returns: (nullable): the id of the page for widgets of @type_name. Of several that would do the
 *   one that says the most of the name
 */
const char *
app_help_book_find_screen (AppHelpBook *self, const char *type_name)
{
  const char *found = NULL;
  gsize best = 0;

  for (guint i = 0; i < count_pages (self); i++)
    {
      AppHelpPage *page = get_page (self, i);
      for (char **screen = page->screens; *screen; screen++)
        if (strlen (*screen) > best && is_for (*screen, type_name))
          {
            best = strlen (*screen);
            found = page->id;
          }
    }
  return found;
}

/* ---- search ---- */

static gboolean
has_all (const char *folded, char **words)
{
  for (char **word = words; *word; word++)
    if (**word && !strstr (folded, *word))
      return FALSE;
  return TRUE;
}

/* The block that holds all the words; else the one that holds the first of them, where the page as
 * a whole has them all. */
static const char *
find_words (AppHelpPage *page, char **words)
{
  g_autoptr (GString) all = g_string_new (NULL);
  const char *first = NULL;
  char *one[] = { words[0], NULL };

  for (guint i = 0; i < page->blocks->len; i++)
    {
      const AppHelpBlock *block = page->blocks->pdata[i];
      g_autofree char *folded = fhir_fold (block->plain);

      if (has_all (folded, words))
        return block->plain;
      if (!first && has_all (folded, one))
        first = block->plain;
      g_string_append (all, folded);
      g_string_append_c (all, ' ');
    }
  return has_all (all->str, words) ? first : NULL;
}

static gboolean
title_has_all (AppHelpPage *page, char **words)
{
  g_autofree char *folded = fhir_fold (app_help_page_get_title (page));

  return has_all (folded, words);
}

/**
 * app_help_book_search:
 *
 * Case, accents and the order of words do not matter. Pages that have the words in their title
 * stand first.
 *
 * Returns: (transfer full) (element-type AppHelpHit): nothing where nothing is typed
 */
GPtrArray *
app_help_book_search (AppHelpBook *self, const char *typed)
{
  GPtrArray *hits = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folded = fhir_fold (typed);
  g_auto (GStrv) words = g_strsplit (g_strstrip (folded), " ", -1);

  for (guint round = 0; words[0] && round < 2; round++)
    for (guint i = 0; i < count_pages (self); i++)
      {
        AppHelpPage *page = get_page (self, i);
        gboolean titled = title_has_all (page, words);
        const char *found = titled == (round == 0) ? find_words (page, words) : NULL;

        if (found)
          g_ptr_array_add (hits, g_memdup2 (&(AppHelpHit) { page, found }, sizeof (AppHelpHit)));
      }
  return hits;
}
