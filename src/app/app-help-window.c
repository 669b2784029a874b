/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-help-window.h"

#include <glib/gi18n.h>

#define SCALE_STEP  1.15
#define SCALE_MOST  2.2
#define SCALE_LEAST 0.75

struct _AppHelpWindow
{
  AdwApplicationWindow parent_instance;

  AppHelpBook *book;
  AppHelpPage *page;
  GQueue *past; /* ids of pages that were read before this one */
  double scale;

  AdwOverlaySplitView *split;
  GtkSearchEntry *search_entry;
  GtkStack *list_stack;
  GtkListBox *list;
  AdwWindowTitle *page_title;
  GtkScrolledWindow *scroll;
  GtkBox *page_box;
};

G_DEFINE_FINAL_TYPE (AppHelpWindow, app_help_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- the page ---- */

static void
follow (AppHelpWindow *self, AppHelpPage *page)
{
  if (self->page && self->page != page)
    g_queue_push_tail (self->past, g_strdup (app_help_page_get_id (self->page)));
  app_help_window_show (self, app_help_page_get_id (page));
}

static gboolean
link_cb (AppHelpWindow *self, const char *target)
{
  AppHelpPage *page = app_help_book_find (self->book, target);

  if (page)
    follow (self, page);
  return page != NULL;
}

static const char *
style_of (AppHelpKind kind)
{
  switch (kind)
    {
    case APP_HELP_TITLE:
      return "title-1";
    case APP_HELP_HEADING:
      return "title-4";
    case APP_HELP_TEXT:
    case APP_HELP_ITEM:
    case APP_HELP_STEP:
      break;
    }
  return "body";
}

static void
set_scale (GtkLabel *label, double scale)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  gtk_label_set_attributes (label, attributes);
}

/* Selectable, so that each paragraph can be reached by Tab, read out and copied. */
static GtkWidget *
make_label (AppHelpWindow *self, const AppHelpBlock *block)
{
  gboolean is_heading = block->kind == APP_HELP_TITLE || block->kind == APP_HELP_HEADING;
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "accessible-role",
                    is_heading ? GTK_ACCESSIBLE_ROLE_HEADING : GTK_ACCESSIBLE_ROLE_PARAGRAPH,
                    "use-markup", TRUE, "label", block->markup, "wrap", TRUE, "wrap-mode",
                    PANGO_WRAP_WORD_CHAR, "natural-wrap-mode", GTK_NATURAL_WRAP_WORD, "xalign", 0.0,
                    "hexpand", TRUE, "selectable", TRUE, NULL);

  if (is_heading)
    gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL,
                                    block->kind == APP_HELP_TITLE ? 1 : 2, -1);
  gtk_widget_add_css_class (label, style_of (block->kind));
  gtk_widget_set_margin_top (label, block->kind == APP_HELP_HEADING ? 12 : 0);
  set_scale (GTK_LABEL (label), self->scale);
  g_signal_connect_object (label, "activate-link", G_CALLBACK (link_cb), self, G_CONNECT_SWAPPED);
  return label;
}

/* What stands before a line of a list is said by its number or not at all. */
static GtkWidget *
make_line (AppHelpWindow *self, const AppHelpBlock *block)
{
  g_autofree char *mark =
      block->kind == APP_HELP_STEP ? g_strdup_printf ("%u.", block->number) : g_strdup ("•");
  GtkWidget *line = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM,
                                  "spacing", 10, NULL);
  GtkWidget *marker = gtk_label_new (mark);

  gtk_widget_set_valign (marker, GTK_ALIGN_START);
  gtk_widget_set_margin_start (marker, 6);
  gtk_label_set_width_chars (GTK_LABEL (marker), 2);
  gtk_widget_add_css_class (marker, "dimmed");
  set_scale (GTK_LABEL (marker), self->scale);
  gtk_box_append (GTK_BOX (line), marker);
  gtk_box_append (GTK_BOX (line), make_label (self, block));
  return line;
}

static GtkWidget *
make_list (void)
{
  return g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST, "orientation",
                       GTK_ORIENTATION_VERTICAL, "spacing", 8, NULL);
}

static void
fill_page (AppHelpWindow *self)
{
  GPtrArray *blocks = app_help_page_get_blocks (self->page);
  GtkWidget *list = NULL, *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->page_box))))
    gtk_box_remove (self->page_box, child);
  for (guint i = 0; i < blocks->len; i++)
    {
      const AppHelpBlock *block = blocks->pdata[i];
      gboolean in_list = block->kind == APP_HELP_ITEM || block->kind == APP_HELP_STEP;

      if (in_list && !list)
        gtk_box_append (self->page_box, list = make_list ());
      else if (!in_list)
        list = NULL;
      if (in_list)
        gtk_box_append (GTK_BOX (list), make_line (self, block));
      else
        gtk_box_append (self->page_box, make_label (self, block));
    }
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroll), 0);
}

/* ---- contents and search ---- */

static GtkWidget *
make_row (AppHelpPage *page, const char *words)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = gtk_label_new (app_help_page_get_title (page));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_box_append (GTK_BOX (box), title);
  if (words)
    {
      GtkWidget *label = gtk_label_new (words);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_lines (GTK_LABEL (label), 3);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dimmed");
      gtk_box_append (GTK_BOX (box), label);
    }
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  app_help_page_get_title (page), -1);
  if (words)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    words, -1);
  g_object_set_data (G_OBJECT (row), "page", page);
  return row;
}

static GtkListBoxRow *
find_row (AppHelpWindow *self, AppHelpPage *page)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)); i++)
    if (g_object_get_data (G_OBJECT (row), "page") == page)
      return row;
  return NULL;
}

static void
select_page (AppHelpWindow *self)
{
  gtk_list_box_select_row (self->list, self->page ? find_row (self, self->page) : NULL);
}

static void
fill_contents (AppHelpWindow *self)
{
  GListModel *pages = app_help_book_get_pages (self->book);

  for (guint i = 0; i < g_list_model_get_n_items (pages); i++)
    {
      g_autoptr (AppHelpPage) page = g_list_model_get_item (pages, i);
      gtk_list_box_append (self->list, make_row (page, NULL));
    }
}

/* Where the eye sees an empty list, the ear hears it of the field in which one types. */
static void
say_nothing (AppHelpWindow *self, gboolean nothing)
{
  GtkAccessible *entry = GTK_ACCESSIBLE (self->search_entry);

  gtk_stack_set_visible_child_name (self->list_stack, nothing ? "nothing" : "list");
  gtk_accessible_update_state (entry, GTK_ACCESSIBLE_STATE_INVALID,
                               nothing ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_accessible_update_property (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  nothing ? _ ("Nothing in the help has these words") : "", -1);
}

static void
searched_cb (AppHelpWindow *self)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autoptr (GPtrArray) hits = app_help_book_search (self->book, typed);
  g_autofree char *trimmed = g_strstrip (g_strdup (typed));
  gboolean nothing = *trimmed && hits->len == 0;

  gtk_list_box_remove_all (self->list);
  if (!*trimmed)
    fill_contents (self);
  for (guint i = 0; i < hits->len; i++)
    {
      const AppHelpHit *hit = hits->pdata[i];
      gtk_list_box_append (self->list, make_row (hit->page, hit->words));
    }
  say_nothing (self, nothing);
  select_page (self);
}

static void
row_activated_cb (AppHelpWindow *self, GtkListBoxRow *row)
{
  follow (self, g_object_get_data (G_OBJECT (row), "page"));
  if (adw_overlay_split_view_get_collapsed (self->split))
    adw_overlay_split_view_set_show_sidebar (self->split, FALSE);
}

/* Enter in the search opens what stands first, for what is typed by now. */
static void
entered_cb (AppHelpWindow *self)
{
  GtkListBoxRow *row;

  searched_cb (self);
  row = gtk_list_box_get_row_at_index (self->list, 0);

  if (row && *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)))
    row_activated_cb (self, row);
}

/* ---- actions ---- */

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AppHelpWindow *self = APP_HELP_WINDOW (widget);
  g_autofree char *id = g_queue_pop_tail (self->past);

  if (id)
    app_help_window_show (self, id);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AppHelpWindow *self = APP_HELP_WINDOW (widget);

  adw_overlay_split_view_set_show_sidebar (self->split, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
contents_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AppHelpWindow *self = APP_HELP_WINDOW (widget);

  adw_overlay_split_view_set_show_sidebar (self->split,
                                           !adw_overlay_split_view_get_show_sidebar (self->split));
}

/* @parameter: "larger", "smaller", or "normal": as the desktop says. */
static void
scale_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AppHelpWindow *self = APP_HELP_WINDOW (widget);
  const char *step = g_variant_get_string (parameter, NULL);
  double scale = g_str_equal (step, "larger")    ? self->scale * SCALE_STEP
                 : g_str_equal (step, "smaller") ? self->scale / SCALE_STEP
                                                 : 1;

  self->scale = CLAMP (scale, SCALE_LEAST, SCALE_MOST);
  if (self->page)
    fill_page (self);
}

static void
add_keys (GtkWidgetClass *class)
{
  static const struct
  {
    guint key;
    const char *step;
  } scales[] = {
    { GDK_KEY_plus, "larger" },   { GDK_KEY_equal, "larger" },        { GDK_KEY_KP_Add, "larger" },
    { GDK_KEY_minus, "smaller" }, { GDK_KEY_KP_Subtract, "smaller" }, { GDK_KEY_0, "normal" },
  };

  gtk_widget_class_add_binding_action (class, GDK_KEY_Left, GDK_ALT_MASK, "help.back", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_f, GDK_CONTROL_MASK, "help.search", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_F9, 0, "help.contents", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    gtk_widget_class_add_binding_action (class, scales[i].key, GDK_CONTROL_MASK, "help.scale", "s",
                                         scales[i].step);
}

/* ---- object ---- */

static void
app_help_window_dispose (GObject *object)
{
  AppHelpWindow *self = APP_HELP_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_HELP_WINDOW);
  g_clear_object (&self->book);
  self->page = NULL;
  G_OBJECT_CLASS (app_help_window_parent_class)->dispose (object);
}

static void
app_help_window_finalize (GObject *object)
{
  g_queue_free_full (APP_HELP_WINDOW (object)->past, g_free);
  G_OBJECT_CLASS (app_help_window_parent_class)->finalize (object);
}

static void
app_help_window_class_init (AppHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_help_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = app_help_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-help-window.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, AppHelpWindow, name)
  CHILD (split);
  CHILD (search_entry);
  CHILD (list_stack);
  CHILD (list);
  CHILD (page_title);
  CHILD (scroll);
  CHILD (page_box);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, searched_cb);
  gtk_widget_class_bind_template_callback (widget_class, entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "help.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "help.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "help.contents", NULL, contents_action);
  gtk_widget_class_install_action (widget_class, "help.scale", "s", scale_action);
  add_keys (widget_class);
}

static void
app_help_window_init (AppHelpWindow *self)
{
  self->past = g_queue_new ();
  self->scale = 1;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "help.back", FALSE);
}

/* @application: (nullable): NULL in some tests */
AppHelpWindow *
app_help_window_new (GtkApplication *application, AppHelpBook *book)
{
  AppHelpWindow *self = g_object_new (APP_TYPE_HELP_WINDOW, "application", application, NULL);

  self->book = g_object_ref (book);
  fill_contents (self);
  return self;
}

/**
 * app_help_window_show:
 * @id: of a page; the first where there is none of that name
 */
void
app_help_window_show (AppHelpWindow *self, const char *id)
{
  AppHelpPage *page = app_help_book_find (self->book, id);

  g_return_if_fail (APP_IS_HELP_WINDOW (self));

  self->page = page ? page : app_help_book_find (self->book, APP_HELP_FIRST);
  if (!self->page)
    return;
  adw_window_title_set_title (self->page_title, app_help_page_get_title (self->page));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->page_box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  app_help_page_get_title (self->page), -1);
  fill_page (self);
  select_page (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "help.back", !g_queue_is_empty (self->past));
  gtk_widget_grab_focus (GTK_WIDGET (self->page_box));
}

/* (nullable): the id of what is read */
const char *
app_help_window_get_page (AppHelpWindow *self)
{
  return self->page ? app_help_page_get_id (self->page) : NULL;
}
