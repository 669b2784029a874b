/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-rules.h"

G_BEGIN_DECLS

/* An ingredient as the formulary names it. A code of NULL means that the formulary has none: such
 * an ingredient is matched by its name alone. */
typedef struct
{
  char *code; /* RxNorm, NULL where unknown */
  char *name;
} ClinicalIngredient;

ClinicalIngredient *clinical_ingredient_new (const char *code, const char *name);
void clinical_ingredient_free (ClinicalIngredient *self);
gboolean clinical_ingredient_is_same (const ClinicalIngredient *a, const ClinicalIngredient *b);

/* A row of the class table: what belongs to a class that people are allergic to as a whole. */
typedef struct
{
  char *group;    /* "penicillins" */
  char *label;    /* "penicillins" */
  char *severity; /* how a match within the group is graded */
  char *kind;     /* "ingredient", "term", "code" or "crosses" */
  char *system;   /* of a code, or NULL */
  char *value;    /* RxNorm code, code, or folded term; of "crosses" the other group */
  char *name;
  char *source; /* where the row is from, or "unverified" */
} ClinicalClassRow;

void clinical_class_row_free (ClinicalClassRow *self);

/* The clinical content that the checks read. It lives in a layer above; the checks only declare
 * what they need of it. Everything may be called from any thread. */
#define CLINICAL_TYPE_CONTENT (clinical_content_get_type ())
G_DECLARE_INTERFACE (ClinicalContent, clinical_content, CLINICAL, CONTENT, GObject)

struct _ClinicalContentInterface
{
  GTypeInterface parent;

  GPtrArray *(*ingredients_of_drug) (ClinicalContent *self, const char *rxcui);
  GPtrArray *(*ingredients_in_text) (ClinicalContent *self, const char *text);
  GPtrArray *(*class_rows) (ClinicalContent *self);
  char *(*dup_date) (ClinicalContent *self);
  ClinicalRules *(*dup_rules) (ClinicalContent *self); /* absent: there are class_rows only */
};

GPtrArray *clinical_content_ingredients_of_drug (ClinicalContent *self, const char *rxcui);
GPtrArray *clinical_content_ingredients_in_text (ClinicalContent *self, const char *text);
GPtrArray *clinical_content_get_class_rows (ClinicalContent *self);
char *clinical_content_dup_date (ClinicalContent *self);
ClinicalRules *clinical_content_dup_rules (ClinicalContent *self);
GPtrArray *clinical_class_rows_parse (const char *tsv, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalIngredient, clinical_ingredient_free)

G_END_DECLS
