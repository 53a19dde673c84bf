# A platform for two teams. The platform team keeps a control plane, the tiers that consumers belong to, and plugins that
# hold for every API (folder platform); each team keeps its APIs and their consumers, and may be stricter (folder team).
#
#   export KONNECT_EMBEDDED=konnect.db    # or KONNECT_SERVER_URL and KONNECT_TOKEN
#   terraform init && terraform test && terraform apply

terraform {
  required_version = ">= 1.8"

  required_providers {
    konnect = {
      source = "openkonnect/konnect"
    }
  }
}

module "platform" {
  source = "./platform"

  name = "shop"
  tiers = {
    gold   = 600
    silver = 60
  }
}

module "orders" {
  source = "./team"

  team     = "orders"
  platform = module.platform.offer
  apis = {
    orders = { host = "orders.internal", port = 8080, paths = ["/orders"] }
    labels = { host = "labels.internal", paths = ["/labels"], max_megabytes = 20 }
  }
  consumers = {
    warehouse = "gold"
    carrier   = "silver"
  }
}

module "bills" {
  source = "./team"

  team     = "bills"
  platform = module.platform.offer
  apis = {
    bills = { host = "bills.internal", paths = ["/bills", "/invoices"] }
  }
  consumers = {
    accounting = "gold"
  }
}

output "apis" {
  description = "Paths of all APIs, by their names."
  value       = merge(module.orders.paths, module.bills.paths)
}

output "keys" {
  description = "Keys of all consumers, which the control plane has made."
  value       = merge(module.orders.keys, module.bills.keys)
  sensitive   = true
}
