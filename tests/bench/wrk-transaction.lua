-- SPDX-License-Identifier: GPL-3.0-or-later
-- Transactions of 50 creates: a visit, and 49 readings that refer to it and to a patient of FILE ("Patient/ID").
dofile(os.getenv('BEDSIDE_WRK_COMMON'))
local SIZE = 50
local made = 0

local function entry(url, type, body)
  return string.format('{"fullUrl":"%s","resource":{"resourceType":"%s",%s},"request":{"method":"POST","url":"%s"}}', url, type,
    body, type)
end

local function uuid(place)
  return string.format('urn:uuid:%08x-%04x-4%03x-8000-%012x', made, number, place, math.random(0, 2 ^ 31 - 1))
end

init = begin

function request()
  made = made + 1
  local patient, visit = any_line(), uuid(0)
  local entries = { entry(visit, 'Encounter', '"status":"finished","class":{"system":' ..
    '"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"' .. patient .. '"}') }
  for place = 1, SIZE - 1 do
    entries[place + 1] = entry(uuid(place), 'Observation', string.format('"status":"final","code":{"coding":[{"system":' ..
      '"http://loinc.org","code":"8480-6"}],"text":"Systolic blood pressure"},"subject":{"reference":"%s"},"encounter":' ..
      '{"reference":"%s"},"effectiveDateTime":"2026-11-09T09:%02d:00Z","valueQuantity":{"value":%d,"unit":"mm[Hg]"}', patient, visit,
      place, 100 + place))
  end
  local body = '{"resourceType":"Bundle","type":"transaction","entry":[' .. table.concat(entries, ',') .. ']}'
  return wrk.format('POST', wrk.path, with { ['Content-Type'] = 'application/fhir+json' }, body)
end
