package text

import (
	"strings"
	"sync"
)

// evidence is what a line has that visiting cards have.
type evidence uint8

const (
	reach evidence = 1 << iota // a phone, an address of the net
	place                      // a street, a country
	work                       // a title, a company, its logo
)

// evidenceIn tells what of a card a line has.
func evidenceIn(s string) (found evidence) {
	bare := withoutImages(s)
	if len(bare) < len(s) {
		found = work
	}
	if len(bare) > maxCardLine+maxLink {
		return 0
	}
	if isReach(bare) {
		found |= reach
	}
	if isPlace(bare) {
		found |= place
	}
	if isWork(bare) {
		found |= work
	}
	return found
}

// withoutImages takes out what stands for pictures; plain texts put their names in brackets.
func withoutImages(s string) string {
	if strings.HasPrefix(s, "[") && strings.IndexByte(s, ']') == len(s)-1 {
		return ""
	}
	for {
		start := strings.Index(s, "[image")
		if start < 0 {
			start = strings.Index(s, "[cid:")
		}
		if start < 0 {
			return s
		}
		end := strings.IndexByte(s[start:], ']')
		if end < 0 {
			return s
		}
		s = strings.TrimSpace(s[:start] + s[start+end+1:])
	}
}

// isReach tells whether a line has an address of the net, or a phone: named as such, alone, or as it is dialed abroad.
func isReach(s string) bool {
	for field := range strings.FieldsSeq(s) {
		if isNetAddress(strings.Trim(field, "<>()|,;:")) {
			return true
		}
	}
	digits := len(Digits(s))
	numbered := digits >= minNumber
	_, value, _ := strings.Cut(s, ":")
	if numbered && (strings.Contains(s, "+") || isDialed(s) || isDialed(value)) {
		return true
	}
	first := true
	for word := range eachField(s) {
		if phoneWords(word) && (numbered || first && digits >= 2 && len(word) > 1) || socialWords(word) {
			return true
		}
		first = false
	}
	return false
}

func isDialed(s string) bool { return s != "" && strings.Trim(s, "0123456789 -./()") == "" }

// isNetAddress tells whether a word is an address of mail or of a page.
func isNetAddress(word string) bool {
	if strings.Contains(word, "://") || strings.HasPrefix(word, "www.") {
		return true
	}
	at, dot := strings.IndexByte(word, '@'), strings.LastIndexByte(word, '.')
	if at == 0 || dot <= 0 || dot < at || len(word)-dot-1 < 2 {
		return at == 0 && len(word) > 3 // @account
	}
	for i := dot + 1; i < len(word); i++ {
		if classes[word[i]] != lowerClass {
			return false
		}
	}
	return at > 0 || len(word) > 6 && strings.IndexByte("0123456789", word[dot-1]) < 0
}

// isPlace tells whether a line has a street with its number, or ends with a country.
func isPlace(s string) bool {
	numbered := strings.ContainsAny(s, "0123456789")
	last := ""
	for word := range eachField(s) {
		if numbered && streetWords(word) {
			return true
		}
		last = word
	}
	return countryNames(last) || numbered && isNumberedName(s) || isTown(s)
}

// isTown tells whether a line is two names with a comma or a dash between: "Rosario, Santa Fe".
func isTown(s string) bool {
	for _, sign := range [...]string{", ", " - ", "/"} {
		if town, region, found := strings.Cut(s, sign); found && isName(town) && isName(strings.TrimSuffix(region, ".")) {
			return true
		}
	}
	return false
}

// isNumberedName tells whether a line is words with capitals, their number, and something behind a comma: "Pellegrini
// 41, Concordia".
func isNumberedName(s string) bool {
	head, rest, found := strings.Cut(s, ",")
	at := strings.LastIndexByte(head, ' ')
	return found && at > 0 && rest != "" && strings.Trim(head[at+1:], "0123456789") == "" && isName(head[:at])
}

// isWork tells whether a line names a company or what somebody does there.
func isWork(s string) bool {
	for field := range strings.FieldsSeq(s) {
		field = strings.Trim(field, ",;|()-–")
		if companyForms(strings.ReplaceAll(strings.ReplaceAll(field, ".", ""), "/", "")) {
			return true
		}
	}
	for word := range eachField(s) {
		if workWords(word) || hasAnyPrefix(word, workStarts) {
			return true
		}
	}
	return strings.Contains(s, "S. de R.L.")
}

// eachField gives the words of a line, folded and without signs around them.
func eachField(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for word := range strings.FieldsFuncSeq(Fold(s), func(r rune) bool { return strings.ContainsRune(" ,;:|()/-–—•·*\"“”", r) }) {
			if word = strings.Trim(word, "."); word != "" && !yield(word) {
				return
			}
		}
	}
}

// set makes a test for words of a list, which is taken apart when it is first needed.
func set(list string) func(word string) bool {
	words := sync.OnceValue(func() map[string]bool {
		found := map[string]bool{}
		for word := range strings.FieldsSeq(list) {
			found[word] = true
		}
		return found
	})
	return func(word string) bool { return words()[word] }
}

var (
	phoneWords = set(`t m c o d p w tel tels tel/fax telf telef telefono telefonos telefone telefax telephone phone cel celular cell mobile movil mov whatsapp whatsap wsp wpp
		wa zap fone fono fonos fax ext int interno anexo ramal extension directo office oficina linea pbx conmutador central ph mob tfno tlf`)

	socialWords = set("facebook instagram linkedin twitter youtube tiktok skype")

	streetWords = set(`calle c/ av avda avenida ave ruta rua r alameda al travessa tv rodovia rod estrada bvar bv bulevar blvd boulevard cra carrera cr kra cl calz calzada col
		colonia jr jiron pasaje psje pje plaza praca pca street st road rd lane suite ste floor piso oficina of dpto depto lote parque km local loc galeria edificio ed edif torre cp cep
		avenue drive camino circunvalacion autopista esquina esq manzana mz urb urbanizacion sector barrio bairro box casilla sala conj bloco bodega nave interior entre poligono diag
		diagonal transversal quinta centro distrito zona`)

	countryNames = set(`argentina uruguay paraguay chile peru bolivia ecuador colombia venezuela mexico guatemala honduras nicaragua panama brasil brazil portugal espana spain cuba usa
		salvador rica dominicana caba mx`)

	companyForms = set(`SA S.A SAS SRL SL LDA Lda LTDA Ltda ltda SPA SpA SAC SAA SACI SAIC EIRL CA CV RL SC SCS Inc INC LLC Ltd LTD Corp CORP Co CO GmbH Cia Cía CIA CÍA ME EPP EIRELI
		SADECV SCA SAPI PLC LLP BV Pty Limited SAU SCRL SE`)

	workWords = set(`rh rrhh hr it ti ceo cfo cto coo cio ing lic dr dra arq abg cp cpa contad esc prof profa profe mtro mtra econ tec msc phd lead head owner founder staff
		buyer sales support group grupo company compras ventas vendas sistemas soporte suporte finanzas financeiro tesoreria cobranza cobranzas cobranca credito
		fiscal marketing comercial calidad qualidade logistica produccion producao operaciones operacoes hotel hostal escuela escola colegio clinica hospital banco estudio
		taller oficina office fabrica vivero farmacia libreria libraria imprenta panaderia padaria restaurante restaurant bar cafe tienda tiendas loja lojas store shop hermanos hnos filhos
		hijos sons textil molinos bodega bodegas viñedos parroquia municipio ayuntamiento universidad universidade university school solutions soluciones solucoes
		services servicios servicos systems technologies consulting partners holding holdings labs lab studio studios minerals mining trading foods farms seguros
		turismo viajes inversiones importaciones exportaciones industrias industria industrial equipo equipe team area departamento depto dept department planta
		sucursal facilities procurement purchasing operations accounting payroll finance legal hse seo qa pmo presidente president vice socio socia partner agro
		estancia hacienda fazenda granja consorcio edificios supermercado supermercados mercado gimnasio gym academia notaria notario escribania escribana bufete abogados abogado advocacia
		advogado advogada medico medica odontologo psicologa veterinaria veterinario nutricionista agente corredor corretor broker`)

	workStarts = []string{
		"gerent", "subgerent", "jefe", "jefa", "subjef", "encargad", "director", "diretor", "coordinad", "coordenad", "supervis", "analist", "asistent", "assistent", "auxiliar",
		"ejecutiv", "executiv", "contador", "contabil", "ingenier", "engenh", "engineer", "arquitect", "arquitet", "tecnic", "technic", "operador", "operator", "administra",
		"manager", "mantenimient", "manuten", "maintenance", "recursos", "secretari", "fundador", "fundadora", "officer", "specialist", "especialist", "consult", "develop",
		"desarrollador", "desenvolved", "accountant", "asesor", "assessor", "comprador", "vendedor", "profesor", "professor", "docente", "responsable", "responsavel", "lider",
		"practicante", "estagiari", "receptionist", "recepcionist", "nurse", "enfermer", "investigador", "tesorer", "propietari", "proprietari", "dueñ", "distribuidor",
		"ferreteri", "construct", "construt", "inmobiliari", "imobiliari", "laboratori", "transport", "tecnolog", "technolog", "cooperativ", "fundacion", "fundacao", "foundation",
		"asociaci", "associac", "association", "ministeri", "municipalidad", "prefeitura", "intendencia", "metalurgic", "frigorific", "agropecuari", "editorial", "institut",
		"comercializador", "importador", "exportador", "mecanic", "electric", "eletric", "representa", "planner", "planificador", "programador", "diseñador", "designer",
		"alcaldi", "gobernacion", "inspector", "auditor", "capataz", "mayordom", "bibliotec", "librer", "floricultur", "confeccion", "confec", "ceramic", "plastic", "quimic", "maderer", "materiais",
		"materiales", "repuestos", "autopart", "automotor", "concesionari", "despachant", "aduan",
	}

	strongClosings = set(`saludos saludo slds abrazo abrazos abraco abracos abs beso besos bjs beijos cordialmente atentamente atte att atenciosamente regards cheers sincerely`)

	// closingStarts are the words that letters end with, closingWords what may stand beside them.
	closingStarts = set(`saludos saludo saludes slds sds cordialmente atentamente atte att atenciosamente gracias muchas mil muchisimas abrazo abrazos abraco abracos abs un una besos beso bjs
		beijos quedo quedamos espero esperando esperamos respetuosamente obrigado obrigada obrigados grato grata gratos agradecido agradecida agradezco agradeco desde cordial cordiales
		sinceramente sin regards best kind kindest warm warmest thanks thank many cheers sincerely yours respectfully looking fico aguardo aguardamos ficamos saudacoes
		cumprimentos melhores bendiciones saluda hasta tks thx ty rgds br muito sds desejo tenga tengan afectuosamente abrazote saludines
		valeu vlw bye tchau chau chao cordially take god dios deus br agradeciendo agradecendo nos`)
	closingWords = set(`a e y o de del la el los las lo por para con en su sus tu tus vuestra vuestro atencion ayuda tiempo todo todos todas toda ya antemano grande grandes cordial
		cordiales atento atenta pendiente atentos atentas atte espera respuesta comentarios pronta pronto afectuoso afectuosos muy bien buen buena dia dias tarde semana fin feliz linda lindo les le
		te se nos despide me una uno al equipo gracias saludos abrazo colaboracion gestion paciencia disposicion ordenes particular otro mas luego mañana manana mucho muchas favor
		and you your in advance very much again so regards wishes to from forward hearing soon truly faithfully the all for help support time all best warm
		bless care bendiga abencoe no aguardo retorno resposta ajuda atencao obrigado obrigada desde ja um uma seu sua vossa pela pelo breve disposicao bom boa otimo otima carinho forte fraterno
		mil cordialmente atentamente comprension compreensao amable amavel tardes noches noite gran enorme desde aca`)

	nameParticles = set("de del da do dos das la las los el al y e & i van von der den di du le bin ben san")

	// caseWords name what is the person's own in a mail when a number is with them, formWords what people fill in.
	caseWords = set(`dni cpf rut curp rfc cuit cuil cedula pasaporte passport rg pedido pedidos orden order caso case ticket factura invoice boleta remito cliente customer
		cuenta account conta socio socia poliza policy apolice contrato contract serie serial modelo model expediente protocolo reclamo tramite folio reserva booking
		afiliado legajo matricula patente placa imei guia tracking rup nit ruc cnpj
		horario cantidad unidades nro`)
	formWords = set("nombre name nome apellido usuario user clave password senha empresa cargo razon domicilio horario")

	// bringWords say that something is brought or somebody comes to a place.
	bringWords = []string{"entreg", "envi", "mand", "retir", "visit", "llev", "traig", "deliver", "ship", "send", "bring", "come to", "levar", "traz", "tragam"}

	// dataWords and offerWords, beside each other, say that the person gives data of theirs.
	dataWords  = []string{"dato", "dados", "data ", "details", "direccion", "endereco", "address", "contact", "contato", "telefono", "telefone", "phone"}
	offerWords = []string{
		"abajo", "debajo", "abaixo", "below", "siguient", "seguint", "following", " van ", " va ", "paso ", "pasamos", "dejo", "segue", "here are", "here is", "estos son", " son ", " es ", " is ",
		"seria", "aqui", "aca ", "ahi ", "factur", "entreg", "envi", "deliver", "ship", "retir", " pie", "pide", "pidi", "solicit", "requer", "asked", "request",
	}
)
