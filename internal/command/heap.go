package command

// spareHeap is how many bytes a plugin reserves. What it keeps is a few megabytes,
// so that a collector that begins at twice that ran all the time: a fifth of what
// a plan cost. Counting these bytes, which are never touched and so cost no memory,
// it begins when as many more are in use; a percentage (GOGC) would grow with
// large states instead.
const spareHeap = 16 << 20

// spare reserves them, for as long as the caller keeps them alive. Who tells the
// collector when to run is obeyed.
func spare(env func(string) string) []byte {
	if env("GOGC") != "" || env("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, spareHeap)
}
