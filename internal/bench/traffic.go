package main

import (
	"math/rand/v2"
	"net/http"
	"strconv"
)

// request is what an operation asks of a server.
type request struct {
	method, path string
	body         []byte
}

// operation is a line of the table.
type operation struct {
	name   string
	status int
	// next makes the next request, with its body in the given buffer; false if
	// no work is left.
	next func(w *world, buffer []byte) (request, bool)
	// services is how many services without plugins each second takes.
	services int
}

// operations are in this order so that there is something to read and list
// also where the database was empty. A probe reads nothing: it is what every
// request costs.
var operations = []operation{
	{name: "probe", status: http.StatusOK, next: func(*world, []byte) (request, bool) { return request{method: http.MethodGet, path: "/healthz"}, true }},
	{name: "create service", status: http.StatusCreated, next: createService},
	{name: "create plugin", status: http.StatusCreated, next: createPlugin, services: 12_000},
	{name: "replace service", status: http.StatusOK, next: replaceService},
	{name: "replace plugin", status: http.StatusOK, next: replacePlugin},
	{name: "get service", status: http.StatusOK, next: getOne("/services/", (*world).anyService)},
	{name: "get plugin", status: http.StatusOK, next: getOne("/plugins/", (*world).anyPlugin)},
	{name: "list 100 services", status: http.StatusOK, next: func(w *world, _ []byte) (request, bool) { return w.list("/services?size=100"), true }},
	{name: "list 100 plugins", status: http.StatusOK, next: func(w *world, _ []byte) (request, bool) { return w.list("/plugins?size=100"), true }},
	{name: "list 1000 plugins", status: http.StatusOK, next: func(w *world, _ []byte) (request, bool) { return w.list("/plugins?size=1000"), true }},
	{name: "list 100 from half", status: http.StatusOK, next: func(w *world, _ []byte) (request, bool) { return w.list("/plugins?size=100&offset=" + w.half), true }},
}

func appendService(body []byte, name string) []byte {
	body = append(body, `{"name":"`...)
	body = append(body, name...)
	body = append(body, `","protocol":"https","host":"orders.internal.example","port":`...)
	body = strconv.AppendInt(body, 1+rand.Int64N(50_000), 10)
	return append(body, `,"path":"/v1","retries":3,"tags":["bench"]}`...)
}

// appendPlugin renders a plugin whose schema uses most kinds of rules: records
// in records, numbers in ranges, entity checks.
func appendPlugin(body []byte, service string) []byte {
	body = append(body, `{"name":"rate-limiting","service":{"id":"`...)
	body = append(body, service...)
	body = append(body, `"},"config":{"minute":`...)
	body = strconv.AppendInt(body, 1+rand.Int64N(50_000), 10)
	return append(body, `,"hour":100000,"limit_by":"consumer","policy":"redis","redis":{"host":"redis.internal.example","port":6379}},"tags":["bench"]}`...)
}

func createService(w *world, buffer []byte) (request, bool) {
	return request{http.MethodPost, w.core + "/services", appendService(buffer, "created-"+strconv.FormatInt(w.named.Add(1), 10))}, true
}

// createPlugin puts one plugin on each service that has none.
func createPlugin(w *world, buffer []byte) (request, bool) {
	service, ok := w.freeService()
	return request{http.MethodPost, w.core + "/plugins", appendPlugin(buffer, service)}, ok
}

func replaceService(w *world, buffer []byte) (request, bool) {
	one := w.anyService()
	return request{http.MethodPut, w.core + "/services/" + one, appendService(buffer, "replaced-"+one)}, true
}

func replacePlugin(w *world, buffer []byte) (request, bool) {
	one := w.limits[rand.IntN(len(w.limits))]
	return request{http.MethodPut, w.core + "/plugins/" + one.plugin, appendPlugin(buffer, one.service)}, true
}

func getOne(path string, pick func(*world) string) func(*world, []byte) (request, bool) {
	return func(w *world, _ []byte) (request, bool) {
		return request{method: http.MethodGet, path: w.core + path + pick(w)}, true
	}
}
