package acceptance

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// secretForms is a configuration with each secret in one form: that of its version,
// or the plain one for 0.
func secretForms(version int) string {
	form := func(name, value string) string {
		if version == 0 {
			return name + " = " + strings.ReplaceAll(value, "var.secret", "var.kept")
		}
		return fmt.Sprintf("%s_wo = %s\n  %s_wo_version = %d", name, value, name, version)
	}
	of := func(lines ...string) string {
		return inShop(append([]string{`consumer_id = konnect_gateway_consumer.alice.id`}, lines...)...)
	}
	text := "provider \"konnect\" {\n  embedded = { path = \"a\" }\n}\n" +
		"variable \"secret\" {\n  type = string\n  ephemeral = true\n  default = null\n}\nvariable \"kept\" {\n  type = string\n  sensitive = true\n  default = null\n}\n" +
		shop + "resource \"konnect_gateway_consumer\" \"alice\" {\n" + inShop(`username = "alice"`) + "\n}\n" +
		"resource \"konnect_gateway_config_store\" \"a\" {\n" + inShop(`name = "a"`) + "\n}\n"
	for _, l := range []life{
		{address: "konnect_gateway_key_auth.a", body: of(form("key", "var.secret"))},
		{address: "konnect_gateway_basic_auth.a", body: of(`username = "alice"`, form("password", "var.secret"))},
		{address: "konnect_gateway_hmac_auth.a", body: of(`username = "alice"`, form("secret", "var.secret"))},
		{address: "konnect_gateway_jwt.a", body: of(`key = "issuer"`, form("secret", "var.secret"))},
		{address: "konnect_gateway_vault.a", body: inShop(`name = "hcv"`, `prefix = "team"`, form("config", "jsonencode({ token = var.secret })"))},
		{address: "konnect_gateway_config_store_secret.a", body: inShop(`config_store_id = konnect_gateway_config_store.a.id`, `key = "token"`, form("value", "var.secret"))},
	} {
		text += l.block(l.body)
	}
	return text
}

// An ephemeral value makes credentials and secrets, which work, and stands in no
// file of Terraform's: neither in a state nor in a saved plan. Another version
// brings another value; secrets move to the plain form and back.
func TestAccSecrets_writeOnly(t *testing.T) {
	t.Parallel()
	cp := acctest.New(t)
	tf := cp.Terraform(t, nil)
	const all = 6
	apply := func(version int, secret string, want string) {
		t.Helper()
		variable := "-var=secret=" + secret
		if version == 0 {
			variable = "-var=kept=" + secret
		}
		tf.Write(t, "main.tf", secretForms(version))
		changes, _ := tf.Plan(t, variable)
		found := 0
		for address, c := range changes {
			if strings.Contains(address, "consumer") || strings.HasSuffix(address, "store.a") || strings.Contains(address, "control_plane") {
				continue
			}
			if found++; !slices.Equal(c.Actions, []string{want}) {
				t.Errorf("version %d plans to %v %s, want %s", version, c.Actions, address, want)
			}
		}
		if found != all {
			t.Errorf("%d secrets are planned", found)
		}
		shown, _ := tf.Run(t, "show", "-json", "plan")
		args := []string{"apply", "-no-color", "-input=false"}
		if version > 0 { // which a saved plan does not hold
			args = append(args, variable)
		}
		out, exit := tf.Run(t, append(args, "plan")...)
		if exit != 0 {
			t.Fatalf("apply: %s", out)
		}
		state, _ := tf.Run(t, "show", "-json")
		if version > 0 {
			for what, text := range map[string][]byte{"the plan as JSON": shown, "the state as JSON": state, "what apply prints": out, "the plan": unzipped(t, tf.File("plan")), "the state": read(t, tf.File("terraform.tfstate"))} {
				if bytes.Contains(text, []byte(secret)) {
					t.Errorf("%s has the secret: %s", what, text)
				}
			}
		} else if !bytes.Contains(state, []byte(secret)) {
			t.Error("the state lacks a secret in plain form")
		}
		if changes, exit = tf.Plan(t, variable); exit != 0 {
			t.Errorf("a second plan does %v", changes)
		}
		holdsSecret(t, cp, secret)
	}
	apply(1, "hunter2-first", "create")
	if changes, exit := tf.Plan(t, "-var=secret=hunter2-unsaid"); exit != 0 {
		t.Errorf("another value without another version does %v", changes)
	}
	apply(2, "hunter2-second", "update")
	apply(0, "hunter2-second", "update")
	apply(3, "hunter2-third", "update") // the plan still has what the plain form held

	if out, exit := tf.Run(t, "plan", "-no-color", "-input=false"); exit != 1 || !bytes.Contains(out, []byte("password: required field missing")) {
		t.Errorf("a plan without the ephemeral value: exit code %d: %s", exit, out)
	}
	if out, exit := tf.Run(t, "destroy", "-auto-approve", "-no-color", "-var=secret=hunter2-third"); exit != 0 {
		t.Errorf("destroy: %s", out)
	}
}

// holdsSecret asks the control plane for credentials with a secret.
func holdsSecret(t *testing.T, cp *acctest.ControlPlane, secret string) {
	t.Helper()
	scope := []string{cp.ID(t, entity.ControlPlane, nil, "name", "shop")}
	scope = append(scope, cp.ID(t, entity.Consumer, scope, "username", "alice"))
	cp.Find(t, entity.KeyAuth, scope, "key", secret)
	cp.Find(t, entity.HMACAuth, scope, "secret", secret)
	cp.Find(t, entity.JWT, scope, "secret", secret)
	cp.Find(t, entity.BasicAuth, scope, "password", entity.PasswordHash(secret, scope[1]))
	vaults, err := cp.Client.List(t.Context(), client.Ref{Type: entity.Vault, Parents: scope[:1]}, nil)
	if err != nil || len(vaults) != 1 || fmt.Sprint(vaults[0]["config"]) != "map[token:"+secret+"]" {
		t.Errorf("the vault is %v (%v)", vaults, err)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// unzipped is all that the files in an archive hold.
func unzipped(t *testing.T, name string) []byte {
	t.Helper()
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var all []byte
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	return all
}
