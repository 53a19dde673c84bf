package entity

import (
	"strings"
	"testing"
)

// Every type has something that people know it by, but for certificates.
func TestType_Names(t *testing.T) {
	t.Parallel()
	for typ, want := range map[*Type]string{
		ControlPlane: "name", Service: "name", Route: "name", RouteExpression: "name", Consumer: "username custom_id", ConsumerGroup: "name",
		Plugin: "instance_name name", PluginSchema: "", Upstream: "name", Target: "target", Certificate: "", CACertificate: "cert_digest", SNI: "name",
		Vault: "prefix", KeySet: "name", AsymmetricKey: "name kid", Partial: "name", ClonedPlugin: "name", KeyAuth: "key", BasicAuth: "username",
		HMACAuth: "username", JWT: "key", ACL: "group", MTLSAuth: "subject_name", DataPlaneCertificate: "title", ConfigStore: "name",
		ConfigStoreSecret: "key", Realm: "name", RealmConsumer: "username custom_id", ConsumerGroupMember: "", Membership: "",
	} {
		if got := strings.Join(typ.Names(), " "); got != want {
			t.Errorf("%s: %q, want %q", typ.Name, got, want)
		}
	}
}
