package sandbox

// Names of people, places and things. All combinations are made up.

var firstNames = []string{
	"Ana", "Tomás", "Carla", "Diego", "Florencia", "Gustavo", "Inés", "Jorge", "Karina", "Leandro", "María José", "Natalia", "Óscar", "Patricia",
	"Quimey", "Raúl", "Silvina", "Tamara", "Ulises", "Verónica", "Walter", "Ximena", "Yamila", "Zulema", "Esteban", "Hernán", "Lorena", "Mónica",
	"Pablo", "Romina", "Sebastián", "Daniela", "Ezequiel", "Graciela", "Iván", "Julián", "Luz", "Mariano", "Noelia", "Agostina",
}

var lastNames = []string{
	"Gómez", "Pérez", "Rodríguez", "Fernández", "López", "Díaz", "Martínez", "Romero", "Sosa", "Torres", "Álvarez", "Ruiz", "Ramírez", "Flores",
	"Benítez", "Acosta", "Medina", "Herrera", "Suárez", "Aguirre", "Giménez", "Gutiérrez", "Pereyra", "Rojas", "Molina", "Castro", "Ortiz", "Silva",
	"Núñez", "Luna", "Juárez", "Cabrera", "Ríos", "Morales", "Godoy", "Moreno", "Ferreyra", "Domínguez", "Carrizo", "Peralta",
}

var brazilianFirstNames = []string{
	"Ana Paula", "Bruno", "Cauã", "Débora", "Eduardo", "Fernanda", "Gabriel", "Helena", "Igor", "Júlia", "Larissa", "Mateus", "Natália", "Otávio",
	"Priscila", "Rafael", "Simone", "Tainá", "Vinícius", "Luíza",
}

var brazilianLastNames = []string{
	"Silva", "Santos", "Oliveira", "Souza", "Lima", "Pereira", "Ferreira", "Costa", "Gonçalves", "Almeida", "Araújo", "Ribeiro", "Assunção", "Brandão",
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
