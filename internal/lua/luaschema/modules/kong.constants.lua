-- The gateway's constants that schemas look at.
local function set(words)
  local t = {}
  for word in words:gmatch("%S+") do
    t[#t + 1] = word
  end
  return t
end

local constants = {
  PROTOCOLS = {},
  PROTOCOLS_WITH_SUBSYSTEM = {
    http = "http", https = "http", tcp = "stream", tls = "stream", udp = "stream", tls_passthrough = "stream",
    grpc = "http", grpcs = "http", ws = "http", wss = "http",
  },
  DICTS = {},
  CORE_ENTITIES = set "consumers certificates services routes snis upstreams targets plugins tags ca_certificates clustering_data_planes workspaces parameters vaults keys key_sets",
  HEADERS = {
    HOST_OVERRIDE = "X-Host-Override", PROXY_LATENCY = "X-Kong-Proxy-Latency", RESPONSE_LATENCY = "X-Kong-Response-Latency",
    ADMIN_LATENCY = "X-Kong-Admin-Latency", UPSTREAM_LATENCY = "X-Kong-Upstream-Latency", UPSTREAM_STATUS = "X-Kong-Upstream-Status",
    CONSUMER_ID = "X-Consumer-ID", CONSUMER_CUSTOM_ID = "X-Consumer-Custom-ID", CONSUMER_USERNAME = "X-Consumer-Username",
    CREDENTIAL_IDENTIFIER = "X-Credential-Identifier", ANONYMOUS = "X-Anonymous-Consumer", CONSUMER_GROUPS = "X-Consumer-Groups",
    AUTHENTICATED_GROUPS = "X-Authenticated-Groups", RATELIMIT_LIMIT = "X-RateLimit-Limit", RATELIMIT_REMAINING = "X-RateLimit-Remaining",
    FORWARDED_FOR = "X-Forwarded-For", FORWARDED_PROTO = "X-Forwarded-Proto", FORWARDED_HOST = "X-Forwarded-Host",
    FORWARDED_PORT = "X-Forwarded-Port", FORWARDED_PATH = "X-Forwarded-Path", FORWARDED_PREFIX = "X-Forwarded-Prefix",
    REAL_IP = "X-Real-IP", SERVER = "Server", VIA = "Via", DATE = "Date", ALLOW = "Allow", CONTENT_TYPE = "Content-Type",
    CONTENT_LENGTH = "Content-Length", REQUEST_DEBUG = "X-Kong-Request-Debug", REQUEST_ID = "X-Kong-Request-Id",
  },
}

for protocol in pairs(constants.PROTOCOLS_WITH_SUBSYSTEM) do
  constants.PROTOCOLS[#constants.PROTOCOLS + 1] = protocol
end
table.sort(constants.PROTOCOLS)
for zone in pairs(ngx.shared) do
  constants.DICTS[#constants.DICTS + 1] = zone
end

return constants
