package text

import "testing"

func TestAPhoneIsTheSameHoweverItIsWritten(t *testing.T) {
	for country, ways := range map[string][]string{
		"Argentina": {"+54 9 11 5551-0005", "011 15 5551-0005", "54 11 55510005", "1155510005", "+54 (011) 15-5551-0005", "0054 9 11 5551 0005", "5491155510005@c.us",
			"011.5551.0005", "+54 11 5551-0005 int. 4", "Tel: (11) 5551-0005", "011 15‑5551‑0005"},
		"an Argentine province": {"+54 9 341 555-1005", "0341 15 555 1005", "341 5551005", "+543415551005"},
		"an Argentine town":     {"+54 9 3476 55-1005", "03476 15 551005", "3476551005"},
		"Brazil":                {"+55 11 9 8765-4321", "11 98765-4321", "+55 11 8765-4321", "(011) 98765-4321", "0 15 11 98765-4321", "5511987654321"},
		"Mexico":                {"+52 1 55 1234 5678", "+52 55 1234 5678", "55 1234 5678", "044 55 1234 5678", "01 55 1234 5678", "525512345678"},
		"Chile":                 {"+56 9 8765 4321", "9 8765 4321", "56987654321", "09 8765 4321"},
		"Uruguay":               {"+598 99 123 456", "099 123 456", "59899123456"},
		"the United States":     {"+1 (555) 010-0000", "555-010-0000", "1 555 010 0000", "555.010.0000 x12"},
		"a country unknown":     {"+44 20 7946 0958", "020 7946 0958", "442079460958"},
	} {
		for _, a := range ways {
			for _, b := range ways {
				if !SamePhone(a, b) {
					t.Errorf("%s: %q and %q are the same", country, a, b)
				}
			}
		}
	}
	for _, pair := range [][2]string{
		{"5551-0005", "+54 11 5551-0005"}, {"15 5551-0005", "+54 9 11 5551-0005"}, {"98765-4321", "+55 11 98765-4321"}, {"8765-4321", "+55 11 98765-4321"}, {"5551005", "555-1005"},
	} {
		if !SamePhone(pair[0], pair[1]) || !SamePhone(pair[1], pair[0]) {
			t.Errorf("%q ends %q", pair[0], pair[1])
		}
	}
}

func TestDifferentPhonesAreDifferent(t *testing.T) {
	for _, pair := range [][2]string{
		{"+54 11 5551-0005", "+54 11 5551-0006"},
		{"+54 11 5551-0005", "+54 351 551-0005"}, // share seven digits
		{"551-0005", "+54 11 5551-0005"},
		{"0005", "+54 11 5551-0005"},
		{"+55 11 98765-4321", "+55 21 98765-4321"}, // share eight, with two area codes
		{"11 98765-4321", "21 98765-4321"},
		{"+55 11 93456-7890", "+55 11 3456-7890"}, // a mobile and a fixed line
		{"+56 9 8765 4321", "+55 11 98765-4321"},
		{"+54 11 5551-0005", "+52 11 5551 0005"},
		{"+1 555 010 0000", "+52 555 010 0000"},
		{"", ""}, {"S/D", "S/D"}, {"-", "+"}, {"0", "00"}, {"1155510005", ""},
		{"11 5551-0005 / 11 5551-0006", "11 5551-0005"},
	} {
		if SamePhone(pair[0], pair[1]) || SamePhone(pair[1], pair[0]) {
			t.Errorf("%q and %q are taken for the same", pair[0], pair[1])
		}
	}
}

func TestADocumentIsTheSameHoweverItIsWritten(t *testing.T) {
	for _, pair := range [][2]string{
		{"20-12345678-3", "20123456783"}, {"12.345.678-k", "12345678K"}, {"123.456.789-09", "12345678909"}, {"DNI 20.000.005", "20000005"},
		{"12.345.678/0001-95", "12345678000195"}, {"GOMA900101HDFXXX09", "goma900101 hdfxxx09"}, {"05.123.456", "5123456"}, {"C.U.I.T. 20‑12345678‑3", "20123456783"},
		{"V-12345678", "v12345678"}, {" 20 000 005 ", "20000005"}, {"RUT: 12.345.678-K", "12345678-k"},
	} {
		if !SameDocument(pair[0], pair[1]) || !SameDocument(pair[1], pair[0]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{
		{"20000005", "20000006"}, {"20-12345678-3", "12345678"}, {"12345678-K", "12345678"}, {"AB123456", "AC123456"}, {"", ""}, {"S/D", "S/D"}, {"-", "."},
	} {
		if SameDocument(pair[0], pair[1]) || SameDocument(pair[1], pair[0]) {
			t.Errorf("%q and %q are taken for the same", pair[0], pair[1])
		}
	}
}

func FuzzSamePhone(f *testing.F) {
	f.Add("+54 9 11 5551-0005", "011 15 5551-0005")
	f.Add("9", "ext")
	f.Fuzz(func(t *testing.T, a, b string) {
		if SamePhone(a, b) != SamePhone(b, a) || SameDocument(a, b) != SameDocument(b, a) {
			t.Errorf("%q and %q depend on their order", a, b)
		}
	})
}
