package ui

import (
	"archive/zip"
	"maps"
	"net/http"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/configuration"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// download sends a control plane as a configuration of Terraform.
func (u *ui) download(w http.ResponseWriter, r *http.Request) {
	v, err := u.visit(r)
	if err != nil {
		u.fail(w, r, err)
		return
	}
	folder, err := configuration.Export(v.Context(), v.session(), jsonvalue.Text(v.plane["id"]), configuration.Options{
		Imports: true, Provider: configuration.Provider{Remark: configuration.Anywhere},
	})
	if err != nil {
		u.fail(w, r, err)
		return
	}
	folder.Conceal()
	name := configuration.FolderName(jsonvalue.Text(v.plane["name"]), nil)
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.zip"`)
	archive := zip.NewWriter(w)
	for _, file := range slices.Sorted(maps.Keys(folder.Files)) {
		to, err := archive.CreateHeader(&zip.FileHeader{Name: name + "/" + file, Method: zip.Deflate, Modified: u.Now()})
		if err == nil {
			_, err = to.Write([]byte(folder.Files[file]))
		}
		if err != nil {
			return // whoever asked is gone
		}
	}
	_ = archive.Close()
}
