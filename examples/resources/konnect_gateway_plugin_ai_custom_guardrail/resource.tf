resource "konnect_gateway_plugin_ai_custom_guardrail" "example" {
  control_plane_id = konnect_gateway_control_plane.shop.id

  config = {
    functions = {
      check_response = "return true"
    }
    guarding_mode = "BOTH"
    params = {
      api_key = "example-api-key"
      model   = "example-model"
    }
    request = {
      body = {
        input = "$(content)"
        model = "$(conf.params.model)"
      }
      headers = {
        Authorization = "Bearer $(conf.params.api_key)"
      }
      url = "https://api.mistral.ai/v1/moderations"
    }
    response = {
      block         = "$(check_response.block)"
      block_message = "$(check_response.block_message)"
    }
    text_source = "concatenate_all_content"
  }

  service = {
    id = konnect_gateway_service.orders.id
  }
}
