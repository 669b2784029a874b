/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-outbox.h"

#include "base-qr.h"

/* The demo clinic's way: nothing leaves the machine, and what would have gone out is seen on one
 * page of the hub, /outbox, with a QR code of each link. It is in memory only. No configuration
 * names it, for the page opens every link to whoever may look at it. */

#define MOST 100

typedef struct
{
  HubNotifyBackEnd parent;
  GQueue notices; /* HubNotice*, newest first */
} Outbox;

static const char *const keys[] = { NULL };

static void
outbox_free (HubNotifyBackEnd *back_end)
{
  Outbox *self = (Outbox *) back_end;

  g_queue_clear_full (&self->notices, (GDestroyNotify) hub_notice_free);
  g_free (self);
}

static HubNotifyBackEnd *
outbox_open (GKeyFile *file, const char *group, GError **error)
{
  Outbox *self = g_new0 (Outbox, 1);

  self->parent.interface = &hub_notify_outbox;
  g_queue_init (&self->notices);
  return &self->parent;
}

static HubNotice *
copy (const HubNotice *notice)
{
  HubNotice *self = g_new0 (HubNotice, 1);

  self->id = g_strdup (notice->id);
  self->channel = notice->channel;
  self->to = g_strdup (notice->to);
  self->subject = g_strdup (notice->subject);
  self->text = g_strdup (notice->text);
  self->language = g_strdup (notice->language);
  self->link = g_strdup (notice->link);
  self->written = notice->written;
  return self;
}

/* What comes again after a crash of the hub finds an empty list; within one life the id counts. */
static void
outbox_send (HubNotifyBackEnd *back_end, const HubNotice *notice, GTask *task)
{
  Outbox *self = (Outbox *) back_end;
  gboolean known = FALSE;

  for (GList *link = self->notices.head; link != NULL; link = link->next)
    known |= g_str_equal (((HubNotice *) link->data)->id, notice->id);
  if (!known)
    g_queue_push_head (&self->notices, copy (notice));
  while (g_queue_get_length (&self->notices) > MOST)
    hub_notice_free (g_queue_pop_tail (&self->notices));
  g_task_return_pointer (task, hub_notify_result_new (HUB_NOTIFY_DELIVERED, 0, NULL),
                         (GDestroyNotify) hub_notify_result_free);
}

/* ---- the page ---- */

static int
compare_newest (gconstpointer a, gconstpointer b)
{
  const HubNotice *x = *(HubNotice *const *) a, *y = *(HubNotice *const *) b;

  return (x->written < y->written) - (x->written > y->written);
}

static void
append_code (GString *page, const char *link)
{
  guint width = 0;
  g_autofree char *path = base_qr_dup_path (link, &width);

  if (path != NULL)
    g_string_append_printf (page,
                            "<svg role=\"img\" aria-label=\"QR code of the link\" viewBox=\"-4 -4 "
                            "%u %u\" shape-rendering=\"crispEdges\"><rect x=\"-4\" y=\"-4\" "
                            "width=\"%u\" height=\"%u\" fill=\"#fff\"/><path d=\"%s\"/></svg>",
                            width + 8, width + 8, width + 8, width + 8, path);
}

static void
append_notice (GString *page, const HubNotice *notice)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (notice->written / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *time = g_date_time_format (local, "%H:%M");
  g_autofree char *to = g_markup_escape_text (notice->to, -1);
  g_autofree char *subject = g_markup_escape_text (notice->subject, -1);
  g_autofree char *text = g_markup_escape_text (notice->text, -1);
  g_autofree char *link = g_markup_escape_text (notice->link, -1);

  g_string_append_printf (page,
                          "<article><div><h2>%s</h2><p class=\"to\">%s · %s · %s</p><pre "
                          "lang=\"%s\">%s</pre><p><a href=\"%s\">Open the patient’s "
                          "page</a></p></div>",
                          subject, time,
                          notice->channel == CARE_CHANNEL_SMS ? "text message" : "e-mail", to,
                          notice->language, text, link);
  append_code (page, notice->link);
  g_string_append (page, "</article>");
}

/**
 * hub_notify_outbox_dup_page:
 *
 * Returns: (transfer full) (nullable): HTML; NULL where this hub has no outbox
 */
char *
hub_notify_outbox_dup_page (HubNotifyConfig *config)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  GString *page;
  gboolean any = FALSE;

  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    if (config->back_ends[i] != NULL && config->back_ends[i]->interface == &hub_notify_outbox)
      {
        any = TRUE;
        for (GList *at = ((Outbox *) config->back_ends[i])->notices.head; at != NULL; at = at->next)
          g_ptr_array_add (all, at->data);
      }
  if (!any)
    return NULL;
  g_ptr_array_sort (all, compare_newest);
  page = g_string_new (
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><meta "
      "http-equiv=\"refresh\" content=\"5\"><title>Outbox of the demo clinic</title><link "
      "rel=\"stylesheet\" href=\"/patient/outbox.css\"></head><body><main><h1>Outbox of the demo "
      "clinic</h1><p>Nothing leaves this machine. These messages would have been sent; scan a code "
      "or open a link to be the patient.</p>");
  for (guint i = 0; i < all->len; i++)
    append_notice (page, all->pdata[i]);
  if (all->len == 0)
    g_string_append (page, "<p class=\"none\">No message yet. In Bedside: Today, a visit’s menu, "
                           "“Link for the patient…”.</p>");
  g_string_append (page, "</main></body></html>");
  return g_string_free_and_steal (page);
}

const HubNotifyInterface hub_notify_outbox = { "outbox",    keys,        FALSE,
                                               outbox_open, outbox_send, outbox_free };
