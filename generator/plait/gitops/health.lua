-- Health of a Knative Broker or Trigger: its condition Ready (Knative 1.22). Argo CD runs this without
-- Lua's libraries. NoAddress and ProbeStatus are False for a moment on the way to a Broker's first True.
local health = { status = "Progressing", message = "Knative has not reported a status yet" }
if obj.metadata.deletionTimestamp ~= nil then
  health.message = "being deleted"
  return health
end
if obj.status == nil or obj.status.conditions == nil then
  return health
end
local observed = obj.status.observedGeneration
if observed ~= nil and observed ~= obj.metadata.generation then
  health.message = "Knative has not seen the last change yet"
  return health
end
for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Ready" then
    health.message = "Ready is " .. condition.status
    if condition.reason ~= nil and condition.reason ~= "" then
      health.message = health.message .. ", " .. condition.reason
    end
    if condition.message ~= nil and condition.message ~= "" then
      health.message = health.message .. ": " .. condition.message
    end
    local starting = condition.reason == "NoAddress" or condition.reason == "ProbeStatus"
    if condition.status == "True" then
      health.status = "Healthy"
    elseif condition.status == "False" and not starting then
      health.status = "Degraded"
    end
  end
end
return health
