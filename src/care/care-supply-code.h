/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

#define CARE_SYSTEM_COLLECT "https://bedside.health/fhir/collect-token"

/* What a patient shows at a counter: "RX1/NUMBER/TOKEN/CHECK". */
char *care_supply_code_make (const char *number, const char *token);
gboolean care_supply_code_parse (const char *text, char **number, char **token, GError **error);

/* The Task of CARE_SUPPLY_COLLECT that a code leads to. */
FhirResource *
care_supply_code_task (FhirResource *request, const char *token, const char *now, const char *way);
char *care_supply_code_of (FhirResource *request, FhirResource *task);

/* On paper. */
char *care_supply_code_print (StoreConnection *connection,
                              CareContext *context,
                              const char *request_id,
                              GError **error);
void care_supply_code_print_async (CareContext *context,
                                   const char *request_id,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *care_supply_code_print_finish (GAsyncResult *result, GError **error);
gboolean care_supply_code_void (StoreConnection *connection,
                                CareContext *context,
                                const char *code,
                                GError **error);
void care_supply_code_void_async (CareContext *context,
                                  const char *code,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean care_supply_code_void_finish (GAsyncResult *result, GError **error);

G_END_DECLS
