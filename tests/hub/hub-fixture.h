/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fhir-resource.h"
#include "hub-data.h"
#include "hub-server.h"

/* A hub in this process, in a temporary folder, on a free port, with a user for each role whose
 * name is the role's. The client side runs on the same main loop. */
typedef struct
{
  char *folder;
  BaseClock *clock;
  HubData *data;
  HubServer *server;
  SoupSession *session;
} HubFixture;

typedef struct
{
  guint status;
  char *text;             /* the body */
  FhirResource *resource; /* the body, where it is one */
  SoupMessage *message;
} HubAnswer;

#define HUB_FIXTURE_PATIENT      "p1"
#define HUB_FIXTURE_PRACTITIONER "Practitioner/d1"
#define HUB_FIXTURE_NURSE        "Practitioner/n1"
#define HUB_FIXTURE_RECEPTION    "Practitioner/r1"
#define HUB_FIXTURE_PHARMACY     "Organization/o1"

void hub_fixture_set_up (HubFixture *self, gconstpointer data);
void hub_fixture_tear_down (HubFixture *self, gconstpointer data);
char *hub_fixture_token (HubFixture *self, const char *user);

/* "METHOD path" and an answer. @headers: "Name: value" lines, or NULL; @body JSON, or NULL. @user
 * may be NULL. */
HubAnswer *hub_fixture_send (
    HubFixture *self, const char *user, const char *request, const char *headers, const char *body);
void hub_answer_free (HubAnswer *answer);
const char *hub_answer_header (HubAnswer *answer, const char *name);
char *hub_answer_sentence (HubAnswer *answer);

#define hub_assert_outcome(answer, code)                                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_cmpuint ((answer)->status, ==, code);                                                 \
    g_assert_nonnull ((answer)->resource);                                                         \
    g_assert_cmpstr (fhir_resource_get_type ((answer)->resource), ==, "OperationOutcome");         \
    g_assert_nonnull (fhir_resource_path_text ((answer)->resource, "issue.diagnostics"));          \
  }                                                                                                \
  G_STMT_END

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubAnswer, hub_answer_free)
