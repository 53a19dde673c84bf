# Certificates by which data planes prove who they are, and what a Kubernetes cluster needs to run such data planes: a secret
# with the pair in use, and the settings of the gateway. README.md makes the pairs, and replaces one while data planes run.

terraform {
  required_version = ">= 1.8"

  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

variable "certificates" {
  type        = string
  description = "Folder with pairs NAME.crt and NAME.key, all of which data planes may use."
  default     = "certificates"
}

variable "current" {
  type        = string
  description = "Name of the pair that the data planes get."
}

variable "namespace" {
  type        = string
  description = "Namespace of the data planes in the cluster."
  default     = "kong"
}

locals {
  # An address without its scheme, which is how the gateway wants it.
  host = {
    for name in ["control_plane_endpoint", "telemetry_endpoint"] : name => trimprefix(konnect_gateway_control_plane.shop.config[name], "https://")
  }

  metadata = { name = "data-plane", namespace = var.namespace }

  secret = {
    apiVersion = "v1"
    kind       = "Secret"
    type       = "kubernetes.io/tls"
    metadata   = local.metadata
    data = {
      "tls.crt" = filebase64("${var.certificates}/${var.current}.crt")
      "tls.key" = filebase64("${var.certificates}/${var.current}.key")
    }
  }

  # For a container's envFrom; the secret is mounted at /etc/data-plane.
  settings = {
    apiVersion = "v1"
    kind       = "ConfigMap"
    metadata   = local.metadata
    data = {
      KONG_ROLE                          = "data_plane"
      KONG_DATABASE                      = "off"
      KONG_KONNECT_MODE                  = "on"
      KONG_CLUSTER_MTLS                  = "pki"
      KONG_CLUSTER_CONTROL_PLANE         = "${local.host.control_plane_endpoint}:443"
      KONG_CLUSTER_SERVER_NAME           = local.host.control_plane_endpoint
      KONG_CLUSTER_TELEMETRY_ENDPOINT    = "${local.host.telemetry_endpoint}:443"
      KONG_CLUSTER_TELEMETRY_SERVER_NAME = local.host.telemetry_endpoint
      KONG_CLUSTER_CERT                  = "/etc/data-plane/tls.crt"
      KONG_CLUSTER_CERT_KEY              = "/etc/data-plane/tls.key"
      KONG_LUA_SSL_TRUSTED_CERTIFICATE   = "system"
    }
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name      = "shop"
  auth_type = "pinned_client_certs"
}

# Every pair in the folder, not only the current one: data planes that have not got the new one yet stay connected.
resource "konnect_gateway_data_plane_client_certificate" "nodes" {
  for_each         = toset([for file in fileset(var.certificates, "*.crt") : trimsuffix(file, ".crt")])
  control_plane_id = konnect_gateway_control_plane.shop.id

  title = each.key
  cert  = file("${var.certificates}/${each.key}.crt")
}

output "certificates" {
  description = "IDs of the certificates that data planes may use, by their names."
  value       = { for name, certificate in konnect_gateway_data_plane_client_certificate.nodes : name => certificate.id }
}

# An output is in the state, and so is the private key in it: keep the state where such a key may be kept.
output "manifest" {
  description = "What kubectl apply takes."
  value       = join("---\n", [yamlencode(local.secret), yamlencode(local.settings)])
  sensitive   = true

  # Otherwise data planes could get a certificate that the control plane does not know yet.
  depends_on = [konnect_gateway_data_plane_client_certificate.nodes]
}
