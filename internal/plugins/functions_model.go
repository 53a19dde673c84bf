package plugins

import "fmt"

const modelStatisticsName = "custom_entity_check(route_type,model,logging)"

// modelStatistics are the providers that give no statistics.
func modelStatistics(target any) any {
	t := record(target)
	routeType, _ := t["route_type"].(string)
	provider, _ := record(t["model"])["provider"].(string)
	if record(t["logging"])["log_statistics"] == true && routeType == "llm/v1/completions" && provider == "anthropic" {
		return fmt.Sprintf("%s does not support statistics when route_type is %s", provider, routeType)
	}
	return nil
}
