package sandbox

import "time"

// InvoiceNumber is the invoice that the messages of InvoiceWritten name.
const InvoiceNumber = "0001-00012345"

// What Scenes names cases by.
const (
	InvoiceWritten   = "invoice"                  // a message carries InvoiceNumber, in each case written in another way
	OtherInvoice     = "another invoice"          // a message carries a number that differs from it in one digit
	LongerInvoice    = "longer invoice"           // a message carries a number that begins with all its digits
	WindowCloses     = "window closes"            // WhatsApp, waiting on us, and the window closes within two hours of the API's clock
	WindowLooksSo    = "window seems to close"    // nearly the same, but it closes later or has closed, or nobody waits on us
	WroteAgain       = "wrote again"              // solved or closed, and a day later the customer came back with a question
	OnlyUndelivered  = "only undelivered replies" // open; our one reply did not arrive
	CallOverMidnight = "call over midnight"       // a call begins before midnight of the local clock and ends after it
	CallOfTwo        = "call of two agents"       // an agent takes the call and hands it to another
	CallLost         = "call lost in a transfer"  // an agent hands the call over, and nobody takes it
	LongThread       = "long thread"              // more than 250 entries; one of the first ones carries InvoiceNumber, too
	OnePerson        = "one person"               // cases of the contacts of OnePhone, some older than three months
	OnePersonBrazil  = "one person in Brazil"     // cases of the contacts of BrazilPhone
	NobodysName      = "nobody's name"            // cases of contacts without a name; those of OnePersonalID and IDOfAnother go by these names
)

// The agents whom scenes name.
const (
	luciaFernandez  = 46688 // support and sales
	luciaTorres     = 46691 // billing and returns
	lucasPena       = 46699 // logistics and returns
	camilaRodriguez = 46702
	lauraMedina     = 46705
)

const (
	toSolved = "[change_status_to]solved"
	toClosed = "[change_status_to]closed"
)

var sceneList = append([]scene{
	{as: InvoiceWritten, age: 20 * day, channel: "whatsapp", queue: billingQueue, subject: "Factura duplicada", agent: luciaTorres, story: []line{
		{words: "Hola, me llegó dos veces la factura 0001-00012345"},
		{by: byAgent, after: 12 * time.Minute, words: "Hola {nombre}, la reviso y te aviso."},
		{after: 30 * time.Minute, words: "dale, espero"},
	}},
	{as: InvoiceWritten, age: 27 * day, channel: "whatsapp", queue: billingQueue, subject: "Cobro repetido", agent: luciaTorres, story: []line{
		{words: "buenas me debitaron la 0001 00012345 y ya estaba paga"},
		{by: byAgent, after: 40 * time.Minute, words: "Queda anulado el segundo débito, lo ves en 72 hs."},
		{by: bySystem, after: time.Hour, words: toSolved},
	}},
	{as: InvoiceWritten, age: 41 * day, channel: "email", queue: billingQueue, subject: "Error en la razón social", agent: luciaTorres, story: []line{
		{words: "Necesito corregir la razón social del comprobante 000100012345 antes del cierre del mes."},
		{by: byAgent, after: 3 * time.Hour, words: "Recibimos la constancia, lo rehacemos hoy."},
		{by: bySystem, after: time.Hour, words: toSolved},
		{by: bySystem, after: 2 * day, words: toClosed},
	}},
	{as: InvoiceWritten, age: 9 * day, channel: "new_email", queue: billingQueue, subject: "Doble cargo", story: []line{
		{words: "Adjunto el resumen de la tarjeta: la factura 0001\u201100012345 figura dos veces."},
		{after: 26 * time.Hour, words: "Sigo sin respuesta por el doble cargo."},
	}},
	{as: InvoiceWritten, age: 15 * day, channel: "web", queue: billingQueue, subject: "Necesito factura A", agent: luciaTorres, story: []line{
		{words: "Hola, compré como responsable inscripto y me llegó factura B"},
		{by: byAgent, after: 7 * time.Minute, words: "Anulamos la B y emitimos la A N.º 0001-00012345. ¿Te llegó?"},
		{after: 20 * time.Minute, words: "llegó, gracias"},
		{by: bySystem, after: time.Minute, words: toSolved},
	}},
	{as: OtherInvoice, age: 18 * day, channel: "whatsapp", queue: billingQueue, subject: "Factura duplicada", agent: luciaTorres, story: []line{
		{words: "Hola, me pasan la factura 0001-00012346?"},
		{by: byAgent, after: 9 * time.Minute, words: "Te la envío por mail."},
		{by: bySystem, after: time.Hour, words: toSolved},
	}},
	{as: OtherInvoice, age: 31 * day, channel: "email", queue: billingQueue, subject: "Doble cargo", agent: luciaTorres, story: []line{
		{words: "La 0002-00012345 está cobrada dos veces."},
		{by: byAgent, after: 5 * time.Hour, words: "Lo confirmo y les aviso."},
	}},
	{as: LongerInvoice, age: 36 * day, channel: "whatsapp", queue: billingQueue, subject: "Cobro repetido", agent: luciaTorres, story: []line{
		{words: "es el comprobante 0001-000123457, lo pagué el lunes"},
		{by: byAgent, after: 15 * time.Minute, words: "Gracias, lo registro."},
		{by: bySystem, after: time.Hour, words: toSolved},
	}},

	{as: WindowCloses, age: 4 * day, channel: "whatsapp", queue: logisticsQueue, subject: "Pedido que no llega", agent: lucasPena, story: []line{
		{words: "Hola, el pedido {pedido} tenía que llegar ayer"},
		{by: byAgent, after: 18 * time.Minute, words: "Hola {nombre}, reclamo al correo y te escribo."},
		{ago: 22*time.Hour + 5*time.Minute, words: "y? me confirman?"},
	}},
	{as: WindowCloses, age: 5 * day, channel: "whatsapp", queue: supportQueue, subject: "No enciende", story: []line{
		{words: "Buenas, compré un {modelo} y no enciende"},
		{ago: 22*time.Hour + 20*time.Minute, words: "Hay alguien ahí?"},
	}},
	{as: WindowCloses, age: 6 * day, channel: "whatsapp", queue: supportQueue, subject: "No conecta al wifi", agent: luciaFernandez, story: []line{
		{words: "Desde ayer no me conecta"},
		{by: byAgent, after: 30 * time.Minute, words: "¿Me mandás una captura del error?"},
		{ago: 22*time.Hour + 40*time.Minute, words: "ahí va, sigue igual"},
		{by: byAgentUndelivered, ago: 22 * time.Hour, words: "Gracias, la paso a segundo nivel."},
	}},
	{as: WindowCloses, age: 4*day + 6*time.Hour, channel: "whatsapp", queue: salesQueue, subject: "Precio en doce cuotas", story: []line{
		{words: "Hola! precio del {modelo} en 12 cuotas?"},
		{ago: 22*time.Hour + 55*time.Minute, words: "sigue en pie la promo?"},
		{by: byBot, ago: 22*time.Hour + 54*time.Minute, words: "¡Hola! Soy Wiz 🤖. En breve te responde una persona."},
	}},
	{as: WindowLooksSo, age: 5*day + 6*time.Hour, channel: "whatsapp", queue: logisticsQueue, subject: "Pedido atrasado", agent: lucasPena, story: []line{
		{words: "Hola, no llegó el {pedido}"},
		{by: byAgent, after: 20 * time.Minute, words: "Lo reviso y te confirmo."},
		{ago: 20*time.Hour + 50*time.Minute, words: "Alguna novedad?"},
	}},
	{as: WindowLooksSo, age: 6*day + 6*time.Hour, channel: "whatsapp", queue: supportQueue, subject: "Se apaga solo", agent: luciaFernandez, story: []line{
		{words: "El {modelo} se apaga solo"},
		{by: byAgent, after: 25 * time.Minute, words: "¿Probaste con otro cable?"},
		{ago: 24*time.Hour + 10*time.Minute, words: "si, con dos"},
	}},
	{as: WindowLooksSo, age: 7 * day, channel: "whatsapp", queue: supportQueue, subject: "Sin señal desde ayer", agent: luciaFernandez, story: []line{
		{words: "Me quedé sin señal"},
		{ago: 22*time.Hour + 30*time.Minute, words: "sigo igual"},
		{by: byAgent, ago: 21*time.Hour + 30*time.Minute, words: "Hay una falla en tu zona, se resuelve hoy a las 18."},
	}},
	{as: WindowLooksSo, age: 7*day + 6*time.Hour, channel: "email", queue: returnsQueue, subject: "Cambio de talle", story: []line{
		{words: "Quiero cambiar el talle del pedido {pedido}."},
		{ago: 22*time.Hour + 30*time.Minute, words: "¿Pudieron ver el cambio?"},
	}},
	{as: WindowLooksSo, age: 8 * day, channel: "whatsapp", queue: returnsQueue, subject: "Quiero devolver el producto", agent: lucasPena, story: []line{
		{words: "Hola, quiero devolver la compra {pedido}"},
		{by: byAgent, after: time.Hour, words: "Te mando la etiqueta."},
		{ago: 22*time.Hour + 30*time.Minute, words: "la recibí, gracias"},
		{by: bySystem, ago: 22 * time.Hour, words: toSolved},
	}},

	{as: WroteAgain, age: 6 * day, channel: "whatsapp", queue: supportQueue, subject: "Sigue con fallas", agent: luciaFernandez, story: []line{
		{words: "Hola, la app se cierra sola"},
		{by: byAgent, after: 15 * time.Minute, words: "Actualizamos la versión, ¿podés reinstalar?"},
		{by: bySystem, after: 5 * time.Hour, words: toSolved},
		{ago: 20 * time.Hour, words: "reinstalé y sigue igual, por qué lo cerraron?"},
	}},
	{as: WroteAgain, age: 10 * day, channel: "email", queue: returnsQueue, subject: "No llega el reintegro", agent: luciaTorres, story: []line{
		{words: "Devolví el producto y el reintegro no aparece."},
		{by: byAgent, after: 4 * time.Hour, words: "El reintegro está emitido, depende del banco."},
		{by: bySystem, after: time.Hour, words: toSolved},
		{ago: 2 * day, words: "Pasaron diez días hábiles y el banco no tiene nada. ¿Me pasan el comprobante?"},
	}},
	{as: WroteAgain, age: 16 * day, channel: "whatsapp", queue: logisticsQueue, subject: "Faltan productos", agent: lucasPena, story: []line{
		{words: "El pedido {pedido} vino incompleto"},
		{by: byAgent, after: 35 * time.Minute, words: "El faltante sale mañana sin cargo."},
		{by: bySystem, after: time.Hour, words: toSolved},
		{by: bySystem, after: 3 * day, words: toClosed},
		{ago: 5 * time.Hour, words: "Hola, el faltante nunca llegó"},
		{ago: 4 * time.Hour, words: "??"},
	}},
	{as: WroteAgain, age: 12 * day, channel: "whatsapp", queue: brazilQueue, subject: "Atraso na entrega", story: []line{
		{words: "Oi, meu pedido {pedido} não chegou"},
		{by: byBot, after: 4 * time.Second, words: "Olá! Eu sou a Bia 🤖. O pedido está em rota de entrega."},
		{by: bySystem, after: 20 * time.Minute, words: toSolved},
		{ago: 3 * day, words: "Não chegou nada até agora, cadê?"},
	}},
	{as: OnlyUndelivered, age: 11 * day, channel: "whatsapp", queue: salesQueue, subject: "Stock del Celular S8", agent: luciaFernandez, story: []line{
		{words: "Hola, tienen stock del S8?"},
		{by: byAgentUndelivered, after: 50 * time.Minute, words: "¡Hola! Sí, nos quedan 4 unidades."},
	}},

	{as: CallOverMidnight, age: 4 * day, channel: "incoming_call", queue: socialQueue, subject: "No me llega el código", agent: camilaRodriguez, story: []line{
		{call: []ring{{0, "[call_start]"}, {1, "[call_available_agents]Carlos Campos, Camila Rodríguez"}, {45, "[assigned_limit]"}, {47, "[call_end]"}}},
		{night: 140 * time.Second, call: []ring{{0, "[call_start]"}, {1, "[call_available_agents]Camila Rodríguez"}, {12, "[call_attended]Camila Rodríguez"}, {560, "[call_end]"}}},
		{by: bySystem, after: time.Hour, words: toSolved},
	}},
	{as: CallOfTwo, age: 8 * day, channel: "phone", queue: supportQueue, subject: "El Router R5 no prende", agent: lauraMedina, story: []line{
		{call: []ring{{0, "[call_start]"}, {1, "[call_available_agents]Franco González, Martín Ruiz"}, {15, "[call_attended]Martín Ruiz"}, {240, "[call_transferred_area]"},
			{241, "[call_available_agents]Laura Medina"}, {262, "[call_attended]Laura Medina"}, {705, "[call_end]"}}},
		{by: bySystem, after: 2 * time.Hour, words: toSolved},
	}},
	{as: CallLost, age: 13 * day, channel: "incoming_call", queue: logisticsQueue, subject: "No encuentran mi pedido", agent: lucasPena, story: []line{
		{call: []ring{{0, "[call_start]"}, {1, "[call_available_agents]Lucas Peña"}, {9, "[call_attended]Lucas Peña"}, {180, "[call_transferred_area]"},
			{181, "[call_available_agents]"}, {241, "[assigned_limit]"}, {243, "[call_end]"}}},
		{after: 20 * time.Minute, call: []ring{{0, "[call_start]"}, {1, "[call_available_agents]"}, {30, "[call_end]"}}},
	}},
}, longScene())

// longScene goes on for days: more than two pages of entries.
func longScene() scene {
	s := scene{as: LongThread, age: 14 * day, channel: "whatsapp", queue: supportQueue, subject: "La app se cierra", agent: luciaFernandez, story: []line{
		{words: "Hola, la app se cierra cuando entro a mis pedidos"},
		{by: byAgent, after: 10 * time.Minute, words: "¡Hola {nombre}! Te habla Lucía, ¿me mandás una captura del error?"},
		{after: 5 * time.Minute, words: "me pasa al abrir la 0001 \u2013 00012345"},
	}}
	for i := range 130 {
		pause := time.Duration(3+i*7%37) * time.Minute
		s.story = append(s.story,
			line{by: byAgent, after: pause, words: spanishPhrases.fillers[i%len(spanishPhrases.fillers)]},
			line{after: pause / 2, words: spanishPhrases.chatter[i%len(spanishPhrases.chatter)]})
	}
	return s
}

var walkOns = []walkOn{
	{OnePerson, OnePhone, []time.Duration{5 * day, 11 * day, 19 * day, 30 * day, 44 * day, 58 * day, 75 * day, 100 * day, 125 * day}},
	{OnePersonBrazil, BrazilPhone, []time.Duration{7 * day, 22 * day, 50 * day, 110 * day}},
	{NobodysName, Nameless, []time.Duration{6 * day, 9 * day, 14 * day}},
	{IDOfAnother, IDOfAnother, []time.Duration{12 * day, 17 * day}},
	{OnePersonalID, OnePersonalID, []time.Duration{8 * day, 21 * day}},
}
