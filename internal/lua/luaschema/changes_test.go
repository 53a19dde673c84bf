package luaschema

import "testing"

// TestLuaModules: no module assigns a global. States with modules would not
// notice it.
func TestLuaModules(t *testing.T) {
	t.Parallel()
	for _, name := range luaModuleNames {
		main := luaModule(name).FunctionPrototypes[0]
		if names := assignedGlobals(main); len(names) > 0 {
			t.Errorf("%s assigns the globals %v", name, names)
		}
	}
}
