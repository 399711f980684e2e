package sandbox

// Names of people, places and things. All combinations are made up.

var firstNames = []string{
	"Ana", "Tomás", "Carla", "Diego", "Laura", "Carlos", "Inés", "Jorge", "José", "Daniel", "Juan", "David", "Óscar",
	"Sara", "Luis", "Raúl", "Pedro", "Eva", "Julia", "Verónica", "Walter", "Andrea", "Lucas", "Emma", "Esteban", "Víctor",
	"Lorena", "Mónica", "Pablo", "Mario", "Miguel", "Daniela", "Santiago", "Elena", "Iván", "Marina", "Luz", "Mariano", "Marcos",
	"Rosa",
}

var lastNames = []string{
	"Reyes", "Pérez", "Campos", "Fernández", "López", "Cruz", "Sánchez", "Romero", "Sosa", "Torres", "Costa", "Ruiz", "Vega",
	"Flores", "León", "Acosta", "Medina", "Herrera", "Suárez", "Ramos", "Bruno", "Soto", "Navarro", "Rojas", "Molina", "Castro",
	"Ortiz", "Silva", "Rivera", "Luna", "Juárez", "Delgado", "Ríos", "Morales", "Godoy", "Moreno", "Rossi", "Vargas", "Mendoza",
	"Peralta",
}

var brazilianFirstNames = []string{
	"Ana Paula", "Bruno", "João", "Sandra", "Eduardo", "Fernanda", "Gabriel", "Helena", "Igor", "Rita", "Larissa", "Mateus",
	"Natália", "Otto", "Carla", "Rafael", "Simone", "Marcos", "Pedro", "Nina",
}

var brazilianLastNames = []string{
	"Silva", "Santos", "Costa", "Souza", "Lima", "Campos", "Ferreira", "Conceição", "Nunes", "Almeida", "Moura", "Dias",
	"Rocha", "Brandão",
}

// companyNames name the organizations.
var companyNames = []string{
	"Ferretería El Tornillo", "Librería Punto y Coma", "Distribuidora Sur", "Escuela Los Ceibos", "Hotel Mirador", "Panadería La Espiga",
	"Estudio Contable Rivas & Soto", "Transportes Ñandú", "Farmacia Central", "Club Atlético Las Lomas", "Imprenta Rápida", "Viñedos del Este",
	"Clínica San Telmo", "Textil Andina", "Agro Pampa", "Muebles Roble", "Comércio Ipê", "Padaria Pão Quente", "Óptica Mirar", "Constructora Norte",
	"Bazar Doña Tina", "Editorial Faro", "Gimnasio Pulso", "Heladería Copo", "Kiosco Avenida", "Lavadero Espuma", "Mercado Vecino", "Papelera Hoja",
	"Rotisería Don Beto", "Veterinaria Huellas",
}

var cityNames = []string{
	"Rosario", "Córdoba", "Mendoza", "La Plata", "Mar del Plata", "Salta", "Neuquén", "Tucumán", "Paraná", "Santa Fe", "Bahía Blanca", "Palermo",
}

var brazilianCityNames = []string{"São Paulo", "Curitiba", "Belo Horizonte", "Porto Alegre", "Florianópolis", "Recife"}

var streetNames = []string{
	"Av. San Martín", "Belgrano", "Calle 12", "Mitre", "Av. Libertador", "Sarmiento", "Rivadavia", "9 de Julio", "Los Aromos", "Pasaje Luna",
}

var modelNames = []string{"Lavarropas X200", "Router R5", "Notebook N14", "Cafetera C3", "Monitor M27", "Parlante P1", "Celular S8", "Smart TV 43"}

var weekdayNames = []string{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}

var brazilianWeekdayNames = []string{"segunda", "terça", "quarta", "quinta", "sexta", "sábado"}

// originNames say how a customer came; every case has one.
var originNames = []string{"tienda online", "sucursal", "redes sociales", "recomendado"}
