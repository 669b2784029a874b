/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-index.h"

G_BEGIN_DECLS

typedef struct _FhirIndexLeaf FhirIndexLeaf;
typedef void (*FhirIndexConvert) (const FhirIndexLeaf *leaf,
                                  const FhirElement *element,
                                  GPtrArray *values);

/* What to do with an element that stands at the end of a path. */
struct _FhirIndexLeaf
{
  const char *parameter;
  const char *identifier_parameter; /* (nullable): "subject:identifier" */
  const char *text_parameter;       /* (nullable): "code:text" */
  FhirSearchType type;
  const char *target; /* (nullable): only references to this type */
  FhirIndexConvert convert;
};

FhirIndexConvert fhir_index_converter (FhirSearchType type, const char *data_type);
const char *fhir_index_find_date_fault (const FhirIndexLeaf *leaf,
                                        const FhirElement *element,
                                        const char **member);
void fhir_index_add_boolean (const char *parameter, gboolean value, GPtrArray *values);

G_END_DECLS
