/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

/* The program bedside-hub itself, in a folder of its own, and what an administrator and a client do
 * with it. */
typedef struct
{
  char *folder;
  GSubprocess *server;
  char *base_url;
} HubProgram;

typedef struct
{
  int status;
  char *out, *err;
} HubResult;

void hub_program_set_up (HubProgram *self, gconstpointer data);
void hub_program_tear_down (HubProgram *self, gconstpointer data);
void hub_program_remove (const char *folder);

/* Starts serve on the folder, with further words; stop gives its exit status. */
void hub_program_start_with (HubProgram *self, ...) G_GNUC_NULL_TERMINATED;
int hub_program_stop (HubProgram *self);

/* Runs one command to its end. @input: for its standard input, or NULL. */
HubResult hub_program_run (const char *input, const char *first, ...) G_GNUC_NULL_TERMINATED;
void hub_result_clear (HubResult *result);
JsonObject *hub_result_object (const HubResult *result, JsonNode **root);
char *hub_program_token (HubProgram *self, const char *user);

/* @body: JSON or a form, or NULL. @text: (out) (nullable). Redirections are not followed. */
guint hub_program_send (HubProgram *self,
                        const char *method,
                        const char *path,
                        const char *token,
                        const char *content_type,
                        const char *body,
                        char **text);
guint hub_program_get (HubProgram *self, const char *path, const char *token);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HubResult, hub_result_clear)
