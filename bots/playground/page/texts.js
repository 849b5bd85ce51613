// The page's own words, Dutch and English side by side, so that a missing one shows. What the bots say comes from the program, not from here.

const texts = {
  "page.title": ["Gehoor: proberen", "Gehoor: try it out"],
  "page.claim": [
    "Een telefoon, een werkruimte en een postvak die alleen op deze computer bestaan.",
    "A telephone, a workspace and a mailbox that exist only on this computer.",
  ],
  "page.language": ["Taal van deze pagina", "Language of this page"],
  "page.rooms": ["Delen van de pagina", "Parts of the page"],
  "page.connecting": ["Verbinden…", "Connecting…"],
  "page.lost": ["De verbinding is weg. De pagina probeert het opnieuw.", "The connection is gone. The page tries again."],
  "page.close-notice": ["Melding sluiten", "Close notice"],
  "page.new": ["nieuw", "new"],
  "page.refused": ["Dat ging niet: {reason}", "That was refused: {reason}"],
  "page.unreachable": ["De demo antwoordt niet. Draait het programma nog?", "The demo does not answer. Is the program still running?"],

  "tab.telephone": ["Telefoon", "Telephone"],
  "tab.workspace": ["Werkruimte", "Workspace"],
  "tab.desk": ["Post en klok", "Mail and clock"],

  "phone.title": ["Telefoon", "Telephone"],
  "phone.person": ["Van wie is deze telefoon?", "Whose telephone is this?"],
  "phone.messages": ["Gesprek met {bot}", "Chat with {bot}"],
  "phone.input": ["Bericht", "Message"],
  "phone.input-hint": ["Bericht", "Message"],
  "phone.send": ["Verstuur", "Send"],
  "phone.attach": ["Iets meesturen", "Attach something"],
  "phone.commands": ["Opdrachten", "Commands"],
  "phone.menu": ["Menu", "Menu"],
  "phone.more": ["Meer over deze telefoon", "More about this telephone"],
  "phone.start": ["Start", "Start"],
  "phone.bot": ["bot", "bot"],
  "phone.typing": ["{bot} typt", "{bot} is typing"],
  "phone.photo": ["Foto", "Photo"],
  "phone.document": ["Document", "Document"],
  "phone.voice": ["Spraakbericht", "Voice message"],
  "phone.video": ["Video", "Video"],
  "phone.animation": ["Animatie", "Animation"],
  "phone.audio": ["Muziek", "Music"],
  "phone.video_note": ["Videobericht", "Video message"],
  "phone.choose-pictures": ["Foto's of video's kiezen", "Choose photographs or videos"],
  "phone.choose-files": ["Bestanden kiezen", "Choose files"],
  "phone.example": ["{what} (voorbeeld)", "{what} (example)"],
  "phone.several": ["meer tegelijk wordt een album", "several at once make an album"],
  "phone.sending": ["{name} wordt verstuurd", "{name} is being sent"],
  "phone.too-large": ["{name} is te groot voor deze demo. Het mag {limit} zijn.", "{name} is too large for this demo. It may be {limit}."],
  "phone.open": ["{name} openen", "Open {name}"],
  "phone.picture-of": ["Foto: {name}", "Photo: {name}"],
  "phone.sticker": ["Sticker", "Sticker"],
  "phone.contact": ["Eigen telefoonnummer delen", "Share my telephone number"],
  "phone.contact-card": ["Contact", "Contact"],
  "phone.location": ["Locatie", "Location"],
  "phone.caption-hint": ["met de tekst in het veld als bijschrift", "with the text in the field as its caption"],
  "phone.photo-name": ["foto.jpg", "photo.jpg"],
  "phone.document-name": ["brief.pdf", "letter.pdf"],
  "phone.voice-name": ["spraakbericht.ogg", "voice-message.ogg"],
  "phone.sticker-name": ["sticker.webp", "sticker.webp"],
  "phone.message-menu": ["Wat u met dit bericht kunt doen", "What you can do with this message"],
  "phone.edit": ["Wijzigen", "Edit"],
  "phone.copy": ["Tekst kopiëren", "Copy text"],
  "phone.editing": ["U wijzigt een bericht", "You are editing a message"],
  "phone.stop-editing": ["Niet wijzigen", "Stop editing"],
  "phone.edited": ["gewijzigd", "edited"],
  "phone.block": ["Bot blokkeren", "Block the bot"],
  "phone.unblock": ["Blokkering opheffen", "Unblock the bot"],
  "phone.blocked": ["{person} heeft de bot geblokkeerd.", "{person} has blocked the bot."],
  "phone.speaks-nl": ["Telefoon staat in het Nederlands", "Telephone is set to Dutch"],
  "phone.speaks-en": ["Telefoon staat in het Engels", "Telephone is set to English"],
  "phone.keyboard": ["Voorgestelde antwoorden", "Suggested answers"],
  "phone.empty": ["Nog geen berichten.", "No messages yet."],
  "phone.from-you": ["{person} zegt", "{person} says"],
  "phone.from-bot": ["{bot} zegt", "{bot} says"],
  "phone.no-one": ["Er is nog geen telefoon.", "There is no telephone yet."],

  "slack.title": ["Werkruimte", "Workspace"],
  "slack.member": ["Handel als", "Act as"],
  "slack.role-chair": ["voorzitter", "chair"],
  "slack.role-deputy": ["plaatsvervanger", "deputy"],
  "slack.role-substitute": ["vervanger", "substitute"],
  "slack.role-representative": ["vertegenwoordiger", "representative"],
  "slack.role-member": ["lid", "member"],
  "slack.gone": ["gedeactiveerd", "deactivated"],
  "slack.message-menu": ["Wat u met dit bericht kunt doen", "What you can do with this message"],
  "slack.take-out": ["{name} weglaten", "Leave {name} out"],
  "shortcut.add-to-file": ["Aan dossier toevoegen", "Add to the file"],
  "slack.places": ["Plaatsen in de werkruimte", "Places in the workspace"],
  "slack.channels": ["Kanalen", "Channels"],
  "slack.rooms": ["Besloten kamers", "Private rooms"],
  "slack.direct": ["Directe berichten", "Direct messages"],
  "slack.apps": ["App", "App"],
  "slack.home": ["Startpagina", "Home"],
  "slack.messages": ["Berichten in {place}", "Messages in {place}"],
  "slack.empty": ["Hier staat nog niets.", "Nothing here yet."],
  "slack.home-empty": ["De app heeft nog geen startpagina getoond.", "The app has not shown a home page yet."],
  "slack.composer": ["Bericht aan {place}", "Message to {place}"],
  "slack.composer-hint": ["Bericht, of /klacht", "Message, or /complaint"],
  "slack.send": ["Verstuur", "Send"],
  "slack.commands": ["Opdrachten", "Commands"],
  "slack.app": ["app", "app"],
  "slack.only-you": ["Alleen u ziet dit", "Only you can see this"],
  "slack.edited": ["gewijzigd", "edited"],
  "slack.pinned": ["vastgezet", "pinned"],
  "slack.reply": ["antwoord in draad", "reply in thread"],
  "slack.archived": ["Deze kamer is gearchiveerd.", "This room is archived."],
  "slack.private": ["besloten", "private"],
  "slack.members": ["{count} leden", "{count} members"],
  "slack.member-one": ["1 lid", "1 member"],
  "slack.show-places": ["Plaatsen tonen", "Show places"],
  "slack.unread": ["{count} nieuw", "{count} new"],
  "slack.choose": ["Kies…", "Choose…"],
  "slack.more": ["Meer", "More"],
  "slack.optional": ["niet verplicht", "optional"],
  "slack.close": ["Sluit", "Close"],
  "slack.stack": ["formulier {at} van {count}", "form {at} of {count}"],
  "slack.required": ["Vul dit in.", "Please fill this in."],
  "slack.choose-required": ["Maak een keuze.", "Please choose."],
  "slack.too-short": ["Ten minste {count} tekens.", "At least {count} characters."],
  "slack.too-long": ["Ten hoogste {count} tekens.", "At most {count} characters."],
  "slack.no-email": ["Dit is geen e-mailadres.", "This is not an e-mail address."],
  "slack.no-number": ["Dit is geen getal dat hier past.", "This is not a number that fits here."],
  "slack.no-url": ["Dit is geen webadres.", "This is not a web address."],
  "slack.not-shown": ["Dit onderdeel toont de demo niet: {type}", "The demo does not show this part: {type}"],
  "slack.picture": ["Afbeelding: {alt}", "Picture: {alt}"],
  "slack.confirm": ["Weet u het zeker?", "Are you sure?"],
  "slack.yes": ["Ja", "Yes"],
  "slack.no": ["Nee", "No"],
  "slack.date": ["Datum", "Date"],
  "slack.time": ["Tijd", "Time"],
  "slack.count": ["{used} van {limit}", "{used} of {limit}"],

  "people.menu": ["Mensen in de werkruimte", "People in the workspace"],
  "people.rename": ["{name} een andere naam geven", "Give {name} another name"],
  "people.deactivate": ["{name} deactiveren", "Deactivate {name}"],
  "people.reactivate": ["{name} weer toelaten", "Reactivate {name}"],
  "people.add": ["Iemand aan de werkruimte toevoegen", "Add somebody to the workspace"],
  "people.invented": ["Verzin een naam. De demo zet er (invented) achter.", "Make up a name. The demo puts (invented) behind it."],
  "people.name": ["Naam", "Name"],
  "people.language": ["Taal van diens Slack", "Language of their Slack"],
  "people.who": ["Wie", "Who"],
  "people.do-rename": ["Wijzig", "Change"],
  "people.do-add": ["Voeg toe", "Add"],
  "people.cancel": ["Annuleer", "Cancel"],

  "channel.menu": ["Meer over {place}", "More about {place}"],
  "channel.invite": ["Iemand toevoegen", "Add somebody"],
  "channel.do-invite": ["Voeg toe", "Add"],
  "channel.remove": ["Iemand verwijderen", "Remove somebody"],
  "channel.do-remove": ["Verwijder", "Remove"],
  "channel.remove-app": ["{app} verwijderen", "Remove {app}"],
  "channel.invite-app": ["{app} weer toevoegen", "Add {app} again"],
  "channel.rename": ["Naam wijzigen", "Rename"],
  "channel.archive": ["Archiveren", "Archive"],
  "channel.unarchive": ["Uit het archief halen", "Unarchive"],
  "channel.delete": ["Kanaal verwijderen", "Delete the channel"],
  "channel.delete-hint": ["Alles wat in {place} staat, is dan weg.", "Everything in {place} will be gone."],
  "channel.do-delete": ["Verwijder", "Delete"],

  "mail.link-outside": ["Deze link leidt naar buiten. De demo blijft op deze computer.", "This link leads outside. The demo stays on this computer."],
  "mail.title": ["Postvak", "Mailbox"],
  "mail.empty": ["Nog geen post.", "No mail yet."],
  "mail.letter": ["Brief", "Letter"],
  "mail.from": ["Van", "From"],
  "mail.to": ["Aan", "To"],
  "mail.as-letter": ["Opgemaakt", "Formatted"],
  "mail.as-text": ["Tekst", "Text"],
  "mail.attachments": ["Bijlagen", "Attachments"],
  "mail.no-subject": ["(geen onderwerp)", "(no subject)"],
  "mail.choose": ["Kies een brief om te lezen.", "Choose a letter to read."],
  "mail.none-way": ["Weergave", "View"],

  "clock.title": ["Klok", "Clock"],
  "clock.hour": ["Een uur verder", "An hour on"],
  "clock.day": ["Een dag verder", "A day on"],
  "clock.deadline": ["Naar de volgende uiterste datum", "To the next deadline"],
  "clock.next": ["Volgende uiterste datum", "Next deadline"],
  "clock.none": ["geen", "none"],
  "clock.today": ["vandaag", "today"],
  "clock.tomorrow": ["morgen", "tomorrow"],
  "clock.in-days": ["over {count} dagen", "in {count} days"],
  "clock.yesterday": ["gisteren", "yesterday"],
  "clock.days-ago": ["{count} dagen geleden", "{count} days ago"],

  "story.play": ["Speel het verhaal", "Play the story"],
  "story.in-dutch": ["in het Nederlands", "in Dutch"],
  "story.in-english": ["in het Engels", "in English"],
  "story.language": ["Taal van het verhaal", "Language of the story"],
  "story.pause": ["Pauze", "Pause"],
  "story.continue": ["Verder", "Continue"],
  "story.stop": ["Stop", "Stop"],
  "story.speed": ["Tempo", "Pace"],
  "story.slow": ["rustig", "calm"],
  "story.normal": ["gewoon", "normal"],
  "story.fast": ["snel", "fast"],
  "story.caption": ["Wat er gebeurt", "What is happening"],
  "story.stopped": ["Het verhaal is gestopt. U kunt zelf verder.", "The story has stopped. You can go on yourself."],
  "story.finished": ["Dit was het hele verhaal. Probeer het nu zelf.", "That was the whole story. Now try it yourself."],
  "story.stuck": ["Het verhaal wacht tevergeefs op: {step}", "The story waits in vain for: {step}"],

  "size.bytes": ["{count} bytes", "{count} bytes"],
  "size.kilobytes": ["{count} kB", "{count} kB"],
  "size.megabytes": ["{count} MB", "{count} MB"],
};

const languages = ["nl", "en"];
let language = "nl";

/** setLanguage chooses the language of the page's own words; anything but nl is English. */
export function setLanguage(chosen) {
  language = languages.includes(chosen) ? chosen : "en";
  document.documentElement.lang = language;
  document.title = t("page.title");
}

/** currentLanguage is "nl" or "en". */
export const currentLanguage = () => language;

/** locale is the language with the region whose way of writing dates and numbers is used. */
export const locale = () => (language === "nl" ? "nl-NL" : "en-GB");

/** t gives the text of a key in the chosen language, with {holes} filled. An unknown key is a mistake in the page, and is thrown. */
export function t(key, holes = {}) {
  const both = texts[key];
  if (!both) throw new Error(`no text with the key ${key}`);
  return both[languages.indexOf(language)].replace(/\{(\w+)\}/g, (whole, name) => (name in holes ? String(holes[name]) : whole));
}

/** known gives the text of a key, or what was given where there is no such key. */
export const known = (key, otherwise) => (key in texts ? t(key) : otherwise);

/** sizeOf writes a number of bytes. */
export function sizeOf(bytes) {
  if (bytes < 1000) return t("size.bytes", { count: bytes });
  const [unit, key, digits] = bytes < 1e6 ? [1e3, "size.kilobytes", 0] : [1e6, "size.megabytes", 1];
  return t(key, { count: new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(bytes / unit) });
}
