/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every file with a window in it reads first, and what takes two thirds of the time of its
 * compilation: read once for each library (-Db_pch=true, by ./dev). A file includes what it needs
 * all the same: the sanitized, the release and the packaged build have nothing precompiled. */
#include <adwaita.h>
