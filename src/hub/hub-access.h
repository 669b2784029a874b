/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "base-clock.h"
#include "hub-user.h"
#include "store-database.h"

G_BEGIN_DECLS

/* Users, passwords and tokens. Only hashes of tokens are kept. Its functions belong to the thread
 * that made it; what must last is written before a function's callback says so. */
#define HUB_TYPE_ACCESS (hub_access_get_type ())
G_DECLARE_FINAL_TYPE (HubAccess, hub_access, HUB, ACCESS, GObject)

/* What a client gets for a code, a refresh token or by the administrator's hand. */
typedef struct
{
  char *access_token;
  char *refresh_token; /* NULL where none was asked for */
  char *scope;
  gint64 expires_in; /* seconds */
  HubUser *user;
} HubTokens;

HubAccess *hub_access_new (StoreDatabase *store, BaseClock *clock, GError **error);

/* In front of another server: nobody has an account here, and tokens are that server's. */
HubAccess *hub_access_new_for_guests (BaseClock *clock);
void hub_access_admit_guest (HubAccess *self, const char *token, HubUser *user, gint64 expires);
void hub_access_dismiss_guest (HubAccess *self, const char *token);
HubUser *hub_access_find_guest (HubAccess *self, const char *token);
gboolean hub_access_guest_may_stay (HubAccess *self, HubUser *user);

/* Who sends this message, by its bearer token; NULL where nobody, or the token has ended. */
HubUser *hub_access_authenticate (HubAccess *self, SoupServerMessage *message);
HubUser *hub_access_check_token (HubAccess *self, const char *access_token);
HubUser *hub_access_check_token_until (HubAccess *self, const char *access_token, gint64 *expires);

HubUser *hub_access_dup_user (HubAccess *self, const char *name);
void hub_access_put_user (HubAccess *self, HubUser *user, const char *password_hash);

/* What the administrator sees of an account. */
typedef struct
{
  HubUser *user;
  gboolean disabled, has_password;
  guint sign_ins; /* that have not ended */
} HubAccountView;

typedef void (*HubAccountFunc) (const HubAccountView *account, gpointer data);
void hub_access_foreach_account (HubAccess *self, HubAccountFunc function, gpointer data);
gboolean hub_access_is_empty (HubAccess *self);
gboolean hub_access_knows (HubAccess *self, const char *name);
gboolean hub_access_disable_user (HubAccess *self, const char *name);
gboolean hub_access_enable_user (HubAccess *self, const char *name);
gboolean hub_access_set_password (HubAccess *self, const char *name, const char *password_hash);
guint hub_access_end_sign_ins (HubAccess *self, const char *name);
gboolean hub_access_may_stay (HubAccess *self, HubUser *user);
void hub_access_check_password_async (HubAccess *self,
                                      const char *name,
                                      const char *password,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
HubUser *hub_access_check_password_finish (HubAccess *self, GAsyncResult *result, GError **error);

char *hub_access_new_code (HubAccess *self,
                           HubUser *user,
                           const char *client,
                           const char *redirect,
                           const char *challenge,
                           const char *scope);
HubTokens *hub_access_redeem_code (HubAccess *self,
                                   const char *code,
                                   const char *client,
                                   const char *redirect,
                                   const char *verifier,
                                   GError **error);
HubTokens *
hub_access_refresh (HubAccess *self, const char *refresh_token, const char *client, GError **error);
HubTokens *hub_access_issue (HubAccess *self, const char *name, GError **error);
gboolean hub_access_save (HubAccess *self, GError **error);
void hub_access_save_async (HubAccess *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean hub_access_save_finish (HubAccess *self, GAsyncResult *result, GError **error);
void hub_tokens_free (HubTokens *tokens);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubTokens, hub_tokens_free)

G_END_DECLS
