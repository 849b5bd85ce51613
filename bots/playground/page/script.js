// The story that the page can play: one complaint, from the first hello to the rating of the closed case. Everybody in it is invented.
//
// Buttons are named by what they do (the choice or the action behind them), not by their words, so that the words can change. story.js explains the steps.

const begun = (run) => run.hands.phone.messages().length > 0;

/** script is the list of steps. */
export const script = [
  {
    caption: { nl: "Noor is niet tevreden over een dienst. Zij opent de chat op haar telefoon.", en: "James is not satisfied with a service. He opens the chat on his telephone." },
    phone: { person: true },
  },
  // Who has talked before may be in the middle of something: that is put aside first.
  { phone: { type: "/cancel" }, when: begun },
  { phone: { press: "yes" }, unless: { phone: { hears: /./ } }, when: begun },
  { phone: { silence: true }, when: begun },
  { phone: { start: true } },
  {
    caption: { nl: "Eerst: wie leest dit, en mag het? Zonder ja wordt niets bewaard.", en: "First: who reads this, and is that all right? Nothing is kept without a yes." },
    phone: { press: "agree" }, unless: { phone: { press: "file" } },
  },
  {
    caption: { nl: "Een gesprek mag, maar Noor kiest de formele procedure: acht vragen.", en: "A talk is possible, but James chooses the formal procedure: eight questions." },
    phone: { press: "file" },
  },
  { phone: { type: { nl: "Noor Verzonnen", en: "James Invented" } } },
  {
    caption: { nl: "Klagen mag ook voor een ander, of samen. Noor doet het voor zichzelf.", en: "One may complain for somebody else, or together. James does it for himself." },
    phone: { press: "self" },
  },
  {
    caption: { nl: "De klacht gaat over Dewi. Noor weet niet dat Dewi zelf in de commissie zit.", en: "The complaint is about Dewi. James does not know that Dewi is in the committee." },
    phone: { type: { nl: "De planning door Dewi", en: "The planning by Dewi" } },
  },
  {
    caption: { nl: "Het verhaal mag in stukjes, in eigen woorden. Een knop zegt dat het klaar is.", en: "The story may come in pieces, in one's own words. A button says that it is finished." },
    phone: { type: { nl: "Het rapport over onze website kwam drie weken later dan was afgesproken.", en: "The report on our website came three weeks later than we had agreed." } },
  },
  { phone: { type: { nl: "Ik heb twee keer gebeld. Niemand belde terug, en onze eigen klant wachtte erop.", en: "I rang twice. Nobody rang back, and our own client was waiting for it." } } },
  { phone: { press: "done" } },
  { phone: { type: { nl: "In oktober, drie weken lang", en: "In October, for three weeks" } } },
  {
    caption: { nl: "De eigen woorden blijven staan. Wat er als datum in te lezen is, wordt nagevraagd.", en: "The words stay as they are. What reads as a date in them is asked back." },
    phone: { press: "yes" },
  },
  { phone: { press: "once" } },
  {
    caption: { nl: "Wie nog geen oplossing weet, slaat die vraag over.", en: "Whoever has no solution in mind skips that question." },
    phone: { press: "skip" },
  },
  { phone: { press: "yes" } },
  { phone: { type: { nl: "Met Dewi", en: "With Dewi" } } },
  { phone: { type: { nl: "Die zou mij terugbellen.", en: "I was promised a call back." } } },
  { phone: { press: "self" } },
  {
    caption: { nl: "Het telefoonnummer delen gaat met één druk; typen kan ook.", en: "One press shares the telephone number; typing works as well." },
    phone: { key: /./ },
  },
  { phone: { type: { nl: "noor@voorbeeld.invalid", en: "james@example.invalid" } } },
  {
    caption: { nl: "Nog één vraag, die beschermt: wie van de commissie moet hier buiten blijven?", en: "One more question, which protects: who of the committee should stay out of this?" },
    phone: { press: "nobody" },
  },
  {
    caption: { nl: "Alle antwoorden nog eens, en elk is te wijzigen. Dit klopt.", en: "All answers once more, and each can be changed. This is right." },
    phone: { press: "right" },
  },
  {
    caption: { nl: "De formele procedure begint alleen als de klager dat uitdrukkelijk wil.", en: "The formal procedure begins only at the complainant's express wish." },
    phone: { press: "formal" },
  },
  { phone: { remember: /[KG]-\d{4}-\d{4,}/, as: "case" } },
  {
    caption: { nl: "De zaak heet nu {case}. De ontvangstbevestiging ligt in het postvak.", en: "The case is now called {case}. The acknowledgement is in the mailbox." },
    mail: { open: 0 },
  },
  { rest: 1500 },

  // The screening: who is meant by the words stays out.
  {
    caption: { nl: "Voordat iemand iets ziet, zijn de woorden naast de namen in de werkruimte gelegd.", en: "Before anybody sees anything, the words are held against the names in the workspace." },
    slack: { as: "U4" },
  },
  { slack: { open: "public" } },
  {
    caption: { nl: "Dewi ziet dat er een zaak is, en verder niets: geen knop, geen kamer, geen woord.", en: "Dewi sees that there is a case, and nothing else: no button, no room, no word." },
    slack: { sees: "{case}" },
  },
  { rest: 1500 },
  {
    caption: { nl: "Wie de zaak wel mag zien, krijgt de kaart in een direct bericht.", en: "Whoever may see the case gets its card in a direct message." },
    slack: { as: { nl: "U2", en: "U3" } },
  },
  { slack: { open: "direct" } },
  {
    caption: { nl: "Bram neemt de zaak op zich en wordt vertrouwelijk vertegenwoordiger.", en: "Chris takes the case and becomes its confidential representative." },
    slack: { click: "take", in: "{case}" },
  },
  {
    caption: { nl: "Daarmee krijgt de zaak een eigen besloten kamer, zonder Dewi.", en: "With that the case gets a private room of its own, without Dewi." },
    slack: { open: "{case}" },
  },
  {
    caption: { nl: "De woorden staan in het dossier. Wie het leest, wordt opgeschreven.", en: "The words are in the file. Who reads it is written down." },
    slack: { click: "file" },
  },
  { slack: { sees: { nl: /Niemand belde terug/, en: /Nobody rang back/ } } },
  { rest: 1500 },
  { slack: { close: true } },
  {
    caption: { nl: "Een eerste oordeel: hoe ernstig is dit, en hoe dringend?", en: "A first assessment: how severe is this, and how urgent?" },
    slack: { click: "assess" },
  },
  { slack: { fill: { field: "severity", value: "middle" } } },
  { slack: { fill: { field: "urgency", value: "low" } } },
  { slack: { submit: true } },

  // The personal contact.
  {
    caption: { nl: "Bram belt Noor. Wat is afgesproken, krijgt Noor te lezen.", en: "Chris rings James. James gets to read what was agreed." },
    slack: { click: "speak" },
  },
  { slack: { fill: { field: "note", value: { nl: "Gebeld om 10 uur. Rustig gesprek.", en: "Rang at 10 o'clock. A calm talk." } } } },
  { slack: { fill: { field: "steps", value: { nl: "Wij vragen de planner wat er misging, en hoe wij dit voorkomen.", en: "We ask the planner what went wrong, and how we prevent it." } } } },
  { slack: { submit: true } },
  {
    caption: { nl: "Eerst laat het formulier zien wat de klager krijgt. Dan pas gaat het weg.", en: "First the form shows what the complainant will get. Only then it goes." },
    slack: { submit: true },
  },
  { phone: { hears: { nl: /planner wat er misging/, en: /planner what went wrong/ } } },
  {
    caption: { nl: "Praten in de kamer blijft in de kamer, tot iemand een bericht aan het dossier toevoegt.", en: "Talk in the room stays in the room, until somebody adds a message to the file." },
    slack: { command: { nl: "Anna, wil jij meelezen?", en: "Anna, would you read along?" } },
  },
  { slack: { shortcut: "add-to-file", in: { nl: "wil jij meelezen", en: "would you read along" } } },

  // The hearing of the person concerned, in Slack.
  {
    caption: { nl: "Ook Dewi moet gehoord worden. Zij wordt betrokkene in deze zaak.", en: "Dewi has to be heard as well. She becomes a person concerned in this case." },
    slack: { click: "hear" },
  },
  { slack: { click: "add-party" } },
  { slack: { fill: { field: "member", value: "U4" } } },
  { slack: { submit: true } },
  { slack: { click: "hear" } },
  { slack: { click: "invite" } },
  {
    caption: { nl: "Wat Dewi te lezen krijgt, schrijft de vertegenwoordiger. Het verhaal zelf gaat nooit mee.", en: "What Dewi gets to read is written by the representative. The story itself never goes along." },
    slack: {
      fill: {
        field: "text",
        value: {
          nl: "Een rapport kwam drie weken later dan was afgesproken, en er is niet teruggebeld. Hoe is dat gegaan?",
          en: "A report came three weeks later than agreed, and nobody rang back. How did that happen?",
        },
      },
    },
  },
  { slack: { submit: true } },
  { slack: { submit: true } },
  { caption: { nl: "Dewi krijgt een bericht zonder inhoud, met een knop.", en: "Dewi gets a message without content, with a button." }, slack: { as: "U4" } },
  { slack: { open: "direct" } },
  { slack: { click: "party", in: "{case}" } },
  { slack: { fill: { field: "answer", value: "account" } } },
  { slack: { fill: { field: "text", value: { nl: "Ik was twee weken ziek en niemand nam het over. Dat had ik moeten zeggen.", en: "I was ill for two weeks and nobody stood in. I should have said so." } } } },
  { slack: { submit: true } },
  { slack: { close: true } },
  { slack: { as: { nl: "U2", en: "U3" } } },
  { slack: { open: "{case}" } },
  {
    caption: { nl: "Wat Dewi zegt, staat in de kamer en in het dossier.", en: "What Dewi says is in the room and in the file." },
    slack: { sees: { nl: /twee weken ziek/, en: /ill for two weeks/ } },
  },

  // The consultation.
  {
    caption: { nl: "Dan een voorstel. Het gaat naar Noor en naar Dewi, ieder op een eigen manier.", en: "Then a proposal. It goes to James and to Dewi, to each in their own way." },
    slack: { click: "propose" },
  },
  {
    slack: {
      fill: {
        field: "solution",
        value: {
          nl: "Het volgende onderzoek is zonder kosten. Voortaan neemt iemand de planning over bij ziekte.",
          en: "The next test is free of charge. From now on somebody takes over the planning in case of illness.",
        },
      },
    },
  },
  { slack: { submit: true } },
  { slack: { submit: true } },
  { phone: { press: "agree" } },
  { caption: { nl: "Noor gaat akkoord.", en: "James agrees." }, phone: { press: "yes" } },
  { slack: { as: "U4" } },
  { slack: { open: "direct" } },
  { slack: { click: "consent", in: "{case}" } },
  { slack: { fill: { field: "answer", value: "agree" } } },
  { caption: { nl: "Dewi ook.", en: "So does Dewi." }, slack: { submit: true } },
  { slack: { close: true } },

  // The closing, with a point and a measure.
  { slack: { as: { nl: "U2", en: "U3" } } },
  { slack: { open: "{case}" } },
  {
    caption: { nl: "De zaak wordt afgesloten: per punt een oordeel met de reden, en een maatregel.", en: "The case is closed: for each point a verdict and why, and a measure." },
    slack: { click: "close" },
  },
  { slack: { click: "add-point" } },
  { slack: { fill: { field: "point-1-text", value: { nl: "Het rapport kwam te laat.", en: "The report was late." } } } },
  { slack: { fill: { field: "point-1-outcome", value: "upheld" } } },
  { slack: { fill: { field: "point-1-why", value: { nl: "De afgesproken dag was drie weken voorbij.", en: "The day agreed was three weeks past." } } } },
  { slack: { fill: { field: "outcome", value: "upheld" } } },
  {
    slack: {
      fill: {
        field: "solution",
        value: {
          nl: "Dat spijt ons. U krijgt het volgende onderzoek zonder kosten.",
          en: "We are sorry. Your next test is free of charge.",
        },
      },
    },
  },
  { slack: { click: "add-measure" } },
  { slack: { fill: { field: "measure-1-text", value: { nl: "Bij ziekte neemt een ander de planning over.", en: "In case of illness somebody else takes over the planning." } } } },
  { slack: { fill: { field: "measure-1-owner", value: { nl: "U3", en: "U2" } } } },
  { slack: { fill: { field: "measure-1-until", days: 21 } } },
  { slack: { submit: true } },
  { slack: { submit: true } },
  {
    caption: { nl: "Noor leest de oplossing in de chat, en krijgt haar op schrift in het postvak.", en: "James reads the solution in the chat, and gets it in writing in the mailbox." },
    phone: { hears: { nl: /zonder kosten/, en: /free of charge/ } },
  },
  { mail: { subject: /./, to: /noor|james/, open: 0 } },
  {
    caption: { nl: "Hoe was het? Noor mag het zeggen, en ook dat het niet is opgelost.", en: "How was it? James may say so, and also that it is not solved." },
    phone: { press: "rate" },
  },
  { phone: { press: "yes" } },
  { phone: { press: "yes" } },
  { phone: { press: "skip" } },
  { phone: { hears: { nl: /Dank u/, en: /Thank you/ } } },

  // What was promised stays on the clock.
  {
    caption: { nl: "De maatregel blijft op de klok. Wie hem op zich nam, meldt dat hij er is.", en: "The measure stays on the clock. Whoever took it on reports that it is done." },
    slack: { as: { nl: "U3", en: "U2" } },
  },
  { slack: { open: "direct" } },
  { slack: { click: "measured", in: "{case}" } },
  { slack: { submit: true } },
  { slack: { as: "U4" } },
  { slack: { open: "public" } },
  { caption: { nl: "De zaak is gesloten. Dewi ziet niet meer dan dat.", en: "The case is closed. Dewi sees no more than that." }, rest: 2500 },
];
