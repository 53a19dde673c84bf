terraform {
  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

# A control plane in Konnect. The token is better kept in the environment (KONNECT_TOKEN or KONNECT_SPAT).
provider "konnect" {
  server_url            = "https://eu.api.konghq.com"
  personal_access_token = var.konnect_token
}

# The embedded control plane, in a file of its own: no account, no network.
provider "konnect" {
  alias = "local"

  embedded = {
    path = "konnect.db"
  }
}

variable "konnect_token" {
  type      = string
  sensitive = true
}
