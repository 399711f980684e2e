package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// localZone is the account's own clock, three hours behind UTC, as in the calls that were seen [W].
var localZone = time.FixedZone("UTC-3", -3*60*60)

// Queues by what they are to the rest of the data.
const (
	supportQueue    = 24717 // named in the reference
	salesQueue      = 24718
	billingQueue    = 24719
	logisticsQueue  = 24721
	returnsQueue    = 24724
	secondLineQueue = 24730
	brazilQueue     = 24733
	socialQueue     = 24738
	alwaysOpenQueue = socialQueue
)

var queueNames = []struct {
	id    int64
	name  string
	hours string
}{
	{supportQueue, "Soporte Técnico", "Lun a Vie 09:00-19:00"},
	{salesQueue, "Ventas", "Lun a Vie 09:00-19:00"},
	{billingQueue, "Facturación", "Lun a Vie 09:00-19:00"},
	{logisticsQueue, "Logística", "Lun a Vie 09:00-19:00"},
	{returnsQueue, "Devoluciones", "Lun a Vie 09:00-19:00"},
	{secondLineQueue, "Segundo Nivel", "Lun a Vie 09:00-19:00"},
	{brazilQueue, "Brasil", "Seg a Sex 09:00-19:00"},
	{socialQueue, "Redes", "Todos los días, 24 horas"},
}

// Agents by name; the last two are bots. Two people are called Lucía, and the example of the reference is Franco.
const (
	exampleAgent  = 46684 // Franco González, named in the reference
	spanishBot    = 46790
	portugueseBot = 46791
)

var agentNames = []struct {
	id          int64
	first, last string
	queues      []int64
}{
	{exampleAgent, "Franco", "González", []int64{supportQueue, secondLineQueue}},
	{46688, "Lucía", "Fernández", []int64{supportQueue, salesQueue}},
	{46691, "Lucía", "Torres", []int64{billingQueue, returnsQueue}},
	{46694, "Martín", "Ruiz", []int64{supportQueue, logisticsQueue}},
	{46697, "Carlos", "Campos", []int64{salesQueue, socialQueue}},
	{46699, "Lucas", "Peña", []int64{logisticsQueue, returnsQueue}},
	{46702, "Camila", "Rodríguez", []int64{supportQueue, socialQueue}},
	{46705, "Laura", "Medina", []int64{secondLineQueue, supportQueue}},
	{46709, "Valentina", "Soto", []int64{billingQueue, salesQueue}},
	{46712, "Nicolás", "Ortiz", []int64{logisticsQueue}},
	{46715, "Andrea", "Flores", []int64{returnsQueue, supportQueue}},
	{46718, "Julia", "Morales", []int64{salesQueue}},
	{46721, "Julia", "Herrera", []int64{billingQueue}},
	{46724, "Tomás", "Gil", []int64{supportQueue, logisticsQueue}},
	{46729, "Juan", "Costa", []int64{socialQueue, salesQueue}},
	{46733, "Andrés", "Molina", []int64{secondLineQueue}},
	{46738, "Andrea", "Vega", []int64{supportQueue, returnsQueue}},
	{46741, "Diego", "Luna", []int64{logisticsQueue, billingQueue}},
	{46744, "Pedro", "Navarro", []int64{salesQueue, billingQueue}},
	{46751, "João", "Santos", []int64{brazilQueue}},
	{46754, "Beatriz", "Conceição", []int64{brazilQueue}},
	{46757, "Igor", "Almeida", []int64{brazilQueue, secondLineQueue}},
	{spanishBot, "Wiz", "Asistente", []int64{supportQueue, salesQueue, billingQueue, logisticsQueue, returnsQueue, socialQueue}},
	{portugueseBot, "Bia", "Assistente", []int64{brazilQueue}},
}

// typeTree is id, parent, name; three levels. 502 is named in the reference.
var typeTree = []Type{
	{500, "Logística", 0},
	{501, "Entregas", 500}, {502, "Demora en la entrega", 501}, {503, "Entrega incompleta", 501}, {504, "Dirección incorrecta", 501},
	{505, "Retiros en sucursal", 500}, {506, "Horario de retiro", 505}, {507, "Pedido no encontrado", 505},
	{510, "Facturación", 0},
	{511, "Facturas", 510}, {512, "Factura duplicada", 511}, {513, "Datos fiscales", 511},
	{514, "Pagos", 510}, {515, "Pago rechazado", 514}, {516, "Cuotas e intereses", 514}, {517, "Reintegros", 514},
	{520, "Producto", 0},
	{521, "Fallas", 520}, {522, "No enciende", 521}, {523, "Llegó dañado", 521},
	{524, "Cambios y devoluciones", 520}, {525, "Cambio de talle", 524}, {526, "Arrepentimiento", 524},
	{530, "Cuenta", 0},
	{531, "Acceso", 530}, {532, "Contraseña", 531}, {533, "Baja del servicio", 531},
	{540, "Comercial", 0},
	{541, "Consultas", 540}, {542, "Stock y precios", 541}, {543, "Compra mayorista", 541},
}

var tagNames = []string{
	"vip", "reclamo", "urgente", "reincidente", "promo", "mayorista", "postventa", "garantía", "envío gratis", "cuotas",
	"tienda online", "sucursal", "prensa", "legal", "baja", "encuesta", "fraude", "primera compra", "defensa del consumidor", "black friday",
}

// accounts are the account's own numbers and mailboxes by queue and source.
const (
	mainWhatsApp   = "5491100000000"
	salesWhatsApp  = "5491100000001"
	brazilWhatsApp = "5511900000000"
	mainPhone      = "541150000000"
	mainMailbox    = "soporte@example.com.ar"
	billingMailbox = "facturacion@example.com.ar"
	brazilMailbox  = "atendimento@example.com.br"
	webChat        = "chat-web"
)

var channelList = []Channel{
	{301, "WhatsApp Soporte (" + mainWhatsApp + ")", "whatsapp"},
	{302, "WhatsApp Ventas (" + salesWhatsApp + ")", "whatsapp"},
	{303, "WhatsApp Brasil (" + brazilWhatsApp + ")", "whatsapp"},
	{311, mainMailbox, "email"},
	{312, billingMailbox, "email"},
	{313, brazilMailbox, "email"},
	{314, "Nuevo correo", "new_email"},
	{321, "Chat del sitio", "web"},
	{331, "Línea principal", "phone"},
	{332, "Llamadas entrantes", "incoming_call"},
}

var templateList = []Template{
	{"tpl_seguimiento_pedido", "Hola {{1}}, te escribimos por tu pedido {{2}}. ¿Pudiste recibirlo?", "seguimiento_pedido", mainWhatsApp, "Soporte"},
	{"tpl_reapertura", "Hola {{1}}, retomamos tu consulta. ¿Seguís necesitando ayuda?", "reapertura_conversacion", mainWhatsApp, "Soporte"},
	{"tpl_turno_tecnico", "Hola {{1}}, tu visita técnica es el {{2}} entre las {{3}} hs.", "turno_tecnico", mainWhatsApp, "Soporte"},
	{"tpl_encuesta", "¡Gracias por escribirnos! ¿Cómo calificarías la atención del 1 al 5?", "encuesta_satisfaccion", mainWhatsApp, "Soporte"},
	{"tpl_oferta", "Hola {{1}}, esta semana tenés {{2}} de descuento en toda la tienda.", "oferta_semanal", salesWhatsApp, "Ventas"},
	{"tpl_presupuesto", "Hola {{1}}, ya está listo tu presupuesto N.º {{2}}.", "presupuesto_listo", salesWhatsApp, "Ventas"},
	{"tpl_acompanhamento", "Olá {{1}}, tudo bem? Estamos falando sobre o seu pedido {{2}}.", "acompanhamento_pedido", brazilWhatsApp, "Brasil"},
	{"tpl_retomada", "Olá {{1}}, vamos retomar o seu atendimento. Ainda precisa de ajuda?", "retomada_conversa", brazilWhatsApp, "Brasil"},
}

var contactGroupList = []ContactGroup{
	{31, "VIP", "Clientes VIP"}, {32, "MAY", "Mayoristas"}, {33, "NEWS", "Suscriptos al boletín"},
	{34, "BR", "Clientes Brasil"}, {35, "MORA", "Con deuda"}, {36, "EMP", "Empleados"},
}

// fillDirectory gives the account what is the same for every seed, but for the dates.
func (d *account) fillDirectory(random *rand.Rand) {
	d.types, d.channels, d.templates = typeTree, channelList, templateList
	d.contactGroups, d.options = contactGroupList, optionsByField
	for i, name := range tagNames {
		d.tags = append(d.tags, Tag{int64(801 + 3*i), name})
	}
	for _, q := range queueNames {
		d.queues = append(d.queues, Queue{ID: q.id, Name: q.name, BusinessHours: q.hours})
	}
	for _, named := range agentNames {
		bot := named.id == spanishBot || named.id == portugueseBot
		d.users = append(d.users, Agent{
			ID:        named.id,
			UserName:  plain(named.first) + "." + plain(named.last) + "@ejemplo.com",
			Nick:      named.first,
			FirstName: named.first, LastName: named.last,
			IsBot:     bot,
			CreatedAt: d.now.AddDate(-2, 0, -random.IntN(400)).Add(-time.Duration(random.IntN(86400)) * time.Second),
			LastLogin: d.now.Add(-time.Duration(600+random.IntN(3*86400)) * time.Second),
			Queues:    named.queues,
		})
		for _, id := range named.queues {
			queue := withID(d.queues, id, func(q *Queue) int64 { return q.ID })
			queue.Users = append(queue.Users, QueueUser{named.id, bot || random.IntN(10) < 8})
		}
	}
	for i, name := range companyNames {
		d.organizations = append(d.organizations, Organization{
			ID: int64(1201 + 4*i), CustomID: fmt.Sprintf("ORG-%04d", i+1), Name: name,
			Phone: fmt.Sprintf("5411555%05d", 70000+i), Email: "contacto@" + strings.ReplaceAll(plain(name), " ", "-") + ".example.com",
			Web: "https://" + strings.ReplaceAll(plain(name), " ", "-") + ".example.com", State: cityNames[i%len(cityNames)],
			Address: streetNames[i%len(streetNames)] + fmt.Sprintf(" %d", 100+37*i), Executives: []int64{agentNames[i%20].id},
			CustomFields:         []CustomField{{"rubro", []string{"comercio", "industria", "servicios"}[i%3]}},
			AssignmentPriorities: []int64{salesQueue},
		})
	}
}

var withoutAccents = strings.NewReplacer("á", "a", "à", "a", "ã", "a", "â", "a", "é", "e", "ê", "e", "í", "i", "ó", "o", "õ", "o", "ô", "o",
	"ú", "u", "ü", "u", "ñ", "n", "ç", "c")

// plain is a name as an address can carry it.
func plain(name string) string {
	return strings.ReplaceAll(withoutAccents.Replace(strings.ToLower(name)), "&", "y")
}
