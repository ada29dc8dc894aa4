// SPDX-License-Identifier: AGPL-3.0-or-later

// A third opinion on a register: the tree, the tiles and the notes are those of the Go project (golang.org/x/mod,
// sumdb/note and sumdb/tlog, Debian's golang-golang-x-mod-dev); only reading files and cosignatures are written here.
//
//	verify LOG --policy FILE [--old FILE]...
//
// LOG is a folder of public files. Entries are bytes here: their form is not looked at. Ends with 0 sound, 1 damaged,
// 2 usage, 3 fork or step back, 4 too few witnesses.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type verdict struct {
	code int
	why  string
}

func end(code int, format string, args ...any) { panic(verdict{code, fmt.Sprintf(format, args...)}) }
func check(err error, what string) {
	if err != nil {
		end(1, "%s: %v", what, err)
	}
}

// --- who is believed ---

type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }

// Verify checks a cosignature/v1: the time, then Ed25519 over it and the text.
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(w.key, []byte(text), sig[8:])
}

func newWitness(vkey string) (witness, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return witness{}, fmt.Errorf("malformed key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return witness{}, fmt.Errorf("malformed key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if parts[1] != fmt.Sprintf("%x", sum[:4]) {
		return witness{}, fmt.Errorf("wrong id")
	}
	return witness{parts[0], binary.BigEndian.Uint32(sum[:4]), key[1:]}, nil
}

type group struct {
	need    int
	members []string
}
type policy struct {
	verifiers []note.Verifier
	logs      map[string]bool
	witnesses map[string]witness
	groups    map[string]group
	quorum    string
}

func readPolicy(file string) policy {
	p := policy{logs: map[string]bool{}, witnesses: map[string]witness{}, groups: map[string]group{}}
	data, err := os.ReadFile(file)
	if err != nil {
		end(2, "%v", err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case words[0] == "log" && len(words) >= 2:
			v, err := note.NewVerifier(words[1])
			if err != nil {
				end(2, "%s: %v", words[1], err)
			}
			p.verifiers = append(p.verifiers, v)
			p.logs[v.Name()] = true
		case words[0] == "witness" && len(words) >= 3:
			w, err := newWitness(words[2])
			if err != nil {
				end(2, "%s: %v", words[2], err)
			}
			p.verifiers = append(p.verifiers, w)
			p.witnesses[words[1]] = w
		case words[0] == "group" && len(words) >= 4:
			need, err := strconv.Atoi(words[2])
			if words[2] == "all" {
				need, err = len(words)-3, nil
			} else if words[2] == "any" {
				need, err = 1, nil
			}
			if err != nil {
				end(2, "%s", line)
			}
			p.groups[words[1]] = group{need, words[3:]}
		case words[0] == "quorum" && len(words) == 2:
			p.quorum = words[1]
		default:
			end(2, "policy: %s", line)
		}
	}
	return p
}

func (p policy) met(name string, n *note.Note) bool {
	if name == "none" {
		return true
	}
	if w, ok := p.witnesses[name]; ok {
		for _, s := range n.Sigs {
			if s.Name == w.name && s.Hash == w.hash {
				return true
			}
		}
		return false
	}
	met := 0
	for _, member := range p.groups[name].members {
		if p.met(member, n) {
			met++
		}
	}
	return met >= p.groups[name].need
}

// --- checkpoints ---

type checkpoint struct {
	origin string
	tree   tlog.Tree
	note   *note.Note
}

func readCheckpoint(p policy, file string) checkpoint {
	data, err := os.ReadFile(file)
	check(err, file)
	n, err := note.Open(data, note.VerifierList(p.verifiers...))
	check(err, file)
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 {
		end(1, "%s: not a checkpoint", file)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 0 {
		end(1, "%s: size", file)
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		end(1, "%s: root", file)
	}
	c := checkpoint{origin: lines[0], note: n}
	c.tree.N = size
	copy(c.tree.Hash[:], root)
	for _, s := range n.Sigs {
		if s.Name == c.origin && p.logs[c.origin] {
			return c
		}
	}
	end(1, "%s: not signed by a register of the policy", file)
	return c
}

// --- files ---

// Go's own tiles lie at tile/8/L/N with "data" for entries; tlog-tiles has neither the height nor that word.
func pathOf(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), "tile/8/")
	if t.L < 0 {
		path = strings.Replace(path, "data/", "entries/", 1)
	}
	return filepath.Join("tile", path)
}

// The tile, or else the beginning of the full one; whether it is only that.
func readTile(log string, t tlog.Tile) ([]byte, bool) {
	data, err := os.ReadFile(filepath.Join(log, pathOf(t)))
	if os.IsNotExist(err) && t.W < 256 {
		t.W = 256
		data, err = os.ReadFile(filepath.Join(log, pathOf(t)))
		check(err, pathOf(t))
		return data, true
	}
	check(err, pathOf(t))
	return data, false
}

// A partial tile of an earlier size, where it still lies there.
func checkLying(log string, t tlog.Tile, wanted []byte) {
	data, err := os.ReadFile(filepath.Join(log, pathOf(t)))
	if os.IsNotExist(err) {
		return
	}
	check(err, pathOf(t))
	if !bytes.Equal(data, wanted) {
		end(1, "%s: not what the entries give", pathOf(t))
	}
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", x)
		}
		out[i] = h[x]
	}
	return out, nil
}

func readEntries(log string, size int64) hashes {
	var stored hashes
	for n := int64(0); n < size; {
		t := tlog.Tile{H: 8, L: -1, N: n / 256, W: 256}
		if size-n < 256 {
			t.W = int(size - n)
		}
		data, more := readTile(log, t)
		whole := data
		for i := 0; i < t.W; i++ {
			if i > 0 {
				checkLying(log, tlog.Tile{H: 8, L: -1, N: t.N, W: i}, whole[:len(whole)-len(data)])
			}
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				end(1, "%s: cut", pathOf(t))
			}
			length := int(binary.BigEndian.Uint16(data))
			add, err := tlog.StoredHashes(n, data[2:2+length], stored)
			check(err, pathOf(t))
			stored = append(stored, add...)
			data = data[2+length:]
			n++
		}
		if len(data) > 0 && !more {
			end(1, "%s: bytes behind the last entry", pathOf(t))
		}
	}
	return stored
}

func judge(log, policyFile string, olds []string) string {
	p := readPolicy(policyFile)
	now := readCheckpoint(p, filepath.Join(log, "checkpoint"))
	var before []checkpoint
	for _, file := range olds {
		before = append(before, readCheckpoint(p, file))
	}
	stored := readEntries(log, now.tree.N)
	for _, t := range tlog.NewTiles(8, 0, now.tree.N) {
		wanted, err := tlog.ReadTileData(t, stored)
		check(err, pathOf(t))
		// NewTiles names every width.
		if t.W < 256 && int64(t.W) < now.tree.N>>(8*t.L)-t.N<<8 {
			continue
		}
		for w := 1; w < t.W; w++ {
			checkLying(log, tlog.Tile{H: 8, L: t.L, N: t.N, W: w}, wanted[:w*tlog.HashSize])
		}
		data, more := readTile(log, t)
		if more && len(data) > len(wanted) {
			data = data[:len(wanted)]
		}
		if !bytes.Equal(data, wanted) {
			end(1, "%s: not what the entries give", pathOf(t))
		}
	}
	root, err := tlog.TreeHash(now.tree.N, stored)
	check(err, "root")
	if now.tree.N > 0 && root != now.tree.Hash {
		end(1, "the root is not that of the checkpoint")
	}
	for _, old := range before {
		if old.origin != now.origin {
			end(1, "another register")
		}
		if old.tree.N > now.tree.N {
			end(3, "there were %d entries", old.tree.N)
		}
		if old.tree.N == 0 {
			continue
		}
		proof, err := tlog.ProveTree(now.tree.N, old.tree.N, stored)
		check(err, "proof")
		if tlog.CheckTree(proof, now.tree.N, now.tree.Hash, old.tree.N, old.tree.Hash) != nil {
			end(3, "another root at %d", old.tree.N)
		}
	}
	if !p.met(p.quorum, now.note) {
		end(4, "too few witnesses")
	}
	return fmt.Sprintf("%d %x", now.tree.N, now.tree.Hash[:])
}

func main() {
	var words, olds []string
	file := ""
	for i := 1; i < len(os.Args); i++ {
		switch {
		case os.Args[i] == "--policy" && i+1 < len(os.Args):
			i++
			file = os.Args[i]
		case os.Args[i] == "--old" && i+1 < len(os.Args):
			i++
			olds = append(olds, os.Args[i])
		case os.Args[i] == "--foreign":
		default:
			words = append(words, os.Args[i])
		}
	}
	if len(words) != 1 || file == "" {
		fmt.Fprintln(os.Stderr, "usage: verify LOG --policy FILE [--old FILE]...")
		os.Exit(2)
	}
	defer func() {
		if v, ok := recover().(verdict); ok {
			fmt.Fprintln(os.Stderr, v.why)
			os.Exit(v.code)
		}
	}()
	fmt.Println(judge(words[0], file, olds))
}
