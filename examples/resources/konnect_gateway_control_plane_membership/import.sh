terraform import konnect_gateway_control_plane_membership.all '9524ec7d-36d9-465d-a8c5-83a3c9390458'
