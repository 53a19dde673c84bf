terraform import konnect_realm.partners '5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90'
