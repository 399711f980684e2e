package sandbox

var portugueseTopics = []topic{
	{
		queues: []int64{brazilQueue}, typeID: 502, weight: 5, tags: []string{"reclamo", "vip"},
		subjects: []string{"Atraso na entrega", "Pedido não chegou ainda", "Onde está meu pedido?", "Rastreio parado"},
		openings: []string{"Oi, bom dia! Meu pedido {pedido} não chegou até agora", "Olá, comprei na {dia} e o rastreio tá parado", "Boa tarde, cadê minha encomenda? pedido {pedido}"},
		details:  []string{"Fiquei em casa o dia todo e ninguém passou", "O endereço tá certinho", "É presente, preciso até {dia}", "Se não chegar quero cancelar"},
		answers:  []string{"Verifiquei aqui: o pedido {pedido} está em rota de entrega.", "Abri uma reclamação com a transportadora, o prazo é de 24 h úteis.", "Reagendei a entrega para {dia}, tudo bem?"},
	},
	{
		queues: []int64{brazilQueue}, typeID: 512, weight: 3, tags: []string{"reincidente"},
		subjects: []string{"Cobrança em dobro", "Fatura duplicada", "Cobrança em dobro"},
		openings: []string{"Olá, fui cobrado duas vezes no cartão, R$ {monto}", "Bom dia, recebi a fatura {factura} em dobro"},
		details:  []string{"Segue o extrato", "O banco falou que é com vocês", "Já é a segunda vez que acontece"},
		answers:  []string{"Confirmei a duplicidade da {factura}. O estorno de R$ {monto} sai em até 5 dias úteis.", "Pode enviar o extrato sem os dados do cartão, por favor?"},
	},
	{
		queues: []int64{brazilQueue}, typeID: 526, weight: 3, tags: []string{"tienda online"},
		subjects: []string{"Quero devolver o produto", "Troca de tamanho", "Devolução do pedido"},
		openings: []string{"Oi! Quero devolver o pedido {pedido}, não serviu", "Boa tarde, como faço pra trocar o tamanho?"},
		details:  []string{"Tá com etiqueta, sem uso", "Quem paga o frete?", "Posso deixar nos correios?"},
		answers:  []string{"Claro! Vou enviar o código de postagem para o seu e-mail.", "Assim que chegar no centro de distribuição, fazemos a troca."},
	},
	{
		queues: []int64{brazilQueue}, typeID: 522, weight: 3, tags: []string{"garantía"},
		subjects: []string{"Aparelho não liga", "Produto com defeito", "Chegou quebrado"},
		openings: []string{"Comprei um {modelo} e não liga", "Olá, o produto chegou com a tela trincada 😡"},
		details:  []string{"Já testei em outra tomada", "Vou mandar as fotos", "Quero a troca, não o conserto"},
		answers:  []string{"Sinto muito pelo ocorrido. Com as fotos eu abro a troca em garantia.", "A coleta ficou agendada para {dia}."},
	},
	{
		queues: []int64{brazilQueue}, typeID: 542, weight: 3, tags: []string{"promo", "primera compra"},
		subjects: []string{"Preço e estoque", "Promoção ainda vale?", "Parcelamento sem juros"},
		openings: []string{"Oi, tem o {modelo} em estoque?", "Bom dia, a promoção do site ainda vale?"},
		details:  []string{"Entrega em Curitiba?", "E no pix tem desconto?", "Parcela em quantas vezes?"},
		answers:  []string{"Temos sim! Sai por R$ {monto} em até 10x sem juros.", "A promoção vai até {dia}, posso reservar para você?"},
	},
	{
		queues: []int64{brazilQueue}, typeID: 532, weight: 2, tags: []string{"tienda online"},
		subjects: []string{"Não consigo acessar minha conta", "Esqueci minha senha"},
		openings: []string{"Olá, não consigo entrar na minha conta", "O e-mail pra trocar a senha não chega"},
		details:  []string{"Já olhei no spam", "Troquei de celular", "Aparece usuário bloqueado"},
		answers:  []string{"Desbloqueei o acesso, tente em 10 minutos. Nunca pedimos a sua senha.", "Reenviei o link, ele vale por uma hora."},
	},
}

var portuguesePhrases = phrases{
	greetings:  []string{"Olá", "Bom dia,", "Boa tarde,", "Prezados,"},
	signOff:    []string{"Atenciosamente,", "Obrigado desde já.", "Abs,", "Fico no aguardo."},
	nudges:     []string{"Oi?", "Alguém aí?", "Alguma novidade?", "Continuo aguardando...", "??", "Vocês podem me responder por favor"},
	thanks:     []string{"Obrigada!", "Valeu, muito obrigado 🙌", "Perfeito, agradeço a ajuda", "Show, obrigado 👍"},
	chatter:    []string{"ok", "tá bom", "beleza, aguardo", "já fiz isso", "não, nada ainda", "isso mesmo", "quanto tempo demora?", "vou procurar aqui", "👍", "não entendi"},
	takeovers:  []string{"Olá {nombre}, aqui é {agente}. Já vou verificar.", "Oi {nombre}! Sou {agente}, como posso ajudar?"},
	fillers:    []string{"Só um momento, por favor.", "Ainda estou aguardando o retorno do setor.", "Pode confirmar seu CPF, por favor?", "Obrigado pela paciência, {nombre}.", "Pronto, ficou registrado."},
	closings:   []string{"Obrigado pelo contato, {nombre}! Tenha um ótimo dia.", "Resolvido! Qualquer coisa é só chamar."},
	bot:        []string{"Olá! Eu sou a Bia 🤖, assistente virtual. Me conta como posso ajudar ou digite *atendente* para falar com uma pessoa."},
	emoji:      []string{" 🙏", " 😡", " 😢", " 👍", " kkk", "!!", "...", " rs"},
	summary:    "O cliente escreve sobre: {subject}. Foi respondido e os próximos passos foram combinados.",
	angry:      []string{"Demoraram 4 dias para responder", "Péssimo atendimento, ninguém resolve", "O robô não entende nada!!", "encerraram o atendimento sem resolver 😡", "Tive que explicar tudo de novo para {agente}"},
	lukewarm:   []string{"Resolveu, mas demorou", "{agente} foi educado, só que o estorno ainda não caiu", "Mais ou menos", "atendimento ok, o prazo é que não foi cumprido"},
	happy:      []string{"Ótimo atendimento de {agente}!", "Muito rápido, obrigada 🙌", "Perfeito", "Resolveram na hora, nota 10", "Fui muito bem atendido por {agente}"},
	disclaimer: "Esta mensagem e seus anexos são confidenciais e destinados exclusivamente ao destinatário. Se você a recebeu por engano, apague-a e avise o remetente.",
	position:   "Atendimento ao cliente | {queue}",
}
