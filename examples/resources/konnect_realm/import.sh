terraform import konnect_realm.partners '0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d'

# By name, from the control plane down; any part may be an ID, and a / within a name is %2F:
terraform import konnect_realm.partners partners
