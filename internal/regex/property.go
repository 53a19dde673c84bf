package regex

import (
	"strings"
	"unicode"
)

// propertySize is that of a property in PCRE2's compiled form.
const propertySize = 3

// property reads the name of a Unicode property behind \p or \P.
func (p *parser) property(negated bool) *node {
	if p.end() {
		p.fail(errPropertySyntax, p.pos)
	}
	kind, name := "", ""
	if c := p.next(); c == '{' {
		if p.take("^") {
			negated = !negated
		}
		kind, name = p.propertyName()
	} else {
		if c < 'A' || c > 'z' || c > 'Z' && c < 'a' {
			p.fail(errPropertySyntax, p.pos)
		}
		name = strings.ToLower(string(c))
	}
	s, known, exact := p.propertySet(kind, name)
	switch {
	case !known:
		p.fail(errProperty, p.pos)
	case !exact:
		return &node{op: opForeignSet, text: `\p{` + name + `}`, size: propertySize}
	case negated:
		s = s.but(p.last)
	}
	return &node{op: opSet, set: s.within(p.last), size: propertySize}
}

// propertyName reads up to the closing brace. A name may follow a kind and a
// sign.
func (p *parser) propertyName() (kind, name string) {
	const longest = 49
	var kept []byte
	split := 0
	for !p.end() && len(kept) < longest {
		c := p.src[p.pos]
		p.pos++
		switch {
		case c == 0:
			p.fail(errPropertySyntax, p.pos)
		case c == '}':
			text := strings.ToLower(string(kept))
			return text[:split], text[split:]
		case c == '_', c == '-', spaces.holds(rune(c)):
			continue
		}
		kept = append(kept, c)
		if (c == ':' || c == '=') && split == 0 {
			split = len(kept)
		}
	}
	p.fail(errPropertySyntax, p.pos)
	return "", ""
}

// propertySet is the set of a property. exact is false if this package does not
// know all of it.
func (p *parser) propertySet(kind, name string) (s set, known, exact bool) {
	switch strings.TrimRight(kind, ":=") {
	case "script", "sc":
		s, known = scriptSet(name)
		return s, known, s != nil
	case "scriptextensions", "scx":
		s, known = scriptSet(name)
		return s, known, s != nil && p.last == maxByte
	case "bidiclass", "bc":
		_, known = otherProperties["bidi"+name]
		return nil, known && name != "mirrored", false
	case "":
		if kind != "" {
			return nil, false, false
		}
	default:
		return nil, false, false
	}
	if s, known = categorySet(name); known {
		return s, true, true
	}
	if s, known = scriptSet(name); known {
		// a script's name alone means its extensions, except for bytes, which
		// have none
		return s, true, s != nil && p.last == maxByte
	}
	if name == "any" {
		return set{0, maxRune}, true, true
	}
	if tables := propertyTables(name); tables != nil {
		return tableSet(tables...), true, true
	}
	_, known = otherProperties[name]
	return nil, known, false
}

// categorySet is a general category, or one of PCRE's own.
func categorySet(name string) (set, bool) {
	letter, number := unicode.Categories["L"], unicode.Categories["N"]
	switch name {
	case "l&":
		name = "lc"
	case "xan":
		return tableSet(letter, number), true
	case "xwd":
		return append(tableSet(letter, number), '_', '_').normal(), true
	case "xsp", "xps":
		return append(append(tableSet(unicode.Z), horizontal...), vertical...).normal(), true
	case "xuc":
		return set{'$', '$', '@', '@', '`', '`', 0xa0, 0xd7ff, 0xe000, maxRune}, true
	}
	if name == "" || len(name) > 2 {
		return nil, false
	}
	table := unicode.Categories[strings.ToUpper(name[:1])+name[1:]]
	switch {
	case name == "lc":
		return tableSet(unicode.Lu, unicode.Ll, unicode.Lt), true
	case name == "c": // the unicode package leaves the unassigned out
		return tableSet(unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z).but(maxRune), true
	case name == "cn":
		return tableSet(unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs).but(maxRune), true
	case table == nil:
		return nil, false
	}
	return tableSet(table), true
}

// scriptSet is the set of a script, by name or code, or nil if it is unknown.
func scriptSet(name string) (s set, known bool) {
	if table := scripts[name]; table != nil {
		return tableSet(table), true
	}
	return nil, name == "unknown" || name == "zzzz"
}

// scripts by name and by code, in small letters and without signs.
var scripts = func() map[string]*unicode.RangeTable {
	out := map[string]*unicode.RangeTable{}
	for name, table := range unicode.Scripts {
		out[plain(name)] = table
	}
	pairs := strings.Fields(scriptCodes)
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = unicode.Scripts[pairs[i+1]]
	}
	return out
}()

func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// propertyTables are the tables of a property that the unicode package knows.
func propertyTables(name string) []*unicode.RangeTable {
	switch name {
	case "alpha", "alphabetic":
		return []*unicode.RangeTable{unicode.L, unicode.Nl, unicode.Other_Alphabetic}
	case "lower", "lowercase":
		return []*unicode.RangeTable{unicode.Ll, unicode.Other_Lowercase}
	case "upper", "uppercase":
		return []*unicode.RangeTable{unicode.Lu, unicode.Other_Uppercase}
	case "ascii":
		return []*unicode.RangeTable{{R16: []unicode.Range16{{Lo: 0, Hi: unicode.MaxASCII, Stride: 1}}}}
	}
	if table := binaryProperties[name]; table != nil {
		return []*unicode.RangeTable{table}
	}
	return nil
}

// binaryProperties by name and by code.
var binaryProperties = func() map[string]*unicode.RangeTable {
	out := map[string]*unicode.RangeTable{}
	for name, table := range unicode.Properties {
		if !strings.HasPrefix(name, "Other_") && name != "Hyphen" {
			out[plain(name)] = table
		}
	}
	pairs := strings.Fields(propertyCodes)
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = unicode.Properties[pairs[i+1]]
	}
	return out
}()

// otherProperties have names that PCRE knows, but no table here.
var otherProperties = func() map[string]struct{} {
	out := map[string]struct{}{}
	for _, name := range strings.Fields(propertiesWithoutTable) {
		out[name] = struct{}{}
	}
	return out
}()

const (
	propertyCodes = `ahex ASCII_Hex_Digit bidic Bidi_Control dep Deprecated dia Diacritic ext Extender hex Hex_Digit
		ideo Ideographic idsb IDS_Binary_Operator idst IDS_Trinary_Operator joinc Join_Control loe Logical_Order_Exception
		nchar Noncharacter_Code_Point patsyn Pattern_Syntax patws Pattern_White_Space pcm Prepended_Concatenation_Mark
		qmark Quotation_Mark ri Regional_Indicator sd Soft_Dotted space White_Space sterm Sentence_Terminal
		term Terminal_Punctuation uideo Unified_Ideograph vs Variation_Selector wspace White_Space`
	propertiesWithoutTable = `bidial bidian bidib bidibn bidics bidien bidies bidiet bidifsi bidil bidilre bidilri bidilro bidim bidimirrored
		bidinsm bidion bidipdf bidipdi bidir bidirle bidirli bidirlo bidis bidiws cased caseignorable changeswhencasefolded
		changeswhencasemapped changeswhenlowercased changeswhentitlecased changeswhenuppercased ci cwcf cwcm cwl cwt cwu
		defaultignorablecodepoint di ebase ecomp emod emoji emojicomponent emojimodifier emojimodifierbase emojipresentation
		epres extendedpictographic extpict graphemebase graphemeextend graphemelink grbase grext grlink idc idcontinue ids
		idstart math xidc xidcontinue xids xidstart`
	scriptCodes = `adlm Adlam aghb Caucasian_Albanian arab Arabic armi Imperial_Aramaic armn Armenian avst Avestan bali Balinese bamu Bamum
		bass Bassa_Vah batk Batak beng Bengali bhks Bhaiksuki bopo Bopomofo brah Brahmi brai Braille bugi Buginese buhd Buhid
		cakm Chakma cans Canadian_Aboriginal cari Carian cher Cherokee chrs Chorasmian copt Coptic cpmn Cypro_Minoan
		cprt Cypriot cyrl Cyrillic deva Devanagari diak Dives_Akuru dogr Dogra dsrt Deseret dupl Duployan
		egyp Egyptian_Hieroglyphs elba Elbasan elym Elymaic ethi Ethiopic geor Georgian glag Glagolitic gong Gunjala_Gondi
		gonm Masaram_Gondi goth Gothic gran Grantha grek Greek gujr Gujarati guru Gurmukhi hang Hangul hani Han hano Hanunoo
		hatr Hatran hebr Hebrew hira Hiragana hluw Anatolian_Hieroglyphs hmng Pahawh_Hmong hmnp Nyiakeng_Puachue_Hmong
		hung Old_Hungarian ital Old_Italic java Javanese kali Kayah_Li kana Katakana khar Kharoshthi khmr Khmer khoj Khojki
		kits Khitan_Small_Script knda Kannada kthi Kaithi lana Tai_Tham laoo Lao latn Latin lepc Lepcha limb Limbu
		lina Linear_A linb Linear_B lyci Lycian lydi Lydian mahj Mahajani maka Makasar mand Mandaic mani Manichaean
		marc Marchen medf Medefaidrin mend Mende_Kikakui merc Meroitic_Cursive mero Meroitic_Hieroglyphs mlym Malayalam
		mong Mongolian mroo Mro mtei Meetei_Mayek mult Multani mymr Myanmar nand Nandinagari narb Old_North_Arabian
		nbat Nabataean nkoo Nko nshu Nushu ogam Ogham olck Ol_Chiki orkh Old_Turkic orya Oriya osge Osage osma Osmanya
		ougr Old_Uyghur palm Palmyrene pauc Pau_Cin_Hau perm Old_Permic phag Phags_Pa phli Inscriptional_Pahlavi
		phlp Psalter_Pahlavi phnx Phoenician plrd Miao prti Inscriptional_Parthian qaac Coptic qaai Inherited rjng Rejang
		rohg Hanifi_Rohingya runr Runic samr Samaritan sarb Old_South_Arabian saur Saurashtra sgnw SignWriting shaw Shavian
		shrd Sharada sidd Siddham sind Khudawadi sinh Sinhala sogd Sogdian sogo Old_Sogdian sora Sora_Sompeng soyo Soyombo
		sund Sundanese sylo Syloti_Nagri syrc Syriac tagb Tagbanwa takr Takri tale Tai_Le talu New_Tai_Lue taml Tamil
		tang Tangut tavt Tai_Viet telu Telugu tfng Tifinagh tglg Tagalog thaa Thaana tibt Tibetan tirh Tirhuta tnsa Tangsa
		ugar Ugaritic vaii Vai vith Vithkuqi wara Warang_Citi wcho Wancho xpeo Old_Persian xsux Cuneiform yezi Yezidi yiii Yi
		zanb Zanabazar_Square zinh Inherited zyyy Common`
)
