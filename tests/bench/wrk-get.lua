-- SPDX-License-Identifier: GPL-3.0-or-later
-- GET of a line of FILE, below BASE: reads and pages.
dofile(os.getenv('BEDSIDE_WRK_COMMON'))
init = begin

function request()
  return wrk.format('GET', root .. '/' .. any_line(), headers)
end
