package text

import (
	"strings"
	"testing"
)

const card = "Ana Paz\nGerente de Compras\nEjemplo S.A.\nTel. +54 11 5555-0101"

func TestACardIsFoldedBehindAClosing(t *testing.T) {
	for content, want := range map[string]string{
		"No anda.\n\nSaludos,\n\n" + card:                                     "No anda.\n\nSaludos,\n\n[signature: 4 lines]",
		"No anda.\n\nSaludos,\nAna\n\n" + card:                                "No anda.\n\nSaludos,\nAna\n\n[signature: 4 lines]",
		"No anda.\n\nSaludos,\n" + card:                                       "No anda.\n\nSaludos,\nAna Paz\n[signature: 3 lines]",
		"No anda.\n\nAna\n\n" + card:                                          "No anda.\n\nAna\n\n[signature: 4 lines]",
		"No anda.\n\n--\n" + card:                                             "No anda.\n\n[signature: 4 lines]",
		"No anda.\n\nSaludos,\n\n" + card + "\n\nPD: urge":                    "No anda.\n\nSaludos,\n\n[signature: 4 lines]\n\nPD: urge",
		"No anda.\n\nSaludos,\n\n" + card + "\n\nEnviado desde mi iPhone":     "No anda.\n\nSaludos,\n\n[signature: 5 lines]",
		"No anda.\n\nSaludos,\n\nAna Paz | Pediatra | +54 11 5555-0101":       "No anda.\n\nSaludos,\n\n[signature: 1 line]",
		"No anda.\n\nBest,\n\nAna Paz\nLighthouse Keeper\nDesk: 11 5555 0101": "No anda.\n\nBest,\n\n[signature: 3 lines]",
	} {
		if got := Said(content); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestACardWithoutAClosingIsFoldedWhenTheEarlierMailWasSentToThatName(t *testing.T) {
	for about, test := range map[string]struct{ history, want string }{
		"sent to her":          {"De: Soporte <soporte@example.com>\nEnviado: martes\nPara: Ana Paz\nAsunto: Caldera\n\n¿Anda?", "No anda.\n\n[signature: 4 lines]\n[quoted history: 5 lines]"},
		"sent to another":      {"De: Soporte <soporte@example.com>\nEnviado: martes\nPara: Luis Gil\nAsunto: Caldera\n\n¿Anda?", "No anda.\n\n" + card + "\n[quoted history: 5 lines]"},
		"asked for an address": {"De: Soporte <soporte@example.com>\nEnviado: martes\nPara: Ana Paz\nAsunto: Caldera\n\n¿Su dirección?", "No anda.\n\n" + card + "\n[quoted history: 5 lines]"},
	} {
		if got := Said("No anda.\n\n" + card + "\n\n" + test.history); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", about, got, test.want)
		}
	}
}

func TestACardWithoutAPhoneOrAClosingIsFoldedWhenTheEarlierMailWasSentToAllOfTheName(t *testing.T) {
	const office = "Ana Paz\nJefa de Obras\nCarrera 0 # 00-01, piso 2"
	const header = "De: Soporte <soporte@example.com>\nEnviado: martes\nPara: %\nAsunto: Acta\n\n"
	const notice = "Este mensaje es confidencial, para la persona a la cual está direccionado. Por favor, si lo recibió por error, elimínelo sin divulgar su contenido."
	for about, test := range map[string]struct{ above, to, below, want string }{
		"sent to her":           {"Va el acta.", "Ana Paz", "Falta el acta.", "Va el acta.\n\n[signature: 3 lines]"},
		"above a notice":        {"Va el acta.", "Ana Paz", notice, "Va el acta.\n\n[signature: 3 lines]"},
		"sent to a namesake":    {"Va el acta.", "Ana Gil", "Falta el acta.", "Va el acta.\n\n" + office},
		"asked for the address": {"Va el acta.", "Ana Paz", "¿Nos confirma su dirección?", "Va el acta.\n\n" + office},
		"something is brought":  {"Manden el acta, por favor.", "Ana Paz", "Falta el acta.", "Manden el acta, por favor.\n\n" + office},
		"led on to":             {"Manden el acta a la oficina", "Ana Paz", "Falta el acta.", "Manden el acta a la oficina\n\n" + office},
	} {
		content := test.above + "\n\n" + office + "\n\n" + strings.Replace(header, "%", test.to, 1) + test.below
		if got := withoutFolds(Said(content)); got != withoutFolds(test.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", about, got, test.want)
		}
	}
}

func TestAQuarterNamedLikeAMatterOfCasesIsAPlace(t *testing.T) {
	for s, want := range map[string]bool{
		"Av. Inventada 455, Col. Modelo, Querétaro": false,
		"Col. Modelo 4471":                          true,
		"Modelo 4471":                               true,
		"Atención al cliente 2019-2021":             true,
	} {
		if got := isAboutCase(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestASentenceWithAnAddressAndADateBehindItIsAnAttribution(t *testing.T) {
	for content, want := range map[string]string{
		"No llegó.\n\nEl Soporte <soporte@example.com>, 2 de septiembre de 2025 18:22 escribió:\n\nHola.": "No llegó.\n[quoted history: 2 lines]",
		"No llegó.\n\nEl vendedor Luis <luis@example.com>, que atiende en 2025, escribió:\n\nHola.":       "No llegó.\n\nEl vendedor Luis <luis@example.com>, que atiende en 2025, escribió:\n\nHola.",
		"No llegó.\n\nEl vendedor Luis <luis@example.com> me escribió:\n\nHola.":                          "No llegó.\n\nEl vendedor Luis <luis@example.com> me escribió:\n\nHola.",
	} {
		if got := Said(content); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestWhatLooksLikeACardButMayBeTheMattersOwnStays(t *testing.T) {
	for _, content := range []string{
		"Hablen con:\n\n" + card,
		"Los datos para la factura son\n\n" + card,
		card,
		"Hola.\n\n" + card + "\n\ny manden la factura ahí.",
		"No anda.\n\nSaludos,\nAna Paz\nDNI 20.000.001\nSan Martín 100, Rosario\nTel. 341 555-0101",
		"No anda.\n\nSaludos,\nAna Paz\nSan Martín 100, Rosario\n341 555-0101",
		"No anda.\n\nSaludos,\n\nNombre: Ana Paz\nEmpresa: Ejemplo S.A.\nTel: 11 5555-0101",
		"Gracias.\n\nLa garantía la hace\nEjemplo S.A.\nAv. Roca 100\nTel. 381 555-0101",
	} {
		if got := Said(content); got != content {
			t.Errorf("%q became %q", content, got)
		}
	}
}

func TestOnlyWhatEndsLettersIsAClosing(t *testing.T) {
	for _, s := range []string{
		"Saludos", "Saludos cordiales,", "Un saludo desde el sur,", "Muchas gracias por su atención.", "Gracias, Ana", "Quedo atenta.", "Atte.", "Desde ya, muchas gracias!",
		"Atenciosamente,", "Abs", "Obrigado, João", "Kind regards,", "Thanks in advance", "Best regards / Saludos", "Gracias!! 😊",
	} {
		if !isClosing(s) {
			t.Errorf("%q is no closing", s)
		}
	}
	for _, s := range []string{"", "Gracias por avisar que el pedido salió", "Gracias, la dirección es otra", "Saludos: uno va a Ana", "Van los datos", "Quedo 1 caja", strings.Repeat("gracias ", 20)} {
		if isClosing(s) {
			t.Errorf("%q is a closing", s)
		}
	}
}

func TestAnswersInTheColorThatWasNamedAreShownWithoutTheRest(t *testing.T) {
	header := `<div><b>De:</b> Ana &lt;ana@example.com&gt;<br><b>Enviado:</b> martes<br><b>Para:</b> Luis<br><b>Asunto:</b> Datos</div>`
	for about, test := range map[string]struct{ content, want string }{
		"named":           {`<p>Respondo en rojo.</p>` + header + `<p>¿Color?</p><p style="color:#C00000">Verde</p>`, "Respondo en rojo.\n[quoted history: 5 lines]\nVerde"},
		"not there":       {`<p>Respondo en rojo.</p>` + header + `<p>¿Color?</p><p>Verde</p>`, "Respondo en rojo.\nDe: Ana <ana@example.com>\nEnviado: martes\nPara: Luis\nAsunto: Datos\n\n¿Color?\n\nVerde"},
		"in another":      {`<p>Respondo en azul.</p>` + header + `<p>¿Color?</p><p><font color="blue">Verde</font></p>`, "Respondo en azul.\n[quoted history: 5 lines]\nVerde"},
		"not about words": {`<p>Las luces quedaron en rojo.</p>` + header + `<p>¿Color?</p><p style="color:red">Urgente</p>`, "Las luces quedaron en rojo.\n[quoted history: 6 lines]"},
		"marked by R/":    {`<p>Listo.</p>` + header + `<p>¿Color?</p><p>R/ Verde</p>`, "Listo.\n[quoted history: 5 lines]\nR/ Verde"},
	} {
		if got := Said(test.content); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", about, got, test.want)
		}
	}
}

func TestColorsHaveTheHuePeopleSee(t *testing.T) {
	for color, want := range map[string]hue{
		"red": red, "#c00000": red, "#f00": red, "rgb(192,0,0)": red, "#0070c0": blue, "#1f497d": blue, "navy": blue, "#00b050": green, "#7030a0": purple, "#ed7d31": orange,
		"black": 0, "#000": 0, "#7f7f7f": 0, "white": 0, "": 0, "rgb(1,2)": 0, "rgb(999,0,0)": 0, "#12": 0, "#zzzzzz": 0, "var(--x)": 0,
	} {
		if got := hueOf(color); got != want {
			t.Errorf("%q has hue %b, not %b", color, got, want)
		}
	}
}

func TestNoticesAreFoldedAtTheEndOnly(t *testing.T) {
	for content, want := range map[string]string{
		"Listo.\n\nConfidential: this message is for the intended recipient only.":               "Listo.\n\n[disclaimer]",
		"Listo.\n\nAntes de imprimir este correo piense en el medio ambiente.":                   "Listo.\n\n[disclaimer]",
		"Listo.\n\nEste mail es confidencial. Si lo recibió por error, bórrelo.":                 "Listo.\n\n[disclaimer]",
		"Pongan al pie:\n\nEste mail es confidencial. Si lo recibió por error, bórrelo.":         "Pongan al pie:\n\nEste mail es confidencial. Si lo recibió por error, bórrelo.",
		"Este mail es confidencial. Si lo recibió por error, bórrelo.\n\n¿Eso se puede sacar?":   "Este mail es confidencial. Si lo recibió por error, bórrelo.\n\n¿Eso se puede sacar?",
		"Hola.\n\nEste correo es por la factura que me llegó por error, elimínenla.":             "Hola.\n\nEste correo es por la factura que me llegó por error, elimínenla.",
		"Este mensaje es confidencial y para su destinatario. Si lo recibió por error, bórrelo.": "Este mensaje es confidencial y para su destinatario. Si lo recibió por error, bórrelo.",
	} {
		if got := Said(content); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestTheRegisterOfACompanyIsFoldedBetweenACardAndANoticeOnly(t *testing.T) {
	const best = "It leaks.\n\nBest,\n\n"
	const notice = "\n\nThis email is confidential and intended solely for the addressee."
	const register = "Example Foods is registered in Ireland No. 000000."
	for content, want := range map[string]string{
		best + card + "\n\n" + register + notice:                                                     best + "[signature: 4 lines]\n\n[disclaimer]",
		best + card + "\n\nExample Ltd. Registered in England, number 000000." + notice:              best + "[signature: 4 lines]\n\n[disclaimer]",
		best + card + "\n\n" + register:                                                              best + card + "\n\n" + register,
		"It leaks.\n\n" + register + notice:                                                          "It leaks.\n\n" + register + "\n\n[disclaimer]",
		best + card + "\n\nOur Example Foods is registered in Ireland No. 000000." + notice:          best + card + "\n\nOur Example Foods is registered in Ireland No. 000000.\n\n[disclaimer]",
		best + card + "\n\nExample Foods, your rival, is registered in Ireland No. 000000." + notice: best + card + "\n\nExample Foods, your rival, is registered in Ireland No. 000000.\n\n[disclaimer]",
	} {
		if got := Said(content); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestTheLastSentenceOfACustomerIsNoNotice(t *testing.T) {
	for _, last := range []string{
		"La impresora no imprime y se traba el papel.",
		"Antes de imprimir la factura cambien el domicilio.",
		"Consulté la política de privacidad en www.example.com y no dice nada.",
		"Según la Ley 1581 y su política de tratamiento de datos personales, borren todo.",
		"Este correo es para confirmar que la información del contrato es privada.",
		"Si este mail llegó a la persona equivocada, por favor reenvíenlo a Posventa.",
		"Este mensaje está dirigido al área de Legales, es confidencial.",
		"La información contenida en el manual está mal y la copia es ilegible.",
		"No autorizo la divulgación ni distribución de las fotos del local.",
		"El virus borró todo, el antivirus está verificado y libre de errores.",
		"Por error eliminé el archivo, era exclusivo del destinatario anterior.",
		"Está prohibido entrar sin casco, avisen al técnico.",
		"This e-mail is about the wrong recipient on my invoice.",
		"This message was sent in error, ignore the first one.",
		"Please delete the copy that went to the wrong recipient.",
		"Este e-mail é para cancelar o envio que foi feito por engano.",
		"Importante: el repuesto es exclusivo para la sucursal de Olivos.",
		"Aviso: el portón queda cerrado los feriados.",
		"Enviado desde la oficina de correos de Luján.",
		"Sensitivity: the left sensor reads too high.",
		"Uso interno no, es para la venta al público de la planta baja.",
	} {
		for _, content := range []string{"Hola.\n\n" + last, "Hola.\n\nSaludos,\nAna Paz\n\n" + last, "<p>Hola.</p><p>" + last + "</p>"} {
			if got := Said(content); !strings.HasSuffix(got, last) {
				t.Errorf("%q became %q", content, got)
			}
		}
	}
}

func TestWhatACustomerAddsBelowTheirNameStays(t *testing.T) {
	for _, added := range []string{
		"Llamen al 11 5555-0101",
		"Mi celular es 11 5555-0101",
		"El encargado es Juan, 11 5555-0101",
		"Horario: 8 a 12",
		"Entregar en Av. Mitre 100, piso 2",
		"Urgente",
		"URGENTE, LLAMAR AL 11 5555-0101",
		"Retira Juan Pérez DNI 20000002",
		"Total $ 500",
		"Cliente 4471",
		"Juan Gil y María Sol",
		"Gerencia pidió que sea hoy",
		"Compras: 2 cajas\nVentas: 3 cajas",
		"Dirección nueva\nAv. Mitre 100, Rosario\nTel. 341 555-0101",
		"Nueva Dirección\nAv. Mitre 100, Rosario\nTel. 341 555-0101",
		"Nuevo Teléfono\n11 5555-0101",
		"Lista:\nAna Gómez, Ventas, int. 201\nLuis Gil, Compras, int. 202",
		"Ana Gómez, Ventas, int. 201\nLuis Gil, Compras, int. 202\ny nadie más",
		"Adjunto:\nfactura.pdf\nwww.example.com/foto",
		"La página es www.example.com y el mail info@example.com",
		"Av. Mitre 100, Rosario\n341 555-0101",
		"Los esperamos el lunes en planta, portón 3",
		"Call the plant manager first: +54 11 5555 0101",
		"Serial\n8812-A",
		"> 100 cajas",
		"-- 2 cajas",
		"Avisar al Jefe de Planta",
		"Ya hablé con Ventas y con el Gerente",
	} {
		for _, name := range []string{"Ana Paz", "Ana"} {
			content := "Hola, va lo pedido.\n\nSaludos,\n" + name + "\n\n" + added
			if got := Said(content); got != content {
				t.Errorf("%q became %q", content, got)
			}
		}
	}
}

func TestTheClosingAndTheNameAtTheTopOfAMarkedSignatureStay(t *testing.T) {
	const fine = `<div style="font-size:8pt">Gerente de Compras</div><div style="font-size:8pt">Tel. 11 5555-0101</div>`
	for signature, want := range map[string]string{
		`<div>Saludos,</div><div>Ana</div><div>Enviado desde mi iPhone</div>`:                                 "Saludos,\nAna\n[signature: 1 line]",
		`<div>Gracias</div><br>Enviado desde mi iPhone`:                                                       "Gracias\n\n[signature: 1 line]",
		`<div>Abraços,</div><div>Ana e Rui</div>`:                                                             "Abraços,\nAna e Rui",
		`<div>God bless,</div><div>Ana Paz</div>` + fine:                                                      "God bless,\nAna Paz\n[signature: 2 lines]",
		`<div>Saludos,</div><div>Ana Paz</div><div>Gerente de Compras</div><div>Tel. 11 5555-0101</div>`:      "[signature: 4 lines]",
		`<div style="font-size:8pt">Saludos,</div><div style="font-size:8pt">Ana Paz</div>` + fine:            "[signature: 4 lines]",
		`<div>Ana Paz</div>` + fine:                                                                           "[signature: 3 lines]",
		`<div>The second matter: send the invoice to my office.</div><div>Get Outlook for iOS</div>`:          "The second matter: send the invoice to my office.\n[signature: 1 line]",
		`<div>Ejemplo S.A., fundada en 1950.</div><div>Gerencia de Compras</div><div>Tel. 11 5555-0101</div>`: "[signature: 3 lines]",
	} {
		if got := Said(`<div>No anda.</div><br><div id="Signature">` + signature + `</div>`); got != "No anda.\n\n"+want {
			t.Errorf("%s\nbecame %q", signature, got)
		}
	}
}

func TestSomebodysFromToAndSentAreNoHeader(t *testing.T) {
	for _, own := range []string{
		"From: Saturday 6 December, 09:40\nTo: Sunday\nSent: deposit of 40.00 on 1 November",
		"From: Leeds\nTo: York\nSent: Monday 3 March by courier",
		"De: Lima\nPara: Cusco\nEnviado: el comprobante, ayer 10:15, con fecha 2025",
		"De: Recife\nPara: Natal\nEnviada: em 3 de março",
	} {
		content := "Booking 7730 changes\n\n" + own + "\n\nAnd is the ramp open?\n\nAna"
		if got := Said(content); got != content {
			t.Errorf("it became\n%s", got)
		}
	}
	for _, header := range []string{
		"From: Support\nSent: Thursday, November 6, 2025 7:31 PM\nTo: Ana\n",
		"De: Soporte\nEnviado el: miércoles, 5 de noviembre de 2025 07:31 p. m.\nPara: Ana\n",
		"De: Suporte\nEnviada em: terça-feira, 4 de novembro de 2025 às 14:00\nPara: Ana\n",
		"From: Support\nSent: 06 November 2025 19:31 UTC\nTo: Ana\n",
		"From: support@example.com\nSent: yesterday\nTo: Ana\n",
	} {
		if got := Said("It leaks.\n\n" + header + "\nSince when?"); got != "It leaks.\n[quoted history: 4 lines]" {
			t.Errorf("got\n%s", got)
		}
	}
}

func TestASignTypedOutsideTheQuotesThatTheHTMLMarksIsNoQuote(t *testing.T) {
	const quote = `<blockquote type="cite"><div>What does it say?</div></blockquote>`
	const typed = `<div>&gt; Error in station seven</div><div>&gt;&gt; call the help desk now</div>`
	for content, want := range map[string]string{
		quote + `<br>` + typed + `<br><div>Ana</div>`:     "[quoted history: 1 line]\n\n> Error in station seven\n>> call the help desk now\n\nAna",
		`<div>It says</div><br>` + typed + `<br>` + quote: "It says\n\n> Error in station seven\n>> call the help desk now\n[quoted history: 1 line]",
		typed + quote: "> Error in station seven\n>> call the help desk now\n[quoted history: 1 line]",
		`<div>Hi.</div><div>On 2025-11-12 09:15, Ana wrote:</div>` + typed + quote: "Hi.\n[quoted history: 3 lines]\n[quoted history: 1 line]",
	} {
		if got := Said(content); got != want {
			t.Errorf("%s\nbecame\n%s\nwant\n%s", content, got, want)
		}
	}
}

func TestMarkedAnswersAreShownWithoutTheRestWhenAllAreMarked(t *testing.T) {
	const top = "Answers below.\n\n"
	const header = "From: Support <support@example.com>\nSent: Thursday, November 6, 2025 7:31 PM\nTo: Ana\nSubject: Reader\n\n"
	for below, want := range map[string]string{
		"Hi Ana,\n\nWhich one?\n[AP] The left\nSince when?\n[AP] May\n\nRegards,\nSupport":                "[quoted history: 6 lines]\n[AP] The left\n[quoted history: 1 line]\n[AP] May\n[quoted history: 2 lines]",
		"1) Model:\nR: P20\n2) Color:\nR: red\n\nFrom: Ana <ana@example.com>\nSent: Monday\n\nIs it hot?": "[quoted history: 5 lines]\nR: P20\n[quoted history: 1 line]\nR: red\n[quoted history: 3 lines]",
	} {
		if got := Said(top + header + below); got != top[:len(top)-1]+want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	for about, below := range map[string]string{
		"one only":               "Which one?\n[AP] The left",
		"one goes on":            "Which one?\n[AP] The left\nand the right\nSince when?\n[AP] May",
		"one is not marked":      "Which one?\n[AP] The left\nSince when?\n[AP] May\nIs it hot?\nNo",
		"the first is not":       "Which one?\nThe left\nSince when?\n[AP] May\nIs it hot?\n[AP] No",
		"one in the line":        "Which one?\n[AP] The left\nHot? Yes\nSince when?\n[AP] May",
		"something at the end":   "Which one?\n[AP] The left\nSince when?\n[AP] May\n\nSupport\n\nThe right one is fine.",
		"a question at the end":  "Which one?\n[AP] The left\nSince when?\n[AP] May\nIs it hot?",
		"nobody asked the first": "Hi Ana,\n[AP] The left\nSince when?\n[AP] May",
	} {
		if content := top + header + below; Said(content) != content {
			t.Errorf("%s: got\n%s", about, Said(content))
		}
	}
}

func TestANumberAfterASignAmongOnesOwnLinesIsMoreThan(t *testing.T) {
	const quote = "On Thu, Nov 6, 2025 at 7:31 PM Support <support@example.com> wrote:\n> How many?\n\n"
	const folded = "[quoted history: 2 lines]\n\n"
	for own, want := range map[string]string{
		"40 trees\n\n> 100 would be too many\n\nAna": "40 trees\n\n> 100 would be too many\n\nAna",
		"40 trees\n\n> 1. which trees?\n\nOaks":      "40 trees\n[quoted history: 1 line]\n\nOaks",
		"40 trees\n\n> 100 Trees Road?\n\nYes":       "40 trees\n[quoted history: 1 line]\n\nYes",
		"40 trees\n\n> 100 trees":                    "40 trees\n[quoted history: 1 line]",
	} {
		if got := Said(quote + own); got != folded+want {
			t.Errorf("got\n%s\nwant\n%s", got, folded+want)
		}
	}
}
