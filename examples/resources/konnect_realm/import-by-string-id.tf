# Without a resource block, for terraform plan -generate-config-out, add: provider = konnect
import {
  to = konnect_realm.partners
  id = "5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90"
}
