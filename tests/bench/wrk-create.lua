-- SPDX-License-Identifier: GPL-3.0-or-later
-- Conditional creates: each an Observation of its own identifier for a patient of FILE ("Patient/ID"), so that each is made.
dofile(os.getenv('BEDSIDE_WRK_COMMON'))
local made = 0

function init(args)
  begin(args)
  mark = args[3]
end

function request()
  made = made + 1
  local value = string.format('%s-%d-%d', mark, number, made)
  local body = string.format('{"resourceType":"Observation","status":"final","identifier":[{"system":"https://example.org/bench",' ..
    '"value":"%s"}],"code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}]},' ..
    '"subject":{"reference":"%s"},"effectiveDateTime":"2026-11-09T09:%02d:00Z","valueQuantity":{"value":%d,"unit":"/min",' ..
    '"system":"http://unitsofmeasure.org","code":"/min"}}', value, any_line(), made % 60, 60 + made % 40)
  return wrk.format('POST', root .. '/Observation', with {
    ['Content-Type'] = 'application/fhir+json', ['If-None-Exist'] = 'identifier=https://example.org/bench|' .. value }, body)
end
