-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the scripts of wrk share: the token, a number for each thread, and the outcome as one JSON line.
-- wrk … -s SCRIPT BASE -- TOKEN [FILE]: BASE ends in the server's FHIR path, FILE has a text for each line.
local threads = 0

function setup(thread)
  thread:set('number', threads)
  threads = threads + 1
end

function lines_of(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

function begin(args)
  math.randomseed(4711 + number)
  root = wrk.path:gsub('/$', '')
  headers = { ['Authorization'] = 'Bearer ' .. args[1], ['Accept'] = 'application/fhir+json' }
  if args[2] then lines = lines_of(args[2]) end
end

function with(more)
  local all = {}
  for name, value in pairs(headers) do all[name] = value end
  for name, value in pairs(more) do all[name] = value end
  return all
end

function any_line()
  return lines[math.random(#lines)]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "cut": %d}',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
