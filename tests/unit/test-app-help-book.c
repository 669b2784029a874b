/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-help-book.h"

#include <gtk/gtk.h>

static const char *const english[] = { "en_GB.UTF-8", "en_GB", "en", "C", NULL };
static const char *const german[] = { "de_DE.UTF-8", "de_DE", "de", "C", NULL };
static const char *const arabic[] = { "ar_EG", "ar", "C", "de", NULL };

static const AppHelpBlock *
get (GPtrArray *blocks, guint i)
{
  g_assert_cmpuint (i, <, blocks->len);
  return blocks->pdata[i];
}

/* Markup of the page becomes Pango's, and whatever else stands there is text. */
static void
test_text (void)
{
  g_autoptr (GPtrArray) blocks = app_help_text_parse (
      "# The <day>\n<!-- for: Today -->\n\nPress *Admit* & `<Control>k`,\nsee [the "
      "patient](patient).\n"
      "- one\n- two\n  goes on\n\n1. first\n2. second\n\nA * star, a [bracket and `no end\n");

  g_assert_cmpuint (blocks->len, ==, 7);
  g_assert_cmpint (get (blocks, 0)->kind, ==, APP_HELP_TITLE);
  g_assert_cmpstr (get (blocks, 0)->markup, ==, "The &lt;day&gt;");
  g_assert_cmpstr (get (blocks, 1)->markup, ==,
                   "Press <b>Admit</b> &amp; <tt>Ctrl+K</tt>, see <a href=\"patient\">the "
                   "patient</a>.");
  g_assert_cmpstr (get (blocks, 1)->plain, ==, "Press Admit & Ctrl+K, see the patient.");
  g_assert_cmpint (get (blocks, 2)->kind, ==, APP_HELP_ITEM);
  g_assert_cmpstr (get (blocks, 3)->plain, ==, "two goes on");
  g_assert_cmpuint (get (blocks, 4)->number, ==, 1);
  g_assert_cmpuint (get (blocks, 5)->number, ==, 2);
  g_assert_cmpint (get (blocks, 5)->kind, ==, APP_HELP_STEP);
  g_assert_cmpstr (get (blocks, 6)->plain, ==, "A * star, a [bracket and `no end");
}

/* What is typed as it is stays so; only what is written as keys becomes keys. */
static void
test_codes (void)
{
  g_autoptr (GPtrArray) blocks =
      app_help_text_parse ("`FILE` `F1` `<Alt>Page_Down` `<made up>` `bedside-hub serve`");

  g_assert_cmpstr (get (blocks, 0)->plain, ==, "FILE F1 Alt+Page Down <made up> bedside-hub serve");
}

/* Each page is there in each language and is a page that Pango can draw. */
static void
test_pages (gconstpointer languages)
{
  g_autoptr (AppHelpBook) book = app_help_book_new (languages);
  GListModel *pages = app_help_book_get_pages (book);

  g_assert_cmpuint (g_list_model_get_n_items (pages), >=, 21);
  for (guint i = 0; i < g_list_model_get_n_items (pages); i++)
    {
      g_autoptr (AppHelpPage) page = g_list_model_get_item (pages, i);
      GPtrArray *blocks = app_help_page_get_blocks (page);

      g_test_message ("%s: %s", app_help_page_get_id (page), app_help_page_get_title (page));
      g_assert_true (app_help_book_find (book, app_help_page_get_id (page)) == page);
      g_assert_cmpstr (app_help_page_get_title (page), !=, app_help_page_get_id (page));
      g_assert_cmpstr (app_help_page_get_first_words (page), !=, "");
      for (guint n = 0; n < blocks->len; n++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GString) markup = g_string_new (get (blocks, n)->markup);

          g_string_replace (markup, "<a href", "<span font_family", 0);
          g_string_replace (markup, "</a>", "</span>", 0);
          pango_parse_markup (markup->str, -1, 0, NULL, NULL, NULL, &error);
          g_assert_no_error (error);
        }
    }
}

static void
test_language (void)
{
  g_autoptr (AppHelpBook) here = app_help_book_new (english);
  g_autoptr (AppHelpBook) there = app_help_book_new (german);
  g_autoptr (AppHelpBook) elsewhere = app_help_book_new (arabic);
  g_autoptr (AppHelpBook) nowhere = app_help_book_new (NULL);

  g_assert_cmpstr (app_help_book_get_language (here), ==, "en");
  g_assert_cmpstr (app_help_book_get_language (there), ==, "de");
  g_assert_cmpstr (app_help_page_get_title (app_help_book_find (there, "start")), ==,
                   "Erste Schritte");
  g_assert_cmpstr (app_help_book_get_language (elsewhere), ==, "en");
  g_assert_cmpstr (app_help_book_get_language (nowhere), ==, "en");
  g_assert_null (app_help_book_find (here, "nowhere"));
}

static void
test_screens (void)
{
  g_autoptr (AppHelpBook) book = app_help_book_new (german);

  g_assert_cmpstr (app_help_book_find_screen (book, "VisitView"), ==, "visit");
  g_assert_cmpstr (app_help_book_find_screen (book, "VisitQualityDialog"), ==, "call");
  g_assert_cmpstr (app_help_book_find_screen (book, "AppQuit"), ==, "offline");
  g_assert_null (app_help_book_find_screen (book, "Visitor"));
  g_assert_null (app_help_book_find_screen (book, "GtkLabel"));
}

/* Whether @id is among what was found for @typed, at @place or anywhere (-1). */
static gboolean
finds (AppHelpBook *book, const char *typed, const char *id, int place)
{
  g_autoptr (GPtrArray) hits = app_help_book_search (book, typed);

  for (guint i = 0; i < hits->len; i++)
    if (g_str_equal (app_help_page_get_id (((AppHelpHit *) hits->pdata[i])->page), id))
      return place < 0 || place == (int) i;
  return FALSE;
}

static void
test_search (void)
{
  g_autoptr (AppHelpBook) book = app_help_book_new (english);
  g_autoptr (AppHelpBook) other = app_help_book_new (german);
  g_autoptr (GPtrArray) nothing = app_help_book_search (book, "  ");

  g_assert_cmpuint (nothing->len, ==, 0);
  g_assert_true (finds (book, "PHARMACY cancel", "pharmacy", -1));
  g_assert_true (finds (book, "prescribing", "prescribe", 0));
  g_assert_true (finds (book, "keyring", "privacy", -1));
  g_assert_false (finds (book, "keyring xylophone", "privacy", -1));
  g_assert_true (finds (other, "schlusselbund", "privacy", -1)); /* without its dots */
}

int
main (int argc, char *argv[])
{
  static const char *const languages[][2] = {
    { "en", NULL }, { "de", NULL }, { "es", NULL }, { "fr", NULL }, { "ja", NULL },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/help-book/text", test_text);
  g_test_add_func ("/app/help-book/codes", test_codes);
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/app/help-book/pages/%s", languages[i][0]);
      g_test_add_data_func (path, languages[i], test_pages);
    }
  g_test_add_func ("/app/help-book/language", test_language);
  g_test_add_func ("/app/help-book/screens", test_screens);
  g_test_add_func ("/app/help-book/search", test_search);
  return g_test_run ();
}
