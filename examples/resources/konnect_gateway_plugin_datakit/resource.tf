# An answer is put together from two services.
resource "konnect_gateway_plugin_datakit" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    nodes = [
      {
        call = {
          name = "PRODUCT"
          url  = "http://products.internal/featured"
        }
      },
      {
        call = {
          name = "REVIEWS"
          url  = "http://reviews.internal/featured"
        }
      },
      {
        jq = {
          name = "BOTH"
          inputs = {
            product = "PRODUCT.body"
            reviews = "REVIEWS.body"
          }
          jq = "{ product: .product, reviews: .reviews }"
        }
      },
      {
        exit = {
          name = "ANSWER"
          inputs = {
            body = "BOTH"
          }
        }
      },
    ]
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}

resource "konnect_gateway_control_plane" "shop" {
  name = "shop"
}

resource "konnect_gateway_service" "orders" {
  control_plane_id = konnect_gateway_control_plane.shop.id
  name             = "orders"
  host             = "orders.internal"
}
