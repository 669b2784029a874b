/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"
#include "fhir-patch.h"
#include "hub-user.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* Bytes of a search or condition, wherever it stands. */
#define HUB_QUERY_LIMIT 8192

typedef enum
{
  HUB_VERB_DELETE, /* in the order in which a transaction does them */
  HUB_VERB_POST,
  HUB_VERB_PUT,
  HUB_VERB_PATCH,
  HUB_VERB_GET,
} HubVerb;

/* One thing to do, as a request of its own or as an entry of a bundle, and what came of it. */
typedef struct
{
  guint position; /* in its bundle */
  HubVerb verb;
  char *type, *id;
  char *query; /* what a GET asks for, or which one a conditional PUT, PATCH or DELETE means */
  char *vid;   /* which version a GET asks for */
  char *what;  /* "_history" or "$everything" of what type and id name; NULL: itself */
  FhirResource *resource;
  FhirPatch *patch;
  char *if_match, *if_none_match, *if_none_exist; /* as they came */
  char *full_url;

  guint status;
  gboolean unchanged; /* there was nothing to write */
  char *version, *updated;
  FhirResource *answer; /* what is there */
  char *written;        /* instead of it: the text that now stands */
  char *text;           /* a bundle that a search gave */
  GError *error;
} HubEntry;

/* What entries of one bundle share. */
typedef struct
{
  HubUser *user;
  const char *base_url;     /* the hub's, without /fhir */
  GHashTable *references;   /* full URL -> "Type/id" */
  ClinicalContent *content; /* (nullable): which drugs are controlled */
  char *wrong_factor; /* (nullable): whose second factor did not fit; whoever made this frees it */
} HubEntryContext;

HubEntry *hub_entry_new (HubVerb verb, const char *type, const char *id);
void hub_entry_free (HubEntry *self);
gboolean hub_entry_name (HubEntry *self,
                         HubEntryContext *context,
                         StoreConnection *connection,
                         GError **error);
gboolean hub_entry_do (HubEntry *self,
                       HubEntryContext *context,
                       StoreConnection *connection,
                       GError **error);
gboolean hub_entry_finish (HubEntry *const *entries,
                           guint n,
                           HubEntryContext *context,
                           StoreConnection *connection,
                           GError **error);
gboolean hub_entry_matches (const char *tags, const char *version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubEntry, hub_entry_free)

G_END_DECLS
