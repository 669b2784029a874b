/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every file without a window reads first, and what takes most of the time of its compilation:
 * read once for each library in the sanitized and the fuzzers' build, which clang makes (gcc gains
 * nothing by it). A file includes what it needs all the same: the other builds notice. */
#include <gio/gio.h>
