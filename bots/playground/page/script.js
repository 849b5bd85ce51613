// The story that the page can play: one complaint, from the first hello to the closed case. Everybody in it is invented.
//
// Buttons are named by what they do (the choice or the action behind them), not by their words, so that the words can change. story.js explains the steps.

// How often the owner of the story's case was reminded of it, in direct messages.
const reminders = (state, number) => (state.slack.channels ?? []).filter((channel) => channel.dm_with).flatMap((channel) => channel.messages)
  .filter((message) => JSON.stringify(message).includes(number)).length;

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
  { phone: { type: { nl: "Het onderzoek van onze website", en: "The security test of our website" } } },
  {
    caption: { nl: "Het verhaal mag in stukjes, in eigen woorden. Een knop zegt dat het klaar is.", en: "The story may come in pieces, in one's own words. A button says that it is finished." },
    phone: { type: { nl: "Het rapport kwam drie weken later dan was afgesproken.", en: "The report came three weeks later than we had agreed." } },
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
  { phone: { type: { nl: "Met de planner", en: "With the planner" } } },
  { phone: { type: { nl: "Die zou mij terugbellen.", en: "The planner was going to ring me back." } } },
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
  { rest: 2500 },
  {
    caption: { nl: "Aan de andere kant ziet de commissie een kaart, zonder één woord van de klacht.", en: "On the other side the committee sees a card, without a word of the complaint." },
    slack: { as: { nl: "U2", en: "U3" } },
  },
  { slack: { open: "public" } },
  {
    caption: { nl: "Een lid neemt de zaak op zich en wordt vertrouwelijk vertegenwoordiger.", en: "A member takes the case and becomes its confidential representative." },
    slack: { click: "take", in: "{case}" },
  },
  {
    caption: { nl: "Daarmee krijgt de zaak een eigen besloten kamer.", en: "With that the case gets a private room of its own." },
    slack: { open: "{case}" },
  },
  {
    caption: { nl: "De woorden staan in het dossier. Wie het leest, wordt opgeschreven.", en: "The words are in the file. Who reads it is written down." },
    slack: { click: "file" },
  },
  { slack: { sees: { nl: /Niemand belde terug/, en: /Nobody rang back/ } } },
  { rest: 2500 },
  { slack: { close: true } },
  {
    caption: { nl: "Schrijven aan de klager gaat met een formulier, nooit vanzelf.", en: "Writing to the complainant is done with a form, never by itself." },
    slack: { click: "write" },
  },
  {
    slack: {
      fill: {
        field: "text",
        value: {
          nl: "Dank u dat u ons dit vertelt. Ik wil u morgen graag bellen. Past 10 uur?",
          en: "Thank you for telling us. I should like to ring you tomorrow. Would 10 o'clock suit you?",
        },
      },
    },
  },
  { slack: { submit: true } },
  {
    caption: { nl: "Eerst laat het formulier zien wat de klager krijgt. Dan pas gaat het weg.", en: "First the form shows what the complainant will get. Only then it goes." },
    rest: 1800,
  },
  { slack: { submit: true } },
  {
    caption: { nl: "Het bericht is er, en Noor kan antwoorden.", en: "The message has arrived, and James can answer." },
    phone: { press: "reply" },
  },
  { phone: { type: { nl: "Ja, 10 uur is goed. Dank u.", en: "Yes, 10 o'clock is fine. Thank you." } } },
  { phone: { press: "send" } },
  {
    caption: { nl: "Het antwoord staat in de kamer van de zaak.", en: "The answer is in the room of the case." },
    slack: { sees: { nl: /10 uur is goed/, en: /10 o'clock is fine/ } },
  },
  { caption: { nl: "De klok gaat een dag verder. Het telefoongesprek is geweest.", en: "The clock goes on a day. The telephone call has been." }, clock: "24h" },
  {
    caption: { nl: "Het persoonlijk contact komt in het dossier, met wat er is afgesproken.", en: "The personal contact goes into the file, with what was agreed." },
    slack: { click: "speak" },
  },
  { slack: { fill: { field: "note", value: { nl: "Gebeld om 10 uur. Rustig gesprek.", en: "Rang at 10 o'clock. A calm talk." } } } },
  { slack: { fill: { field: "steps", value: { nl: "Wij vragen de planner wat er misging, en hoe wij dit voorkomen.", en: "We ask the planner what went wrong, and how we prevent it." } } } },
  { slack: { submit: true } },
  { slack: { submit: true } },
  {
    caption: { nl: "Noor krijgt de afspraken te lezen.", en: "James gets to read what was agreed." },
    phone: { hears: { nl: /planner wat er misging/, en: /planner what went wrong/ } },
  },
  {
    caption: { nl: "Nu gaat de tijd voorbij. Drie dagen voor de uiterste datum vraagt de klok naar de reden.", en: "Now time passes. Three days before the deadline the clock asks for the reason." },
    // The first reminder comes a week before.
    clock: "24h", again: (state, memory, times) => reminders(state, memory.case) < 2 && times < 20,
  },
  {
    caption: { nl: "De herinnering komt als direct bericht bij wie de zaak heeft.", en: "The reminder comes as a direct message to whoever has the case." },
    slack: { open: "direct" },
  },
  { rest: 1500 },
  {
    caption: { nl: "Het lukt niet op tijd. De vertegenwoordiger geeft de reden en een nieuwe datum.", en: "It will not be done in time. The representative gives the reason and a new date." },
    slack: { click: "extend", in: "{case}" },
  },
  {
    slack: {
      fill: {
        field: "text",
        value: {
          nl: "De planner is ziek. Wij willen haar horen voordat wij iets besluiten.",
          en: "The planner is ill. We want to hear her before we decide anything.",
        },
      },
    },
  },
  { slack: { submit: true } },
  { slack: { submit: true } },
  {
    caption: { nl: "De klager hoort vóór de uiterste datum waarom het langer duurt, en tot wanneer.", en: "Before the deadline the complainant hears why it takes longer, and until when." },
    phone: { hears: { nl: /planner is ziek/, en: /planner is ill/ } },
  },
  { rest: 1500 },
  { clock: "24h" },
  { slack: { open: "{case}" } },
  {
    caption: { nl: "Dan is er een oplossing. De zaak wordt afgesloten.", en: "Then there is a solution. The case is closed." },
    slack: { click: "close" },
  },
  { slack: { fill: { field: "outcome", value: "upheld" } } },
  {
    slack: {
      fill: {
        field: "solution",
        value: {
          nl: "Het rapport kwam te laat en wij hadden moeten bellen. Dat spijt ons. U krijgt het volgende onderzoek zonder kosten, en voortaan belt de planner zelf als een datum schuift.",
          en: "The report was late and we should have rung. We are sorry. Your next test is free of charge, and from now on the planner rings you if a date moves.",
        },
      },
    },
  },
  { slack: { submit: true } },
  { slack: { submit: true } },
  {
    caption: { nl: "Noor leest de oplossing in de chat, en krijgt haar op schrift in het postvak.", en: "James reads the solution in the chat, and gets it in writing in the mailbox." },
    phone: { hears: { nl: /zonder kosten/, en: /free of charge/ } },
  },
  { mail: { open: 0 } },
  { slack: { open: "public" } },
  { caption: { nl: "De zaak is gesloten. De kaart in het kanaal zegt het ook.", en: "The case is closed. The card in the channel says so too." }, rest: 2500 },
];
