terraform import konnect_gateway_control_plane.shop '9524ec7d-36d9-465d-a8c5-83a3c9390458'

# By name, from the control plane down; any part may be an ID, and a / within a name is %2F:
terraform import konnect_gateway_control_plane.shop shop
