# Comments that begin with "want" hold what is found in their line.

resource "konnect_gateway_plugin_rate_limiting" "keys" {
  control_plane_id = var.cp
  config = {
    minute = 5
    polcy  = "redis" # want "config.polcy: there is no such attribute, and Terraform drops it without a word. Did you mean policy?"
    redis = {
      hsot = "a" # want "config.redis.hsot: .* Did you mean host?"
    }
    redis_host = "x" # want "config.redis_host: .* It is the former name of config.redis.host."
    host       = "y" # want "config.host: .* Did you mean redis.host?"
    "hour"     = 30
    zzzzzzzzzz = 1 # want "Known here: day, error_code, "
  }
  servce  = { id = 1 }        # want "servce: there is no such attribute. Did you mean service?"
  service = { idd = var.svc } # want "service.idd: .* Did you mean id?|service.id: missing primary key"
}

# A key that is not literal may be any: only what is written is looked at.
resource "konnect_gateway_plugin_rate_limiting" "open" {
  control_plane_id = var.cp
  config = {
    (var.unit) = 5
    polcy      = "redis" # want "config.polcy"
  }
}

# Values are judged where they are literal.
resource "konnect_gateway_plugin_rate_limiting" "values" {
  control_plane_id = "9524ec7d-36d9-465d-a8c5-83a3c9390458"
  config = {
    minute   = -5         # want "config.minute: value must be greater than 0"
    policy   = "rediss"   # want "config.policy: expected one of: local, cluster, redis"
    limit_by = "${var.x}" # anything
    hour     = "seven"    # want "config.hour: a number is required"
    second   = "7"
    redis    = "r.example"    # want "config.redis: wanted is an object"
    path     = (("no-slash")) # want "config.path: should start with: /"
    day      = var.days * 2
  }
  protocols = ["http", "htp"] # want "protocols\\[[01]\\]: (expected one of|the plugin)"
  enabled   = [true]          # want "enabled: bool required"
}

resource "konnect_gateway_plugin_rate_limiting" "nothing" {
  control_plane_id = var.cp
  config           = {} # want "at least one of these fields must be non-empty"
}

resource "konnect_gateway_plugin_rate_limiting" "null" {
  control_plane_id = var.cp
  config = {
    minute    = 5
    redis     = null
    sync_rate = null
  }
}

resource "konnect_gateway_plugin_rate_limiting" "below" {
  control_plane_id = var.cp
  config = {
    minute = var.limit
    redis = {
      host = var.host
      port = 70000 # want "config.redis.port: value should be between 0 and 65535"
    }
  }
}

resource "konnect_gateway_plugin_rate_limiting" "elsewhere" {
  control_plane_id = var.cp
  config           = local.limits
}

resource "konnect_gateway_plugin_rate_limiting" "function" {
  control_plane_id = var.cp
  config           = provider::konnect::plugin_config("rate-limiting", { polcy = 1 }) # want "config.polcy: .* Did you mean policy?|at least one of these fields"
}

# Expressions around objects are looked into.
resource "konnect_gateway_plugin_request_transformer" "merge" {
  control_plane_id = var.cp
  config           = merge(local.x, { ad = {} }) # want "config.ad: .* Did you mean add?"
}

resource "konnect_gateway_plugin_opentelemetry" "conditional" {
  control_plane_id = var.cp
  config = var.on ? {
    traces_endpont = "http://o.example" # want "config.traces_endpont: .* Did you mean traces_endpoint?"
  } : null
}

resource "konnect_gateway_plugin_key_auth" "lists" {
  for_each         = toset(["a"])
  control_plane_id = var.cp
  config = {
    identity_realms = [
      { scope = "cp" },
      { scope = "rea", region = var.r }, # want "config.identity_realms\\[1\\].scope: expected one of: cp, realm"
      {
        scop = "cp" # want "config.identity_realms\\[2\\].scop: .* Did you mean scope?"
      },
    ]
  }
}

resource "konnect_gateway_plugin_key_auth" "comprehension" {
  count            = 2
  control_plane_id = var.cp
  config = {
    identity_realms = concat([for r in var.realms : { scope = r, regoin = "eu" }], var.more) # want "config.identity_realms\\[\\*\\].regoin: .* Did you mean region?"
  }
}

# Names of the API that Terraform cannot have.
resource "konnect_gateway_plugin_proxy_cache" "names" {
  control_plane_id = var.cp
  config = {
    strategy = "memory"
    response_headers = {
      x_cache_key   = false
      "X-Cache-Key" = false # want "config.response_headers.X-Cache-Key: .* Did you mean x_cache_key?"
    }
  }
}

resource "konnect_gateway_plugin_kez_auth" "none" {} # want "there is no resource of type konnect_gateway_plugin_kez_auth. Did you mean konnect_gateway_plugin_key_auth?"

resource "konnect_gateway_plugin_rate_limiting" "block" {
  control_plane_id = var.cp
  config { # want "config: an attribute is wanted, not a block: write config = "
    minute = 5
  }
}

# Not of this provider.
resource "konnect_gateway_plugin_kez_auth" "theirs" {
  provider = kong.eu
}

resource "konnect_gateway_plugin_kez_auth" "ours" { # want "no resource of type"
  provider = konnect.eu
}

resource "random_pet" "other" {
  config = { minute = "x" }
}
