/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "mock-fhir.h"

#define MOCK_LARGE (256 * 1024) /* bytes of a body that count as an upload */

struct MockServer
{
  SoupServer *soup;
  GHashTable *resources;                    /* "Type/id" → FhirResource; deleted ones map to NULL */
  GHashTable *deleted;                      /* "Type/id" → when, of those that tests deleted */
  GHashTable *past;                         /* "Type/id/_history/version" → FhirResource */
  GHashTable *saved_resources, *saved_past; /* the back-up */
  guint port;
  guint64 version;
  guint64 id;
  GPtrArray *paused; /* SoupServerMessage whose body is not read */
  GPtrArray *held;   /* SoupServerMessage that are not answered */
};

FhirResource *mock_store (MockFhir *self, FhirResource *resource, const char *id);
gboolean mock_refuse_others (MockFhir *self, SoupServerMessage *message);
void mock_answer_version (MockFhir *self, SoupServerMessage *message, const char *path);
GHashTable *mock_copy_records (GHashTable *records);
GPtrArray *mock_find (MockFhir *self, const char *type, GHashTable *query);
void mock_answer (SoupServerMessage *message, guint status, const char *body);
void mock_send_half (SoupServerMessage *message, const char *body);
void mock_answer_outcome (SoupServerMessage *message, guint status, const char *text);
void mock_on_transaction (MockFhir *self, SoupServerMessage *message);
void mock_on_write (MockFhir *self, SoupServerMessage *message, const char *type, const char *id);
