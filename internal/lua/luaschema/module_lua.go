package luaschema

import (
	"embed"
	"io/fs"
	"net/netip"
	"slices"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Modules that are easier to write in Lua than in Go. They follow the public
// documentation as far as schemas use them to judge values. They run in the
// sandbox, guarded like a schema.
//
//go:embed modules/*.lua
var moduleFiles embed.FS

// luaModuleNames are the names of those modules.
var luaModuleNames = func() []string {
	files, err := fs.Glob(moduleFiles, "modules/*.lua")
	if err != nil {
		panic(err) // the pattern is good
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(file, "modules/"), ".lua")
	}
	return files
}()

var compiledModules sync.Map // *lua.FunctionProto by name

// luaModule compiles a module at its first use. It returns nil if there is no
// module of that name.
func luaModule(name string) *lua.FunctionProto {
	if proto, ok := compiledModules.Load(name); ok {
		return proto.(*lua.FunctionProto)
	}
	if !slices.Contains(luaModuleNames, name) {
		return nil
	}
	source, err := moduleFiles.ReadFile("modules/" + name + ".lua")
	if err != nil {
		panic(err) // it is one of the files
	}
	chunk, err := luasyntax.Parse(name, string(source))
	if err != nil {
		panic(err) // tests run every module
	}
	proto, err := compile(chunk, name)
	if err != nil {
		panic(err)
	}
	compiledModules.Store(name, proto)
	return proto
}

// runModule runs a module that is written in Lua. As an argument the module
// gets the functions that it cannot have in Lua.
func (s *sandbox) runModule(l *lua.LState, proto *lua.FunctionProto) lua.LValue {
	s.luaModules = true
	s.openEverything() // the module may use any of it
	chunk := s.invoke(l, l.NewFunctionFromProto(proto), s.guards()...)
	return s.invoke(l, chunk, s.library(functions{"host": s.readHost}))
}

// readHost returns the kind of a host, the host without its port, and the port.
func (s *sandbox) readHost(l *lua.LState) int {
	text := arguments{l, "host"}.str(1)
	s.take(l, firstKey+len(text))
	host, err := schema.ParseHost(text)
	if err != nil {
		l.Push(lua.LNil)
		return 1 + pushText(l, err.Error())
	}
	kind, port := "name", lua.LNil
	if host.HasPort {
		port = lua.LNumber(host.Port)
		text = text[:strings.LastIndexByte(text, ':')]
	}
	switch host.Kind {
	case schema.HostIPv4:
		kind = "ipv4"
	case schema.HostIPv6:
		kind = "ipv6"
		if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
			text = address.StringExpanded()
		}
	}
	pushText(l, kind)
	pushText(l, text)
	l.Push(port)
	return 3
}
