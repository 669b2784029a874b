/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every file without a window reads first, and what takes most of the time of its compilation:
 * read once for each library in what clang compiles (gcc gains nothing by it). A file includes what
 * it needs all the same: what ships is compiled without, and lint looks. */
#include <gio/gio.h>
