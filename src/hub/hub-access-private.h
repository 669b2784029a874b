/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-access.h"

#include <json-glib/json-glib.h>

typedef struct
{
  HubUser *user;
  char *password; /* its hash; NULL: cannot sign in by password */
  gboolean disabled;
} HubAccount;

/* One sign-in and all tokens that came of it: they end together. */
typedef struct
{
  char *id, *user, *client, *scope;
  char *refresh; /* hash of the refresh token that is good now */
  gint64 refresh_expires;
  GPtrArray *spent;   /* hashes of refresh tokens that were used up */
  GHashTable *passes; /* hash of access token -> HubPass, owned here */
} HubGrant;

typedef struct
{
  HubGrant *grant;
  gint64 expires;
} HubPass;

struct _HubAccess
{
  GObject parent_instance;
  StoreDatabase *store;
  BaseClock *clock;
  GHashTable *accounts; /* name -> HubAccount */
  GHashTable *grants;   /* id -> HubGrant */
  GHashTable *passes;   /* hash -> HubPass, borrowed from its grant */
  GHashTable *refresh;  /* hash, good or spent -> HubGrant, borrowed */
  GHashTable *codes;    /* hash -> HubCode; in memory only, they last a minute */
  GHashTable *guests;   /* hash of token -> HubGuest; in memory only */
  GHashTable *tries;    /* name that somebody typed -> HubTries; in memory only */
};

void hub_guest_free (gpointer data);
void hub_code_free (gpointer data);
void hub_access_forget_codes (HubAccess *self, const char *name);
void hub_grant_free (gpointer data);
HubGrant *hub_grant_new (const char *id, const char *user, const char *client, const char *scope);
void hub_access_add_pass (HubAccess *self, HubGrant *grant, const char *hash, gint64 expires);
void hub_access_add_grant (HubAccess *self, HubGrant *grant);
void hub_access_remove_grant (HubAccess *self, HubGrant *grant);
void hub_access_prune (HubAccess *self);
