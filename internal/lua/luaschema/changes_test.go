package luaschema

import "testing"

// TestLuaModules: no module assigns a global, which states with one would not
// notice.
func TestLuaModules(t *testing.T) {
	t.Parallel()
	for _, name := range luaModuleNames {
		main := luaModule(name).FunctionPrototypes[0]
		if names := assignedGlobals(main); len(names) > 0 {
			t.Errorf("%s assigns the globals %v", name, names)
		}
	}
}
