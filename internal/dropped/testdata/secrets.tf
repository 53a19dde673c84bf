# What a file says literally, everybody reads who has it.

resource "konnect_gateway_plugin" "free" {
  control_plane_id = var.cp
  name             = "rate-limiting"
  config = {
    minute = 5
    policy = "redis"
    redis  = { host = "r.example", password = "redis-4711" } # want "config.redis.password: a secret is written out"
  }
}

resource "konnect_gateway_plugin" "json" {
  control_plane_id = var.cp
  name             = "rate-limiting"
  config = jsonencode({
    minute = var.limit
    policy = "redis"
    redis = {
      host     = var.host
      password = "redis-4711" # want "config.redis.password: a secret is written out"
      prot     = 6379         # want "config.redis.prot: unknown field. Did you mean \"port\"?"
    }
  })
}

resource "konnect_gateway_plugin" "text" {
  control_plane_id = var.cp
  name             = "rate-limiting"
  config           = "{\"minute\": 5, \"policy\": \"redis\", \"redis\": {\"host\": \"r\", \"password\": \"redis-4711\"}}" # want "config.redis.password: a secret is written out"
}

resource "konnect_gateway_plugin_rate_limiting" "typed" {
  control_plane_id = var.cp
  config = {
    minute = 5
    policy = "redis"
    redis = {
      host     = "r.example"
      username = "limiter"
      password = "redis-4711" # want "config.redis.password: a secret is written out"
    }
  }
}

resource "konnect_gateway_plugin_rate_limiting" "looked_through" {
  control_plane_id = var.cp
  config = provider::konnect::plugin_config("rate-limiting", {
    minute = 5
    polcy  = "redis"                                         # want "config.polcy: there is no such attribute"
    redis  = { host = "r.example", password = "redis-4711" } # want "config.redis.password: a secret is written out"
  })
}

resource "konnect_gateway_plugin_openid_connect" "list" {
  control_plane_id = var.cp
  config = {
    issuer        = "https://id.example"
    client_id     = ["shop"]
    client_secret = [var.first, "oidc-4713"] # want "config.client_secret\\[1\\]: a secret is written out"
  }
}

resource "konnect_gateway_plugin_http_log" "header" {
  control_plane_id = var.cp
  config = {
    http_endpoint = "https://log.example"
    headers       = { Authorization = "log-4714", X-Stage = "one" } # want "config.headers.Authorization: a secret is written out"
  }
}

resource "konnect_gateway_key_auth" "alice" {
  control_plane_id = var.cp
  consumer_id      = var.alice
  key              = "alice-4712" # want "key: a secret is written out"
}

# Nothing is told here.
resource "konnect_gateway_plugin_rate_limiting" "hidden" {
  control_plane_id = var.cp
  config = {
    minute = 5
    policy = "redis"
    redis  = { host = "r.example", username = "limiter", password = "{vault://env/redis-password}" }
  }
}

resource "konnect_gateway_plugin" "hidden" {
  control_plane_id = var.cp
  name             = "rate-limiting"
  config           = jsonencode({ minute = 5, policy = "redis", redis = { host = "r", password = var.password } })
}

resource "konnect_gateway_key_auth" "hidden" {
  control_plane_id = var.cp
  consumer_id      = var.alice
  key              = file("alice.key")
}
