package plugins

import (
	"encoding/json"
	"fmt"
)

// periods in ascending order; a longer one must not allow less.
var periods = []string{"second", "minute", "hour", "day", "month", "year"}

func rateLimits(config any) any {
	c := record(config)
	if m := ascendingLimits(c, "The"); m != nil {
		return m
	}
	return syncRate(c["policy"], c["sync_rate"])
}

func responseLimits(limits any) any { return ascendingLimits(record(limits), "the") }

func ascendingLimits(limits map[string]any, article string) any {
	for i, shorter := range periods {
		low, ok := number(limits[shorter])
		if !ok {
			continue
		}
		for _, longer := range periods[i+1:] {
			if high, ok := number(limits[longer]); ok && high < low {
				return fmt.Sprintf("%s limit for %s(%.1f) cannot be lower than the limit for %s(%.1f)",
					article, longer, high, shorter, low)
			}
		}
	}
	return nil
}

// limitWindows judges that every limit has its window. Kong's own check may ask
// for more; the rest of it is not known.
func limitWindows(entity any) any {
	config := record(record(entity)["config"])
	limits, _ := config["limit"].([]any)
	windows, _ := config["window_size"].([]any)
	if len(limits) != len(windows) && len(limits) > 0 && len(windows) > 0 {
		return "You must provide the same number of windows and limits"
	}
	return nil
}

// syncRate judges how often counters are synchronised: -1 is at once, and
// anything else needs a store to synchronise with.
func syncRate(policy, rate any) any {
	const least = 0.02
	r, ok := number(rate)
	switch {
	case !ok || r == -1:
		return nil
	case policy != "redis":
		return "sync_rate can only be used with the redis policy"
	case r < least:
		return "sync_rate must be greater than 0.02, or -1 to disable"
	}
	return nil
}

// number returns the value of a number in any form that the engine takes.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}
