package text

import (
	"strings"
	"testing"
)

func TestAMailServersWarningOnTopIsFoldedAndNothingBelowIt(t *testing.T) {
	for _, warning := range []string{
		"CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.",
		"CAUTION: This email originated from outside your organisation. Do not click links unless you recognise the sender.",
		"CAUTION:\nThis email originated from outside of the organization.\nDo not click links or open attachments unless you recognize the sender.",
		"CAUTION: This email originated from outside of the organization. Do not click\nlinks or open attachments unless you recognize the sender and know the\ncontent is safe.",
		"[EXTERNAL EMAIL] DO NOT CLICK links or attachments unless you recognize the sender and know the content is safe.",
		"***EXTERNAL EMAIL: Use caution with links and attachments.***",
		"This message came from outside your organization.",
		"This Message Is From an External Sender\nThis message came from outside your organization.",
		"Warning: this message originated outside the company network.",
		"[EXTERNAL]",
		"[External Sender]",
		"WARNING: External email",
		"You don't often get email from ana@example.com. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
		"Some people who received this message don’t often get email from ana@example.com. Learn why this is important",
		"ATENCIÓN: Este correo proviene de un remitente externo. No haga clic en enlaces ni abra archivos adjuntos salvo que reconozca al remitente.",
		"PRECAUCIÓN: Este mensaje se originó fuera de la organización. No haga clic en vínculos ni abra adjuntos a menos que conozca al remitente.",
		"⚠️ CORREO EXTERNO: tenga precaución con los enlaces y los archivos adjuntos.",
		"Este correo electrónico proviene de un remitente externo",
		"Este mensaje fue enviado desde fuera de nuestra organización.",
		"No suele recibir correos electrónicos de ana@example.com. Por qué esto es importante",
		"CUIDADO: mensagem externa. Não clique em links nem abra anexos se não conhecer o remetente.",
		"Atenção: este e-mail foi enviado por um remetente externo. Não abra anexos de origem desconhecida.",
		"Esta mensagem veio de fora da empresa.",
		"Você não costuma receber e-mails de ana@example.com. Saiba por que isso é importante",
		"== E-MAIL EXTERNO ==",
	} {
		for _, below := range []string{"Hola, no anda.", "no anda el portón", "hi, it leaks", "Buen día:"} {
			for _, gap := range []string{"\n", "\n\n"} {
				want := "[disclaimer]" + gap + below
				if got := Said(warning + gap + below); got != want {
					t.Errorf("%q above %q became %q", warning, below, got)
				}
			}
		}
	}
}

func TestAPersonsOwnWordsOnTopAreNoWarning(t *testing.T) {
	for _, own := range []string{
		"Caution: this email is long and I wrote it outside.",
		"Atención: este correo lo mando desde fuera de la empresa.",
		"Este correo lo envío desde fuera de la organización",
		"Este correo vino de un remitente externo y trae un enlace. Lo reenvío para que lo revisen.",
		"Atención: no hagan clic en los enlaces que llegan de remitentes externos con el logo de ustedes.",
		"Atenção: não cliquem no link do boleto, veio de um remetente externo.",
		"Cuidado: mensagem externa aparece em todos os e-mails que vocês mandam.",
		"[EXTERNAL] is now in front of every subject that you send.",
		"External monitor 2 stays black",
		"Aviso: el portón de afuera queda cerrado, no abra el garaje.",
		"This message is for the external sales team",
		"You don't often get email from me, but this is important: the roof leaks.",
		"Você não costuma receber reclamações minhas.",
		"Alerta: el sensor externo marca fuera de rango, no abra la válvula.",
		"Este mensaje es de un cliente de fuera de Lima",
	} {
		content := own + "\n\nAna"
		if got := Said(content); got != content {
			t.Errorf("%q became %q", own, got)
		}
	}
}

func TestAWarningThatSomebodyTellsOfStays(t *testing.T) {
	const warning = "CUIDADO: Este correo fue enviado desde fuera de la organización. No abra adjuntos si no conoce al remitente."
	content := "Sus correos llegan con esto arriba:\n\n" + warning + "\n\n¿Cambiaron algo?"
	if got := Said(content); got != content {
		t.Errorf("it became %q", got)
	}
	if got := Said(strings.Repeat(warning+"\n", 3) + "\nHola."); got != "[disclaimer]\n\nHola." {
		t.Errorf("three of them became %q", got)
	}
}
