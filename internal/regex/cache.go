package regex

import "sync"

// Bounds of the programs that are kept between searches.
const (
	maxPrograms    = 64
	maxKeptPattern = 256 // in bytes
	maxKeptProgram = 256 // in instructions
)

// cache keeps a few programs, since a loop searches for one expression again
// and again. A search does not change its program.
type cache struct {
	mu       sync.Mutex
	programs map[source]*program
}

type source struct {
	pattern string
	flags   Flags
}

var programs = &cache{programs: map[source]*program{}}

func (c *cache) get(pattern string, flags Flags) (*program, error) {
	key := source{pattern, flags}
	c.mu.Lock()
	p := c.programs[key]
	c.mu.Unlock()
	if p != nil {
		return p, nil
	}
	p, err := compile(pattern, flags)
	if err != nil || len(pattern) > maxKeptPattern || len(p.code) > maxKeptProgram {
		return p, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.programs) >= maxPrograms {
		clear(c.programs)
	}
	c.programs[key] = p
	return p, nil
}
