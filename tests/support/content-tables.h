/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

#include "store-content-make.h"

/* A folder of small tables, and content files made of it. */

#define CONTENT_HEAD "# label: Test tables\n# date: 2026-11-01\n"
#define CONTENT_FORMULARY                                                                          \
  CONTENT_HEAD                                                                                     \
  "scd_rxcui\tname\tingredients\tingredient_codes\tstrength\tform\troute\tsource\tbrands\n"        \
  "308191\tamoxicillin 500 MG Oral Capsule\tamoxicillin\t723\t500 MG\tOral Capsule\toral\t"        \
  "confirmed\tAmoxil\n"                                                                            \
  "861007\tmetformin hydrochloride 500 MG Oral Tablet\tmetformin\t6809\t500 MG\tOral Tablet\t"     \
  "oral\tconfirmed\t\n"
#define CONTENT_INGREDIENTS CONTENT_HEAD "rxcui\tname\ttty\n723\tamoxicillin\tIN\n"
#define CONTENT_NDC         CONTENT_HEAD "ndc11\trxcui\tbrand\n00093415573\t308191\tAmoxil\n"
#define CONTENT_CLASSES                                                                            \
  CONTENT_HEAD "group\tlabel\tseverity\tkind\tsystem\tvalue\tname\tsource\n"                       \
               "penicillins\tpenicillins\thigh\tingredient\t"                                      \
               "http://www.nlm.nih.gov/research/umls/rxnorm\t723\tamoxicillin\tunverified\n"

static inline void
content_tables_write_bytes (const char *folder, const char *name, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

static inline void
content_tables_write (const char *folder, const char *name, const char *text)
{
  content_tables_write_bytes (folder, name, text, -1);
}

/* (transfer full): a folder with four good tables */
static inline char *
content_tables_new (void)
{
  char *folder = g_dir_make_tmp ("bedside-content-XXXXXX", NULL);

  content_tables_write (folder, "formulary.tsv", CONTENT_FORMULARY);
  content_tables_write (folder, "ingredients.tsv", CONTENT_INGREDIENTS);
  content_tables_write (folder, "ndc.tsv", CONTENT_NDC);
  content_tables_write (folder, "allergy-classes.tsv", CONTENT_CLASSES);
  return folder;
}

/* (transfer full): the path of a content file made of them */
static inline char *
content_tables_make (const char *folder)
{
  char *path = g_build_filename (folder, "site.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = store_content_make (folder, path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (tables);
  return path;
}

static inline void
content_tables_remove (char *folder)
{
  g_autoptr (GDir) listing = g_dir_open (folder, 0, NULL);

  for (const char *name = g_dir_read_name (listing); name; name = g_dir_read_name (listing))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}
